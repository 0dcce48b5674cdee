// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @rms_norm
// CHECK:       ingot.rms_norm %{{.*}}, %{{.*}} eps 9.99{{[0-9E.-]*}} : tensor<?x256xf32>, tensor<256xbf16>{{$}}
func.func @rms_norm(%x: tensor<?x256xf32>, %w: tensor<256xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @add_rms_norm
// CHECK:       ingot.add_rms_norm %{{.*}}, %{{.*}}, %{{.*}} eps 9.99{{[0-9E.-]*}} : tensor<?x256xf32>, tensor<256xbf16>{{$}}
func.func @add_rms_norm(%x: tensor<?x256xf32>, %y: tensor<?x256xf32>, %w: tensor<256xbf16>) -> (tensor<?x256xf32>, tensor<?x256xf32>) {
  %0:2 = ingot.add_rms_norm %x, %y, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
  return %0#0, %0#1 : tensor<?x256xf32>, tensor<?x256xf32>
}

// CHECK-LABEL: func.func @rms_norm_of_heads
// CHECK:       ingot.rms_norm %{{.*}}, %{{.*}} heads 4 eps 9.99{{[0-9E.-]*}} : tensor<?x256xf32>, tensor<64xbf16>{{$}}
func.func @rms_norm_of_heads(%x: tensor<?x256xf32>, %w: tensor<64xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.rms_norm %x, %w heads 4 eps 1.0e-6 : tensor<?x256xf32>, tensor<64xbf16>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @weightless_rms_norm
// CHECK:       ingot.rms_norm %{{.*}} heads 4 eps 9.99{{[0-9E.-]*}} : tensor<?x256xf32>{{$}}
func.func @weightless_rms_norm(%x: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %0 = ingot.rms_norm %x heads 4 eps 1.0e-6 : tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}
