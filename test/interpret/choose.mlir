// RUN: ingot-interpret %s --tokens 7,7 | FileCheck %s

// Without draws the best token is taken: of equal logits the lower one, and none
// where a logit is no number.

// CHECK: tensor<3xi32> {{\[}}1, 0, -1]
func.func @the_best_of_each_row(%batch: !ingot.batch) -> tensor<3xi32> {
  %x = arith.constant dense<[[1.0, 5.0, 2.0], [4.0, 4.0, 3.0], [0.0, 0x7FC00000, 1.0]]> : tensor<3x3xf32>
  %0 = ingot.choose %x, %batch : tensor<3x3xf32> -> tensor<3xi32>
  return %0 : tensor<3xi32>
}
