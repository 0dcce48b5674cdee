// RUN: ingot-interpret %s --tokens 9,9,9 --positions 0,1,0 --sequences 0,0,1 | FileCheck %s
// RUN: ingot-interpret %s --tokens 9,9,9 --positions 0,1,0 --sequences 0,0,1 --precision f64 | FileCheck %s

// Two heads, d = 1 value without position, p = 1 rotated, w = 1 value a head;
// the latent has r = 2 values. Rows 0 and 1 are one sequence, row 2 another.
// kv_b is [h * (d + w), r] = 4 x 2: rows 0 and 2 are W_UK of heads 0 and 1,
// rows 1 and 3 their W_UV. The cache rows are (c, k):
//   sequence 0: c_0 = (0, 1), k = 0; c_1 = (0, 3), k = 1;  sequence 1: c = (7, 5).

// All queries are 0, so every score is 0 and the result is the mean of the
// values up to the row's own position. Head 0 takes the second latent value, head
// 1 ten times it: row 0 sees 1; row 1 sees (1 + 3) / 2 = 2; row 2 sees 5, the
// only row of its sequence. Seeing ahead would give row 0 a 2, seeing the other
// sequence a 3. With all W_UK rows before all W_UV rows, head 0's value
// would be row 2 of kv_b, (100, 0).
// CHECK-LABEL: @causal_within_a_sequence_and_kv_b_rows_by_head
// CHECK-NEXT:  tensor<3x2xf32> {{\[}}[1, 10], [2, 20], [5, 50]]
func.func @causal_within_a_sequence_and_kv_b_rows_by_head(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x3xf32>) -> tensor<3x2xf32> {
  %latent = arith.constant dense<[[0.0, 1.0], [0.0, 3.0], [7.0, 5.0]]> : tensor<3x2xf32>
  %key = arith.constant dense<[[0.0], [1.0], [0.0]]> : tensor<3x1xf32>
  %cache = ingot.kv_append %empty[0], %latent, %key, %batch : !ingot.kv_cache<1x3xf32>, tensor<3x2xf32>, tensor<3x1xf32>
  %q = arith.constant dense<0.0> : tensor<3x4xf32>
  %kv_b = arith.constant dense<[[100.0, 0.0], [0.0, 1.0], [100.0, 0.0], [0.0, 10.0]]> : tensor<4x2xbf16>
  %0 = ingot.latent_attention %q, %cache[0], %kv_b, %batch heads 2 nope 1 rope 1 value 1 scale 1.0
    : tensor<3x4xf32>, !ingot.kv_cache<1x3xf32>, tensor<4x2xbf16> -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// Scores, W_UK of both heads being (0, 1), so that keys are 1 and 3; scale 0.5.
// Row 1 of q is (1, 0 | 0, 2): head 0 has 0.5 * 1 * (1, 3) = (0.5, 1.5), weights
// (1, e) / (1 + e) = (0.268941, 0.731059); its values are (1, 3):
//   0.268941 + 3 * 0.731059 = 2.46212.
// Head 1 has only its rope part: 0.5 * 2 * (0, 1) = (0, 1), the same weights; the
// one rope key of a token serves both heads; its values are ten times as large:
// 24.6212. A scale of 1 would give 2.76159.
// CHECK-LABEL: @scaled_scores_of_both_parts_and_one_rope_key_for_all_heads
// CHECK-NEXT:  tensor<3x2xf32> {{\[}}[1, 10], [2.46212, 24.6212], [5, 50]]
func.func @scaled_scores_of_both_parts_and_one_rope_key_for_all_heads(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x3xf32>) -> tensor<3x2xf32> {
  %latent = arith.constant dense<[[0.0, 1.0], [0.0, 3.0], [7.0, 5.0]]> : tensor<3x2xf32>
  %key = arith.constant dense<[[0.0], [1.0], [0.0]]> : tensor<3x1xf32>
  %cache = ingot.kv_append %empty[0], %latent, %key, %batch : !ingot.kv_cache<1x3xf32>, tensor<3x2xf32>, tensor<3x1xf32>
  %q = arith.constant dense<[[0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 2.0], [0.0, 0.0, 0.0, 0.0]]> : tensor<3x4xf32>
  %kv_b = arith.constant dense<[[0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [0.0, 10.0]]> : tensor<4x2xbf16>
  %0 = ingot.latent_attention %q, %cache[0], %kv_b, %batch heads 2 nope 1 rope 1 value 1 scale 0.5
    : tensor<3x4xf32>, !ingot.kv_cache<1x3xf32>, tensor<4x2xbf16> -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// Scores of 1000 and 3000 overflow exp unless the largest is subtracted first.
// CHECK-LABEL: @large_scores_do_not_overflow
// CHECK-NEXT:  tensor<3x1xf32> {{\[}}[1], [3], [5]]
func.func @large_scores_do_not_overflow(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x3xf32>) -> tensor<3x1xf32> {
  %latent = arith.constant dense<[[0.0, 1.0], [0.0, 3.0], [7.0, 5.0]]> : tensor<3x2xf32>
  %key = arith.constant dense<0.0> : tensor<3x1xf32>
  %cache = ingot.kv_append %empty[0], %latent, %key, %batch : !ingot.kv_cache<1x3xf32>, tensor<3x2xf32>, tensor<3x1xf32>
  %q = arith.constant dense<[[1000.0, 0.0], [1000.0, 0.0], [1000.0, 0.0]]> : tensor<3x2xf32>
  %kv_b = arith.constant dense<[[0.0, 1.0], [0.0, 1.0]]> : tensor<2x2xbf16>
  %0 = ingot.latent_attention %q, %cache[0], %kv_b, %batch heads 1 nope 1 rope 1 value 1 scale 1.0
    : tensor<3x2xf32>, !ingot.kv_cache<1x3xf32>, tensor<2x2xbf16> -> tensor<3x1xf32>
  return %0 : tensor<3x1xf32>
}
