// RUN: ingot-opt %s --ingot-fuse-gate-up -split-input-file -verify-diagnostics | FileCheck %s

// Two rows of 8 floats are not written and not read: 2 * 2 * 8 * 4 = 128 bytes.
// CHECK-LABEL: func.func @swiglu_of_two_products
// expected-remark @below {{gates fused into their products: 2 launches a step, of which 1 waited for another, and 128 bytes a token less}}
func.func @swiglu_of_two_products(%x: tensor<?x4xf32>, %gate: tensor<8x4xbf16>, %up: tensor<8x4xbf16>) -> tensor<?x8xf32> {
  // CHECK-NEXT: %[[Y:.*]] = ingot.gated_linear %arg0, %arg1, %arg2
  // CHECK-NEXT: return %[[Y]]
  %g = ingot.linear %x, %gate : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %u = ingot.linear %x, %up : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %0 = ingot.swiglu %g, %u : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// CHECK-LABEL: func.func @products_of_different_rows
func.func @products_of_different_rows(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>, %w: tensor<8x4xbf16>) -> tensor<?x8xf32> {
  // CHECK-NOT: ingot.gated_linear
  %g = ingot.linear %x, %w : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %u = ingot.linear %y, %w : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %0 = ingot.swiglu %g, %u : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// CHECK-LABEL: func.func @gate_in_another_format
func.func @gate_in_another_format(%x: tensor<?x4xf32>, %gate: tensor<8x4xf32>, %up: tensor<8x4xbf16>) -> tensor<?x8xf32> {
  // CHECK-NOT: ingot.gated_linear
  %g = ingot.linear %x, %gate : tensor<?x4xf32>, tensor<8x4xf32> -> tensor<?x8xf32>
  %u = ingot.linear %x, %up : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %0 = ingot.swiglu %g, %u : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// -----

// CHECK-LABEL: func.func @product_with_another_reader
func.func @product_with_another_reader(%x: tensor<?x4xf32>, %w: tensor<8x4xbf16>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  // CHECK-NOT: ingot.gated_linear
  %g = ingot.linear %x, %w : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %u = ingot.linear %x, %w : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %0 = ingot.swiglu %g, %u : tensor<?x8xf32>
  return %0, %u : tensor<?x8xf32>, tensor<?x8xf32>
}

// -----

// CHECK-LABEL: func.func @product_with_a_bias
func.func @product_with_a_bias(%x: tensor<?x4xf32>, %gate: tensor<8x4xbf16>, %up: tensor<8x4xbf16>, %b: tensor<8xbf16>) -> tensor<?x8xf32> {
  // CHECK-NOT: ingot.gated_linear
  %g = ingot.linear %x, %gate bias %b : tensor<8xbf16> : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %u = ingot.linear %x, %up : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  %0 = ingot.swiglu %g, %u : tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}
