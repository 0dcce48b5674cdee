// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @transpose
// CHECK:       ingot.transpose %{{.*}} columns 0 to 128 : tensor<256x128xbf16> -> tensor<128x256xbf16>{{$}}
func.func @transpose(%x: tensor<256x128xbf16>) -> tensor<128x256xbf16> {
  %0 = ingot.transpose %x columns 0 to 128 : tensor<256x128xbf16> -> tensor<128x256xbf16>
  return %0 : tensor<128x256xbf16>
}

// CHECK-LABEL: func.func @transpose_half_of_each_expert
// CHECK:       ingot.transpose %{{.*}} columns 64 to 128 : tensor<16x256x128xf32> -> tensor<16x64x256xf32>{{$}}
func.func @transpose_half_of_each_expert(%x: tensor<16x256x128xf32>) -> tensor<16x64x256xf32> {
  %0 = ingot.transpose %x columns 64 to 128 : tensor<16x256x128xf32> -> tensor<16x64x256xf32>
  return %0 : tensor<16x64x256xf32>
}
