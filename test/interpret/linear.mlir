// RUN: ingot-interpret %s | FileCheck %s
// RUN: ingot-interpret %s --precision f64 | FileCheck %s

// The weight is [out, in], as checkpoints store it: row n holds what output n
// multiplies with. Row 0 of x is (1, 2, 3):
//   (1, 2, 3) . (1, 0, 0) = 1 and (1, 2, 3) . (1, 1, 1) = 6.
// A transposed reading would not even have the right shape.

// CHECK: tensor<2x2xf32> {{\[}}[1, 6], [-1, 0.5]]
func.func @rows_times_weight_transposed() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [-1.0, 0.5, 1.0]]> : tensor<2x3xf32>
  %w = arith.constant dense<[[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]> : tensor<2x3xbf16>
  %0 = ingot.linear %x, %w : tensor<2x3xf32>, tensor<2x3xbf16> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// The bias is one value an output, the same for every row.
// CHECK: tensor<2x2xf32> {{\[}}[11, 26], [9, 20.5]]
func.func @bias_of_each_output() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [-1.0, 0.5, 1.0]]> : tensor<2x3xf32>
  %w = arith.constant dense<[[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]> : tensor<2x3xbf16>
  %b = arith.constant dense<[10.0, 20.0]> : tensor<2xbf16>
  %0 = ingot.linear %x, %w bias %b : tensor<2xbf16> : tensor<2x3xf32>, tensor<2x3xbf16> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
