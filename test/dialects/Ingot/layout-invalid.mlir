// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
func.func @transpose_of_rows_of_a_step(%x: tensor<?x8xf32>) {
  // expected-error @+1 {{'ingot.transpose' op expects a static [k, n] or [e, k, n], got 'tensor<?x8xf32>'}}
  %0 = ingot.transpose %x columns 0 to 8 : tensor<?x8xf32> -> tensor<8x?xf32>
  return
}

// -----

// (C1)
func.func @transpose_of_a_vector(%x: tensor<8xf32>) {
  // expected-error @+1 {{'ingot.transpose' op expects a static [k, n] or [e, k, n], got 'tensor<8xf32>'}}
  %0 = ingot.transpose %x columns 0 to 8 : tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

// (C2)
func.func @transpose_of_scaled_elements(%x: tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>) {
  // expected-error @+1 {{'ingot.transpose' op expects x of f32, f16 or bf16, got 'tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>'}}
  %0 = ingot.transpose %x columns 0 to 4 : tensor<8x4x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<4x8x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

// (C3)
func.func @transpose_of_more_columns_than_there_are(%x: tensor<8x4xf32>) {
  // expected-error @+1 {{'ingot.transpose' op expects some of 4 columns, got 2 to 6}}
  %0 = ingot.transpose %x columns 2 to 6 : tensor<8x4xf32> -> tensor<4x8xf32>
  return
}

// -----

// (C3)
func.func @transpose_of_no_columns(%x: tensor<8x4xf32>) {
  // expected-error @+1 {{'ingot.transpose' op expects some of 4 columns, got 2 to 2}}
  %0 = ingot.transpose %x columns 2 to 2 : tensor<8x4xf32> -> tensor<0x8xf32>
  return
}

// -----

// (C4)
func.func @transpose_that_leaves_rows_as_they_are(%x: tensor<2x8x4xf32>) {
  // expected-error @+1 {{'ingot.transpose' op expects result to be 'tensor<2x2x8xf32>', got 'tensor<2x8x2xf32>'}}
  %0 = ingot.transpose %x columns 0 to 2 : tensor<2x8x4xf32> -> tensor<2x8x2xf32>
  return
}

// -----

// (C4)
func.func @transpose_into_other_elements(%x: tensor<8x4xf32>) {
  // expected-error @+1 {{'ingot.transpose' op expects result to be 'tensor<4x8xf32>', got 'tensor<4x8xbf16>'}}
  %0 = ingot.transpose %x columns 0 to 4 : tensor<8x4xf32> -> tensor<4x8xbf16>
  return
}
