// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @add
// CHECK:       ingot.add %{{.*}}, %{{.*}} : tensor<?x256xf32>{{$}}
func.func @add(%x: tensor<?x256xf32>, %y: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %0 = ingot.add %x, %y : tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @concat
// CHECK:       ingot.concat %{{.*}}, %{{.*}} : tensor<?x256xf32>, tensor<?x32xf32> -> tensor<?x288xf32>{{$}}
func.func @concat(%x: tensor<?x256xf32>, %y: tensor<?x32xf32>) -> tensor<?x288xf32> {
  %0 = ingot.concat %x, %y : tensor<?x256xf32>, tensor<?x32xf32> -> tensor<?x288xf32>
  return %0 : tensor<?x288xf32>
}

// CHECK-LABEL: func.func @split
// CHECK:       ingot.split %{{.*}} : tensor<?x160xf32> -> tensor<?x128xf32>, tensor<?x32xf32>{{$}}
func.func @split(%x: tensor<?x160xf32>) -> (tensor<?x128xf32>, tensor<?x32xf32>) {
  %0:2 = ingot.split %x : tensor<?x160xf32> -> tensor<?x128xf32>, tensor<?x32xf32>
  return %0#0, %0#1 : tensor<?x128xf32>, tensor<?x32xf32>
}

// CHECK-LABEL: func.func @swiglu
// CHECK:       ingot.swiglu %{{.*}}, %{{.*}} : tensor<?x512xf32>{{$}}
func.func @swiglu(%gate: tensor<?x512xf32>, %up: tensor<?x512xf32>) -> tensor<?x512xf32> {
  %0 = ingot.swiglu %gate, %up : tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}
