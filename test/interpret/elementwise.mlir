// RUN: ingot-interpret %s | FileCheck %s

// CHECK-LABEL: @add
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[11, -18]]
func.func @add() -> tensor<1x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %y = arith.constant dense<[[10.0, -20.0]]> : tensor<1x2xf32>
  %0 = ingot.add %x, %y : tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// Row by row, not all of the left and then all of the right.
// CHECK-LABEL: @concat_joins_rows
// CHECK-NEXT:  tensor<2x3xf32> {{\[}}[1, 2, 5], [3, 4, 6]]
func.func @concat_joins_rows() -> tensor<2x3xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[[5.0], [6.0]]> : tensor<2x1xf32>
  %0 = ingot.concat %x, %y : tensor<2x2xf32>, tensor<2x1xf32> -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: @split_cuts_rows
// CHECK-NEXT:  tensor<2x2xf32> {{\[}}[1, 2], [4, 5]]
// CHECK-NEXT:  tensor<2x1xf32> {{\[}}[3], [6]]
func.func @split_cuts_rows() -> (tensor<2x2xf32>, tensor<2x1xf32>) {
  %x = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %0:2 = ingot.split %x : tensor<2x3xf32> -> tensor<2x2xf32>, tensor<2x1xf32>
  return %0#0, %0#1 : tensor<2x2xf32>, tensor<2x1xf32>
}

// silu is applied to the gate, not to `up`: silu(0) * 5 = 0, and with
// silu(1) = 1 / (1 + e^-1) = 0.731059: 0.731059 * 2 = 1.46212. The other way
// round the first would be 0 * silu(5) = 0, the second 1 * silu(2) = 1.76159.
// A gate of -200 overflows exp in float32 and must give 0, not NaN.
// CHECK-LABEL: @swiglu_gates_with_the_first_operand
// CHECK-NEXT:  tensor<1x3xf32> {{\[}}[0, 1.46212, -0]]
func.func @swiglu_gates_with_the_first_operand() -> tensor<1x3xf32> {
  %gate = arith.constant dense<[[0.0, 1.0, -200.0]]> : tensor<1x3xf32>
  %up = arith.constant dense<[[5.0, 2.0, 1.0]]> : tensor<1x3xf32>
  %0 = ingot.swiglu %gate, %up : tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}
