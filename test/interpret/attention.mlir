// RUN: ingot-interpret %s --tokens 9,9,9 --positions 0,1,0 --sequences 0,0,1 | FileCheck %s
// RUN: ingot-interpret %s --tokens 9,9,9 --positions 0,1,0 --sequences 0,0,1 --precision f64 | FileCheck %s

// Rows 0 and 1 are one sequence, row 2 another.

// Four heads of width 1 over two of keys and values. The cache rows (k0, k1 | v0, v1)
// are (1, 0 | 10, 1) and (3, 4 | 30, 2) in sequence 0, (9, 9 | 5, 7) in sequence 1.
// Row 1, scale 0.5, queries (1, 0, 1, 0):
//   head 0 reads pair 0: scores 0.5 * (1, 3), weights (0.268941, 0.731059): 24.6212;
//   head 1 reads pair 0 as well: equal scores: 20;
//   head 2 reads pair 1: scores 0.5 * (0, 4), weights (0.119203, 0.880797): 1.8808;
//   head 3 reads pair 1 as well: 1.5.
// Were heads dealt out in turn, head 1 would read pair 1. Rows 0 and 2 see themselves.
// CHECK-LABEL: @neighbouring_heads_share_keys_and_values
// CHECK-NEXT:  tensor<3x4xf32> {{\[}}[10, 10, 1, 1], [24.6212, 20, 1.8808, 1.5], [5, 5, 7, 7]]
func.func @neighbouring_heads_share_keys_and_values(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x4xf32>) -> tensor<3x4xf32> {
  %k = arith.constant dense<[[1.0, 0.0], [3.0, 4.0], [9.0, 9.0]]> : tensor<3x2xf32>
  %v = arith.constant dense<[[10.0, 1.0], [30.0, 2.0], [5.0, 7.0]]> : tensor<3x2xf32>
  %cache = ingot.kv_append %empty[0], %k, %v, %batch : !ingot.kv_cache<1x4xf32>, tensor<3x2xf32>, tensor<3x2xf32>
  %q = arith.constant dense<[[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]]> : tensor<3x4xf32>
  %0 = ingot.attention %q, %cache[0], %batch heads 4 kv_heads 2 scale 0.5 : tensor<3x4xf32>, !ingot.kv_cache<1x4xf32> -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// MQA: every head reads the only keys and values. Width 2, rows (k, k' | v, v').
// Row 1: head 0 asks (1, 0): scores (1, 3), weights (0.119203, 0.880797); head 1 asks
// (0, 1): scores (0, 0), the mean.
// CHECK-LABEL: @all_heads_read_one_key_and_value_head
// CHECK-NEXT:  tensor<3x4xf32> {{\[}}[10, 1, 10, 1], [27.6159, 1.8808, 20, 1.5], [5, 7, 5, 7]]
func.func @all_heads_read_one_key_and_value_head(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x4xf32>) -> tensor<3x4xf32> {
  %k = arith.constant dense<[[1.0, 0.0], [3.0, 0.0], [9.0, 9.0]]> : tensor<3x2xf32>
  %v = arith.constant dense<[[10.0, 1.0], [30.0, 2.0], [5.0, 7.0]]> : tensor<3x2xf32>
  %cache = ingot.kv_append %empty[0], %k, %v, %batch : !ingot.kv_cache<1x4xf32>, tensor<3x2xf32>, tensor<3x2xf32>
  %q = arith.constant dense<[[1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]]> : tensor<3x4xf32>
  %0 = ingot.attention %q, %cache[0], %batch heads 2 kv_heads 1 scale 1.0 : tensor<3x4xf32>, !ingot.kv_cache<1x4xf32> -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// Scores of 1000 and 3000 overflow exp unless the largest is subtracted first.
// CHECK-LABEL: @large_scores_of_keys_do_not_overflow
// CHECK-NEXT:  tensor<3x1xf32> {{\[}}[10], [30], [5]]
func.func @large_scores_of_keys_do_not_overflow(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x2xf32>) -> tensor<3x1xf32> {
  %k = arith.constant dense<[[1.0], [3.0], [9.0]]> : tensor<3x1xf32>
  %v = arith.constant dense<[[10.0], [30.0], [5.0]]> : tensor<3x1xf32>
  %cache = ingot.kv_append %empty[0], %k, %v, %batch : !ingot.kv_cache<1x2xf32>, tensor<3x1xf32>, tensor<3x1xf32>
  %q = arith.constant dense<1000.0> : tensor<3x1xf32>
  %0 = ingot.attention %q, %cache[0], %batch heads 1 kv_heads 1 scale 1.0 : tensor<3x1xf32>, !ingot.kv_cache<1x2xf32> -> tensor<3x1xf32>
  return %0 : tensor<3x1xf32>
}
