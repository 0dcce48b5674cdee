// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @quantize
// CHECK:       ingot.quantize %{{.*}} : tensor<576x256xbf16> -> tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>{{$}}
func.func @quantize(%x: tensor<576x256xbf16>) -> tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {
  %0 = ingot.quantize %x : tensor<576x256xbf16> -> tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return %0 : tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
}

// CHECK-LABEL: func.func @quantize_stack
// CHECK:       tensor<16x128x256xf16> -> tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 32x64, scale = f32>>{{$}}
func.func @quantize_stack(%x: tensor<16x128x256xf16>) -> tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 32x64, scale = f32>> {
  %0 = ingot.quantize %x : tensor<16x128x256xf16> -> tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 32x64, scale = f32>>
  return %0 : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 32x64, scale = f32>>
}
