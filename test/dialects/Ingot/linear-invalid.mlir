// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
func.func @linear_of_a_vector(%x: tensor<4xf32>, %w: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.linear' op expects x to be [?, static], got 'tensor<4xf32>'}}
  %0 = ingot.linear %x, %w : tensor<4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C1)
func.func @linear_weight_transposed(%x: tensor<?x4xf32>, %w: tensor<4x8xbf16>) {
  // expected-error @+1 {{'ingot.linear' op expects weight to be [?, 4], got 'tensor<4x8xbf16>'}}
  %0 = ingot.linear %x, %w : tensor<?x4xf32>, tensor<4x8xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C1)
func.func @linear_result_of_another_width(%x: tensor<?x4xf32>, %w: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.linear' op expects result to be [?, 8], got 'tensor<?x4xf32>'}}
  %0 = ingot.linear %x, %w : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C1)
func.func @gated_linear_of_other_columns(%x: tensor<?x8xf32>, %w: tensor<4x6xf32>) {
  // expected-error @+1 {{'ingot.gated_linear' op expects gate to be [?, 8], got 'tensor<4x6xf32>'}}
  %0 = ingot.gated_linear %x, %w, %w : tensor<?x8xf32>, tensor<4x6xf32>, tensor<4x6xf32> -> tensor<?x4xf32>
  return
}

// -----

// (C1)
func.func @gate_and_up_of_unequal_rows(%x: tensor<?x8xf32>, %gate: tensor<4x8xf32>, %up: tensor<5x8xf32>) {
  // expected-error @+1 {{'ingot.gated_linear' op expects up to be [4, 8], got 'tensor<5x8xf32>'}}
  %0 = ingot.gated_linear %x, %gate, %up : tensor<?x8xf32>, tensor<4x8xf32>, tensor<5x8xf32> -> tensor<?x4xf32>
  return
}

// -----

// (C2)
func.func @linear_bias_as_wide_as_the_input(%x: tensor<?x4xf32>, %w: tensor<8x4xbf16>, %b: tensor<4xbf16>) {
  // expected-error @+1 {{'ingot.linear' op expects bias to be [8], got 'tensor<4xbf16>'}}
  %0 = ingot.linear %x, %w bias %b : tensor<4xbf16> : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C3)
func.func @linear_of_inputs_in_f16(%x: tensor<?x4xf32>, %w: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.linear' op expects inputs of bf16 or f8E4M3FN, got 'f16'}}
  %0 = ingot.linear %x, %w inputs f16 : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C2)
func.func @gated_linear_of_inputs_in_f32(%x: tensor<?x4xf32>, %w: tensor<8x4xbf16>) {
  // expected-error @+1 {{'ingot.gated_linear' op expects inputs of bf16 or f8E4M3FN, got 'f32'}}
  %0 = ingot.gated_linear %x, %w, %w inputs f32 : tensor<?x4xf32>, tensor<8x4xbf16>, tensor<8x4xbf16> -> tensor<?x8xf32>
  return
}
