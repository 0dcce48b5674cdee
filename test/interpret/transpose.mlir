// RUN: ingot-interpret %s | FileCheck %s

// Columns become rows.
// CHECK-LABEL: @columns_become_rows
// CHECK-NEXT:  tensor<3x2xf32> {{\[}}[1, 4], [2, 5], [3, 6]]
func.func @columns_become_rows() -> tensor<3x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %0 = ingot.transpose %x columns 0 to 3 : tensor<2x3xf32> -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// Two experts, each by itself, with the last two of three columns.
// CHECK-LABEL: @some_columns_of_each_expert
// CHECK-NEXT:  tensor<2x2x2xf32> {{\[}}{{\[}}[2, 5], [3, 6]], {{\[}}[8, 11], [9, 12]]]
func.func @some_columns_of_each_expert() -> tensor<2x2x2xf32> {
  %x = arith.constant dense<[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[7.0, 8.0, 9.0], [10.0, 11.0, 12.0]]]> : tensor<2x2x3xf32>
  %0 = ingot.transpose %x columns 1 to 3 : tensor<2x2x3xf32> -> tensor<2x2x2xf32>
  return %0 : tensor<2x2x2xf32>
}
