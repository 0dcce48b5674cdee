// RUN: ingot-interpret %s | FileCheck %s
// RUN: ingot-interpret %s --precision f64 | FileCheck %s

// Two heads, d = 1, w = 2, r = 2. kv_b is [h * (d + w), r] = 6 x 2: row 0 is W_UK of
// head 0, rows 1 and 2 its W_UV; row 3 W_UK of head 1, rows 4 and 5 its W_UV.
//   head 0: latent (1, 2): (1 * 1 + 2 * 2, 1 * 3 + 2 * 4) = (5, 11);
//   head 1: latent (3, 4): (0 * 3 + 1 * 4, 1 * 3 + 0 * 4) = (4, 3).
// CHECK: tensor<1x4xf32> {{\[}}[5, 11, 4, 3]]
func.func @the_heads_own_rows_times_its_latent() -> tensor<1x4xf32> {
  %latent = arith.constant dense<[[1.0, 2.0, 3.0, 4.0]]> : tensor<1x4xf32>
  %kv_b = arith.constant dense<[[100.0, 100.0], [1.0, 2.0], [3.0, 4.0], [100.0, 100.0], [0.0, 1.0], [1.0, 0.0]]> : tensor<6x2xbf16>
  %0 = ingot.project_value %latent, %kv_b heads 2 nope 1 value 2
    : tensor<1x4xf32>, tensor<6x2xbf16> -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
