// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
func.func @quantize_vector(%x: tensor<4xbf16>) {
  // expected-error @+1 {{'ingot.quantize' op expects a static [n, k] or [e, n, k] and a result of its shape, got 'tensor<4xbf16>' and 'tensor<4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>'}}
  %0 = ingot.quantize %x : tensor<4xbf16> -> tensor<4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

// (C1)
func.func @quantize_rows_of_a_step(%x: tensor<?x4xbf16>) {
  // expected-error @+1 {{'ingot.quantize' op expects a static [n, k] or [e, n, k] and a result of its shape, got 'tensor<?x4xbf16>' and 'tensor<?x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>'}}
  %0 = ingot.quantize %x : tensor<?x4xbf16> -> tensor<?x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

// (C1)
func.func @quantize_to_another_shape(%x: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.quantize' op expects a static [n, k] or [e, n, k] and a result of its shape, got 'tensor<8x4xbf16>' and 'tensor<4x8x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>'}}
  %0 = ingot.quantize %x : tensor<8x4xbf16> -> tensor<4x8x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

// (C2)
func.func @quantize_what_is_quantised(%x: tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>) {
  // expected-error @+1 {{'ingot.quantize' op expects x of f32, f16 or bf16, got 'tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>'}}
  %0 = ingot.quantize %x : tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

// (C3)
func.func @quantize_without_scales(%x: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.quantize' op expects a result of f8E4M3FN with f32 scales, got 'tensor<8x4xf8E4M3FN>'}}
  %0 = ingot.quantize %x : tensor<8x4xbf16> -> tensor<8x4xf8E4M3FN>
  return
}

// -----

// (C3)
func.func @quantize_to_another_format(%x: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.quantize' op expects a result of f8E4M3FN with f32 scales, got 'tensor<8x4x!ingot.scaled<f8E5M2, block = 128x128, scale = f32>>'}}
  %0 = ingot.quantize %x : tensor<8x4xbf16> -> tensor<8x4x!ingot.scaled<f8E5M2, block = 128x128, scale = f32>>
  return
}

// -----

// (C3)
func.func @quantize_with_scales_of_another_type(%x: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.quantize' op expects a result of f8E4M3FN with f32 scales, got 'tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = bf16>>'}}
  %0 = ingot.quantize %x : tensor<8x4xbf16> -> tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = bf16>>
  return
}
