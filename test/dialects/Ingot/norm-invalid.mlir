// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
func.func @rms_norm_of_a_vector(%x: tensor<4xf32>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects x to be [?, static], got 'tensor<4xf32>'}}
  %0 = ingot.rms_norm %x, %x eps 1.0e-6 : tensor<4xf32>, tensor<4xf32>
  return
}

// -----

// (C1)
func.func @rms_norm_weight_too_short(%x: tensor<?x4xf32>, %w: tensor<3xbf16>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects weight to be [4], got 'tensor<3xbf16>'}}
  %0 = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x4xf32>, tensor<3xbf16>
  return
}

// -----

// (C1)
func.func @rms_norm_weight_of_unknown_length(%x: tensor<?x4xf32>, %w: tensor<?xbf16>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects weight to be [4], got 'tensor<?xbf16>'}}
  %0 = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x4xf32>, tensor<?xbf16>
  return
}

// -----

// (C2)
func.func @rms_norm_eps_zero(%x: tensor<?x4xf32>, %w: tensor<4xbf16>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects eps to be positive, got 0.000000e+00}}
  %0 = ingot.rms_norm %x, %w eps 0.0 : tensor<?x4xf32>, tensor<4xbf16>
  return
}

// -----

// (C2)
func.func @rms_norm_eps_not_a_number(%x: tensor<?x4xf32>, %w: tensor<4xbf16>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects eps to be positive, got 0x7FF8000000000000}}
  %0 = ingot.rms_norm %x, %w eps 0x7FF8000000000000 : tensor<?x4xf32>, tensor<4xbf16>
  return
}

// -----

// (C1)
func.func @add_rms_norm_weight_too_short(%x: tensor<?x4xf32>, %w: tensor<3xbf16>) {
  // expected-error @+1 {{'ingot.add_rms_norm' op expects weight to be [4], got 'tensor<3xbf16>'}}
  %0:2 = ingot.add_rms_norm %x, %x, %w eps 1.0e-6 : tensor<?x4xf32>, tensor<3xbf16>
  return
}

// -----

// (C2)
func.func @add_rms_norm_eps_negative(%x: tensor<?x4xf32>, %w: tensor<4xbf16>) {
  // expected-error @+1 {{'ingot.add_rms_norm' op expects eps to be positive, got -1.000000e+00}}
  %0:2 = ingot.add_rms_norm %x, %x, %w eps -1.0 : tensor<?x4xf32>, tensor<4xbf16>
  return
}

// -----

// (C1)
func.func @rms_norm_of_heads_with_the_weight_of_a_row(%x: tensor<?x8xf32>, %w: tensor<8xbf16>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects weight to be [4], got 'tensor<8xbf16>'}}
  %0 = ingot.rms_norm %x, %w heads 2 eps 1.0e-6 : tensor<?x8xf32>, tensor<8xbf16>
  return
}

// -----

// (C3)
func.func @rms_norm_heads_do_not_divide_the_width(%x: tensor<?x8xf32>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects heads to divide the width 8, got 3}}
  %0 = ingot.rms_norm %x heads 3 eps 1.0e-6 : tensor<?x8xf32>
  return
}

// -----

// (C3)
func.func @rms_norm_of_no_heads(%x: tensor<?x8xf32>) {
  // expected-error @+1 {{'ingot.rms_norm' op expects heads to divide the width 8, got 0}}
  %0 = ingot.rms_norm %x heads 0 eps 1.0e-6 : tensor<?x8xf32>
  return
}
