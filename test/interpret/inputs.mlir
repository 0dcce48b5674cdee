// RUN: ingot-interpret %s | FileCheck %s
// RUN: ingot-interpret %s --precision f64 | FileCheck %s

// In bf16, 1 + 2^-8 lies in the middle between 1 and 1 + 2^-7 and goes to the even
// one, 1; 1 + 3 * 2^-8 goes to 1 + 2^-6 = 1.015625 (printed in six digits).
// CHECK: tensor<1x2xf32> {{\[}}[1, 1.01562]]
func.func @bf16_to_the_nearest() -> tensor<1x2xf32> {
  %x = arith.constant dense<[[1.00390625, 1.01171875]]> : tensor<1x2xf32>
  %w = arith.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xf32>
  %0 = ingot.linear %x, %w inputs bf16 : tensor<1x2xf32>, tensor<2x2xf32> -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// In E4M3 each row has a scale: here 896 / 448 = 2 and 448 / 448 = 1, so 17 is
// 8.5 * 2, which goes to 8 * 2 or 9 * 2, even first: 16; with scale 1, 17 is in the
// middle between 16 and 18.
// CHECK: tensor<2x2xf32> {{\[}}[896, 16], [448, 16]]
func.func @e4m3_by_the_largest_of_a_row() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[896.0, 17.0], [448.0, 17.0]]> : tensor<2x2xf32>
  %w = arith.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xf32>
  %0 = ingot.linear %x, %w inputs f8E4M3FN : tensor<2x2xf32>, tensor<2x2xf32> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// silu(4) * 4 = 15.7122 before rounding. What meets gate and up: 4.01 goes to 4
// in bf16 (steps of 2^-5 there).
// CHECK: tensor<1x1xf32> {{\[}}[15.712
func.func @gated_linear_rounds_before_both() -> tensor<1x1xf32> {
  %x = arith.constant dense<[[4.01]]> : tensor<1x1xf32>
  %w = arith.constant dense<[[1.0]]> : tensor<1x1xf32>
  %0 = ingot.gated_linear %x, %w, %w inputs bf16 : tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32> -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// Experts round twice: 4.01 to 4, and silu(4) * 4 = 15.7122 to 15.6875 (steps of
// 2^-4 there).
// CHECK: tensor<1x1xf32> {{\[}}[15.6875]]
func.func @experts_round_before_down_too() -> tensor<1x1xf32> {
  %x = arith.constant dense<[[4.01]]> : tensor<1x1xf32>
  %weight = arith.constant dense<[[1.0]]> : tensor<1x1xf32>
  %index = arith.constant dense<[[0]]> : tensor<1x1xi32>
  %w = arith.constant dense<[[[1.0]]]> : tensor<1x1x1xf32>
  %0 = ingot.experts %x, %weight, %index, %w, %w, %w inputs bf16 : tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xi32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
  return %0 : tensor<1x1xf32>
}
