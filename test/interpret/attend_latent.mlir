// RUN: ingot-interpret %s --tokens 9,9,9 --positions 0,1,0 --sequences 0,0,1 | FileCheck %s
// RUN: ingot-interpret %s --tokens 9,9,9 --positions 0,1,0 --sequences 0,0,1 --precision f64 | FileCheck %s

// Two heads, r = 1, p = 1. Rows 0 and 1 are one sequence, row 2 another. The cache
// rows (c, k) are (1, 0) and (3, 1) in sequence 0, (5, 0) in sequence 1.
//
// Row 1, scale 0.5: head 0's query (1, 0) scores 0.5 * (1, 3) = (0.5, 1.5), weights
// (1, e) / (1 + e) = (0.268941, 0.731059): 0.268941 * 1 + 0.731059 * 3 = 2.46212.
// Head 1's query (0, 4) meets the rope keys only: 0.5 * 4 * (0, 1) = (0, 2), weights
// (1, e^2) / (1 + e^2) = (0.119203, 0.880797): 0.119203 + 3 * 0.880797 = 2.76159.
// The others see one row each, whatever they ask. The scaled scores of one head must not
// reach the other, nor row 1's position row 0. What a pass says of its costs changes
// nothing.
// CHECK-LABEL: @all_heads_share_the_one_latent
// CHECK-NEXT:  tensor<3x2xf32> {{\[}}[1, 1], [2.46212, 2.76159], [5, 5]]
func.func @all_heads_share_the_one_latent(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x2xf32>) -> tensor<3x2xf32>
    attributes {ingot.absorption = #plan.absorption<form = reassociated, expanded = <bytes = 1, flops = 2, exchanges = 1>, reassociated = <bytes = 1, flops = 1, exchanges = 3>>} {
  %latent = arith.constant dense<[[1.0], [3.0], [5.0]]> : tensor<3x1xf32>
  %key = arith.constant dense<[[0.0], [1.0], [0.0]]> : tensor<3x1xf32>
  %cache = ingot.kv_append %empty[0], %latent, %key, %batch : !ingot.kv_cache<1x2xf32>, tensor<3x1xf32>, tensor<3x1xf32>
  %query = arith.constant dense<[[7.0, 7.0, 7.0, 7.0], [1.0, 0.0, 0.0, 4.0], [7.0, 7.0, 7.0, 7.0]]> : tensor<3x4xf32>
  %0 = ingot.attend_latent %query, %cache[0], %batch heads 2 rope 1 scale 0.5
    : tensor<3x4xf32>, !ingot.kv_cache<1x2xf32> -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// Scores of 1000 and 3000 overflow exp unless the largest is subtracted first.
// CHECK-LABEL: @large_scores_do_not_overflow
// CHECK-NEXT:  tensor<3x1xf32> {{\[}}[1], [3], [5]]
func.func @large_scores_do_not_overflow(%batch: !ingot.batch, %empty: !ingot.kv_cache<1x2xf32>) -> tensor<3x1xf32> {
  %latent = arith.constant dense<[[1.0], [3.0], [5.0]]> : tensor<3x1xf32>
  %key = arith.constant dense<0.0> : tensor<3x1xf32>
  %cache = ingot.kv_append %empty[0], %latent, %key, %batch : !ingot.kv_cache<1x2xf32>, tensor<3x1xf32>, tensor<3x1xf32>
  %query = arith.constant dense<[[1000.0, 0.0], [1000.0, 0.0], [1000.0, 0.0]]> : tensor<3x2xf32>
  %0 = ingot.attend_latent %query, %cache[0], %batch heads 1 rope 1 scale 1.0
    : tensor<3x2xf32>, !ingot.kv_cache<1x2xf32> -> tensor<3x1xf32>
  return %0 : tensor<3x1xf32>
}
