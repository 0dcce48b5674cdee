// RUN: ingot-interpret %s | FileCheck %s

// Row 0 is (3, 4): mean of squares 12.5, root 3.53553; 3 / 3.53553 = 0.848528,
// 4 / 3.53553 * 2 = 2.26274. The mean is not subtracted (that would be a layer
// norm: -1 and 2), and each row has its own.
// CHECK-LABEL: @each_row_by_its_own_root_mean_square
// CHECK-NEXT:  tensor<2x2xf32> {{\[}}[0.848528, 2.26274], [1, 2]]
func.func @each_row_by_its_own_root_mean_square() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[3.0, 4.0], [100.0, 100.0]]> : tensor<2x2xf32>
  %w = arith.constant dense<[1.0, 2.0]> : tensor<2xbf16>
  %0 = ingot.rms_norm %x, %w eps 1.0e-12 : tensor<2x2xf32>, tensor<2xbf16>
  return %0 : tensor<2x2xf32>
}

// eps stands under the root: 1 / sqrt(1 + 3) = 0.5, not 1 / (1 + 3) = 0.25.
// A row of zeros gives zeros.
// CHECK-LABEL: @eps_under_the_root
// CHECK-NEXT:  tensor<2x1xf32> {{\[}}[0.5], [0]]
func.func @eps_under_the_root() -> tensor<2x1xf32> {
  %x = arith.constant dense<[[1.0], [0.0]]> : tensor<2x1xf32>
  %w = arith.constant dense<[1.0]> : tensor<1xf32>
  %0 = ingot.rms_norm %x, %w eps 3.0 : tensor<2x1xf32>, tensor<1xf32>
  return %0 : tensor<2x1xf32>
}

// Two heads of one row, (3, 4) and (100, 100), each by its own root mean square and
// with the same weight. By that of the whole row, 70.7991, they would be 0.0424, 0.113
// and 1.41, 2.82.
// CHECK-LABEL: @each_head_by_its_own_root_mean_square
// CHECK-NEXT:  tensor<1x4xf32> {{\[}}[0.848528, 2.26274, 1, 2]]
func.func @each_head_by_its_own_root_mean_square() -> tensor<1x4xf32> {
  %x = arith.constant dense<[[3.0, 4.0, 100.0, 100.0]]> : tensor<1x4xf32>
  %w = arith.constant dense<[1.0, 2.0]> : tensor<2xbf16>
  %0 = ingot.rms_norm %x, %w heads 2 eps 1.0e-12 : tensor<1x4xf32>, tensor<2xbf16>
  return %0 : tensor<1x4xf32>
}

// CHECK-LABEL: @without_a_weight_the_factor_is_one
// CHECK-NEXT:  tensor<1x4xf32> {{\[}}[0.848528, 1.13137, 1, 1]]
func.func @without_a_weight_the_factor_is_one() -> tensor<1x4xf32> {
  %x = arith.constant dense<[[3.0, 4.0, 100.0, 100.0]]> : tensor<1x4xf32>
  %0 = ingot.rms_norm %x heads 2 eps 1.0e-12 : tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
