// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
func.func @concat_of_vectors(%x: tensor<4xf32>, %y: tensor<?x2xf32>) {
  // expected-error @+1 {{'ingot.concat' op expects lhs to be [?, static], got 'tensor<4xf32>'}}
  %0 = ingot.concat %x, %y : tensor<4xf32>, tensor<?x2xf32> -> tensor<?x6xf32>
  return
}

// -----

// (C1)
func.func @concat_to_too_narrow_a_row(%x: tensor<?x4xf32>, %y: tensor<?x2xf32>) {
  // expected-error @+1 {{'ingot.concat' op expects result to be [?, 6], got 'tensor<?x5xf32>'}}
  %0 = ingot.concat %x, %y : tensor<?x4xf32>, tensor<?x2xf32> -> tensor<?x5xf32>
  return
}

// -----

// (C1)
func.func @split_loses_a_value(%x: tensor<?x6xf32>) {
  // expected-error @+1 {{'ingot.split' op expects x to be [?, 5], got 'tensor<?x6xf32>'}}
  %0:2 = ingot.split %x : tensor<?x6xf32> -> tensor<?x3xf32>, tensor<?x2xf32>
  return
}

// -----

// (C1)
func.func @split_at_a_dynamic_place(%x: tensor<?x6xf32>) {
  // expected-error @+1 {{'ingot.split' op expects tail to be [?, static], got 'tensor<?x?xf32>'}}
  %0:2 = ingot.split %x : tensor<?x6xf32> -> tensor<?x3xf32>, tensor<?x?xf32>
  return
}
