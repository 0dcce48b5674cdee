// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @embed
// CHECK:       ingot.embed %{{.*}}, %{{.*}} : tensor<2048x256xbf16> -> tensor<?x256xf32>{{$}}
func.func @embed(%batch: !ingot.batch, %table: tensor<2048x256xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.embed %batch, %table : tensor<2048x256xbf16> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @logits
// CHECK:       ingot.logits %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x256xf32>, tensor<2048x256xbf16> -> tensor<?x2048xf32>{{$}}
func.func @logits(%x: tensor<?x256xf32>, %head: tensor<2048x256xbf16>, %batch: !ingot.batch) -> tensor<?x2048xf32> {
  %0 = ingot.logits %x, %head, %batch : tensor<?x256xf32>, tensor<2048x256xbf16> -> tensor<?x2048xf32>
  return %0 : tensor<?x2048xf32>
}

// CHECK-LABEL: func.func @choose
// CHECK:       ingot.choose %{{.*}}, %{{.*}} : tensor<?x2048xf32> -> tensor<?xi32>{{$}}
func.func @choose(%logits: tensor<?x2048xf32>, %batch: !ingot.batch) -> tensor<?xi32> {
  %0 = ingot.choose %logits, %batch : tensor<?x2048xf32> -> tensor<?xi32>
  return %0 : tensor<?xi32>
}

// An op may carry a tap, whatever it is.
// CHECK-LABEL: func.func @tapped
// CHECK:       ingot.embed {{.*}} {ingot.tap = "hidden.0"}
func.func @tapped(%batch: !ingot.batch, %table: tensor<2048x256xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.embed %batch, %table : tensor<2048x256xbf16> -> tensor<?x256xf32> {ingot.tap = "hidden.0"}
  return %0 : tensor<?x256xf32>
}
