// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @rms_norm
// CHECK:       ingot.rms_norm %{{.*}}, %{{.*}} eps 9.99{{[0-9E.-]*}} : tensor<?x256xf32>, tensor<256xbf16>{{$}}
func.func @rms_norm(%x: tensor<?x256xf32>, %w: tensor<256xbf16>) -> tensor<?x256xf32> {
  %0 = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
  return %0 : tensor<?x256xf32>
}
