// RUN: ingot-interpret %s --tokens 9,9,9,9,9 | FileCheck %s
// RUN: ingot-interpret %s --tokens 9,9,9,9,9 --precision f64 | FileCheck %s

// One sequence of five. Queries of zero weigh all that a row sees alike: the result is
// the mean of the visible values 1, 2, 4, 8, 16.

// Chunks {0, 1}, {2, 3}, {4}: a chunk's first token sees itself alone.
// CHECK-LABEL: @chunks_hide_those_before_them
// CHECK-NEXT:  tensor<5x1xf32> {{\[}}[1], [1.5], [4], [6], [16]]
func.func @chunks_hide_those_before_them(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x2xf32>) -> tensor<5x1xf32> {
  %k = arith.constant dense<1.0> : tensor<5x1xf32>
  %v = arith.constant dense<[[1.0], [2.0], [4.0], [8.0], [16.0]]> : tensor<5x1xf32>
  %cache = ingot.kv_append %empty[0], %k, %v, %batch : !ingot.kv_cache<1x2xf32>, tensor<5x1xf32>, tensor<5x1xf32>
  %q = arith.constant dense<0.0> : tensor<5x1xf32>
  %0 = ingot.attention %q, %cache[0], %batch heads 1 kv_heads 1 scale 1.0 mask chunked<size = 2> : tensor<5x1xf32>, !ingot.kv_cache<1x2xf32> -> tensor<5x1xf32>
  return %0 : tensor<5x1xf32>
}

// A window of two: each token and the one before it, not two before it.
// CHECK-LABEL: @window_holds_the_token_itself
// CHECK-NEXT:  tensor<5x1xf32> {{\[}}[1], [1.5], [3], [6], [12]]
func.func @window_holds_the_token_itself(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x2xf32>) -> tensor<5x1xf32> {
  %k = arith.constant dense<1.0> : tensor<5x1xf32>
  %v = arith.constant dense<[[1.0], [2.0], [4.0], [8.0], [16.0]]> : tensor<5x1xf32>
  %cache = ingot.kv_append %empty[0], %k, %v, %batch : !ingot.kv_cache<1x2xf32>, tensor<5x1xf32>, tensor<5x1xf32>
  %q = arith.constant dense<0.0> : tensor<5x1xf32>
  %0 = ingot.attention %q, %cache[0], %batch heads 1 kv_heads 1 scale 1.0 mask sliding<size = 2> : tensor<5x1xf32>, !ingot.kv_cache<1x2xf32> -> tensor<5x1xf32>
  return %0 : tensor<5x1xf32>
}

// Queries of 1 at position p are multiplied by log1p(floor((p + 1) / 2)) + 1: 1,
// 1.69315, 1.69315, 2.09861, 2.09861. Keys and values are 0, 1, 0, 1, 0. Position 1:
// e^1.69315 / (1 + e^1.69315) = 0.844637, where an unscaled query has 0.731059;
// position 2: e^1.69315 / (2 + e^1.69315) = 0.731059; counted from p, not p + 1,
// position 1 would have the factor 1.
// CHECK-LABEL: @temperature_grows_in_steps_of_positions
// CHECK-NEXT:  tensor<5x1xf32> {{\[}}[0], [0.844638], [0.731059], [0.890768], [0.844638]]
func.func @temperature_grows_in_steps_of_positions(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x2xf32>) -> tensor<5x1xf32> {
  %k = arith.constant dense<[[0.0], [1.0], [0.0], [1.0], [0.0]]> : tensor<5x1xf32>
  %cache = ingot.kv_append %empty[0], %k, %k, %batch : !ingot.kv_cache<1x2xf32>, tensor<5x1xf32>, tensor<5x1xf32>
  %q = arith.constant dense<1.0> : tensor<5x1xf32>
  %0 = ingot.attention %q, %cache[0], %batch heads 1 kv_heads 1 scale 1.0 temperature <floor = 2, scale = 1.0 : f64> : tensor<5x1xf32>, !ingot.kv_cache<1x2xf32> -> tensor<5x1xf32>
  return %0 : tensor<5x1xf32>
}
