// RUN: ingot-interpret %s --tokens 7,7,7 --logit-rows 2,0 | FileCheck %s

// x has three rows, the batch wants the logits of rows 2 and 0, in that order:
// (1, 1) . (1, 2) = 3 and (1, 1) . (10, 20) = 30, then row 0, (1, 0): 1 and 10.

// CHECK: tensor<2x2xf32> {{\[}}[3, 30], [1, 10]]
func.func @only_the_rows_that_the_batch_wants(%batch: !ingot.batch) -> tensor<?x2xf32> {
  %x = arith.constant dense<[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]> : tensor<3x2xf32>
  %head = arith.constant dense<[[1.0, 2.0], [10.0, 20.0]]> : tensor<2x2xbf16>
  %0 = ingot.logits %x, %head, %batch : tensor<3x2xf32>, tensor<2x2xbf16> -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}
