// RUN: ingot-interpret %s | FileCheck %s
// RUN: ingot-interpret %s --precision f64 | FileCheck %s

// Two heads, d = 2, p = 1, w = 1, r = 2. kv_b is [h * (d + w), r] = 6 x 2: rows 0
// and 1 are W_UK of head 0, row 2 its W_UV; rows 3 and 4 W_UK of head 1.
//   head 0: q_nope = (1, 2): 1 * (1, 2) + 2 * (3, 4) = (7, 10), then its rope part 5;
//   head 1: q_nope = (3, 4): 3 * (0, 1) + 4 * (1, 0) = (4, 3), then 6.
// W_UK transposed would give head 0 (1 + 4, 3 + 8) = (5, 11).
// CHECK: tensor<1x6xf32> {{\[}}[7, 10, 5, 4, 3, 6]]
func.func @the_query_times_the_heads_own_rows() -> tensor<1x6xf32> {
  %q = arith.constant dense<[[1.0, 2.0, 5.0, 3.0, 4.0, 6.0]]> : tensor<1x6xf32>
  %kv_b = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [100.0, 100.0], [0.0, 1.0], [1.0, 0.0], [100.0, 100.0]]> : tensor<6x2xbf16>
  %0 = ingot.absorb_query %q, %kv_b heads 2 nope 2 rope 1 value 1
    : tensor<1x6xf32>, tensor<6x2xbf16> -> tensor<1x6xf32>
  return %0 : tensor<1x6xf32>
}
