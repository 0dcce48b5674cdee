// RUN: ingot-interpret %s | FileCheck %s

// Logits and their sigmoids: 0 -> 0.5, ln 3 = 1.0986123 -> 0.75,
// -ln 3 -> 0.25, ln 9 = 2.1972246 -> 0.9, -ln 9 -> 0.1.

#plain = #ingot.routing<score = sigmoid, top_k = 2, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64>
#renormalized = #ingot.routing<score = sigmoid, top_k = 2, groups = 1, top_groups = 1, group_score = max, renormalize = true, scale = 2.5 : f64>

// The bias lifts expert 2 (0.25 + 1 = 1.25) over expert 1 (0.75) and expert 0
// (0.5). It takes part in the choice only: the weights are the sigmoids 0.25 and
// 0.75, not 1.25 and 0.75, in the order of the choice, largest first.
// CHECK-LABEL: @weights_from_the_unbiased_scores
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.25, 0.75]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[2, 1]]
func.func @weights_from_the_unbiased_scores() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[0.0, 1.0986123, -1.0986123]]> : tensor<1x3xf32>
  %bias = arith.constant dense<[0.0, 0.0, 1.0]> : tensor<3xf32>
  %0:2 = ingot.route %logits bias %bias : tensor<3xf32> routing #plain : tensor<1x3xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// The winners' scores 0.75 and 0.5 are divided by their own sum, 1.25, not by
// the sum of all three, then scaled: 0.6 * 2.5 and 0.4 * 2.5.
// CHECK-LABEL: @renormalised_over_the_winners_then_scaled
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[1.5, 1]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[1, 0]]
func.func @renormalised_over_the_winners_then_scaled() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[0.0, 1.0986123, -1.0986123]]> : tensor<1x3xf32>
  %0:2 = ingot.route %logits routing #renormalized : tensor<1x3xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// exp(-200) is 0 in float32 (and so are the sigmoids): without the 1e-20 in the
// divisor the weights would be NaN.
// CHECK-LABEL: @renormalising_nothing_is_zero_not_nan
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0, 0]]
func.func @renormalising_nothing_is_zero_not_nan() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<-200.0> : tensor<1x3xf32>
  %0:2 = ingot.route %logits routing #renormalized : tensor<1x3xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// Four equal experts: the lower index wins, and comes first.
// CHECK-LABEL: @ties_go_to_the_lower_index
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.5, 0.5]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[0, 1]]
func.func @ties_go_to_the_lower_index() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<0.0> : tensor<1x4xf32>
  %0:2 = ingot.route %logits routing #plain : tensor<1x4xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// Softmax over ALL experts, before the choice: logits (ln 2, 0, ln 5) have the
// scores (2, 1, 5) / 8. Over the winners alone they would be 5/7 and 2/7.
#softmax = #ingot.routing<score = softmax, top_k = 2, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64>
// CHECK-LABEL: @softmax_over_all_experts
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.625, 0.25]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[2, 0]]
func.func @softmax_over_all_experts() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[0.6931472, 0.0, 1.6094379]]> : tensor<1x3xf32>
  %0:2 = ingot.route %logits routing #softmax : tensor<1x3xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// exp(200) overflows float32 unless the largest logit is subtracted first.
// CHECK-LABEL: @softmax_of_large_logits_does_not_overflow
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.5, 0.5]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[1, 2]]
func.func @softmax_of_large_logits_does_not_overflow() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[0.0, 200.0, 200.0]]> : tensor<1x3xf32>
  %0:2 = ingot.route %logits routing #softmax : tensor<1x3xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// Sigmoids of 20 and 40 are both 1 in float32, a tie that would go to expert 0: by
// their logits expert 1 wins. Its weight is the sigmoid all the same.
#by_logits = #ingot.routing<score = sigmoid, top_k = 1, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64, choose_by = logits>
// CHECK-LABEL: @chosen_by_logits_where_scores_saturate
// CHECK-NEXT:  tensor<2x1xf32> {{\[}}[1], [0.75]]
// CHECK-NEXT:  tensor<2x1xi32> {{\[}}[1], [2]]
func.func @chosen_by_logits_where_scores_saturate() -> (tensor<2x1xf32>, tensor<2x1xi32>) {
  %logits = arith.constant dense<[[20.0, 40.0, 0.0], [0.0, -1.0, 1.0986123]]> : tensor<2x3xf32>
  %0:2 = ingot.route %logits routing #by_logits : tensor<2x3xf32> -> tensor<2x1xf32>, tensor<2x1xi32>
  return %0#0, %0#1 : tensor<2x1xf32>, tensor<2x1xi32>
}

// Switch routing: the one expert with the largest score, weighed by its probability
// among all, not by 1 as it would be renormalised. Logits (ln 2, 0, ln 5) have the
// scores (2, 1, 5) / 8.
#switch = #ingot.routing<score = softmax, top_k = 1, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64>
// CHECK-LABEL: @switch_weighs_the_winner_by_its_probability
// CHECK-NEXT:  tensor<1x1xf32> {{\[}}[0.625]]
// CHECK-NEXT:  tensor<1x1xi32> {{\[}}[2]]
func.func @switch_weighs_the_winner_by_its_probability() -> (tensor<1x1xf32>, tensor<1x1xi32>) {
  %logits = arith.constant dense<[[0.6931472, 0.0, 1.6094379]]> : tensor<1x3xf32>
  %0:2 = ingot.route %logits routing #switch : tensor<1x3xf32> -> tensor<1x1xf32>, tensor<1x1xi32>
  return %0#0, %0#1 : tensor<1x1xf32>, tensor<1x1xi32>
}
