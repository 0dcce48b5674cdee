// RUN: ingot-interpret %s --tokens 2,0,2 | FileCheck %s

// Row t is the row of the table that token t names; no scaling, and a token may
// come twice.

// CHECK: tensor<3x2xf32> {{\[}}[5, 6], [1, 2], [5, 6]]
func.func @rows_of_the_table_by_token(%batch: !ingot.batch) -> tensor<?x2xf32> {
  %table = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xbf16>
  %0 = ingot.embed %batch, %table : tensor<3x2xbf16> -> tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}
