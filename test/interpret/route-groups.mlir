// RUN: ingot-interpret %s | FileCheck %s

// Four experts in two groups, (0, 1) and (2, 3), of which one is kept. Logits
// and their sigmoids: 0 -> 0.5, ln 3 = 1.0986123 -> 0.75, ln 9 = 2.1972246 -> 0.9,
// -ln 9 -> 0.1.

#sum = #ingot.routing<score = sigmoid, top_k = 2, groups = 2, top_groups = 1, group_score = top2_sum, renormalize = false, scale = 1.0 : f64>
#max = #ingot.routing<score = sigmoid, top_k = 2, groups = 2, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64>

// Scores (0.9, 0.1 | 0.75, 0.5): the second group has the larger sum of two
// (1.25 against 1.0) although the first has the best expert.
// CHECK-LABEL: @group_rank_is_the_sum_of_two
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.75, 0.5]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[2, 3]]
func.func @group_rank_is_the_sum_of_two() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[2.1972246, -2.1972246, 1.0986123, 0.0]]> : tensor<1x4xf32>
  %0:2 = ingot.route %logits routing #sum : tensor<1x4xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// The same scores, ranked by the best expert: the first group is kept.
// CHECK-LABEL: @group_rank_is_the_maximum
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.9, 0.1]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[0, 1]]
func.func @group_rank_is_the_maximum() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[2.1972246, -2.1972246, 1.0986123, 0.0]]> : tensor<1x4xf32>
  %0:2 = ingot.route %logits routing #max : tensor<1x4xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// A group is ranked by its biased scores: without bias the second group would
// win (1.25 against 1.0), the bias of expert 1 makes it 1.25 against 1.5.
// CHECK-LABEL: @group_rank_counts_the_bias
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.9, 0.1]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[0, 1]]
func.func @group_rank_counts_the_bias() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[2.1972246, -2.1972246, 1.0986123, 0.0]]> : tensor<1x4xf32>
  %bias = arith.constant dense<[0.0, 0.5, 0.0, 0.0]> : tensor<4xf32>
  %0:2 = ingot.route %logits bias %bias : tensor<4xf32> routing #sum : tensor<1x4xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// Biases of -1 make every choice negative: (-0.1, -0.9 | -0.25, -1). The first
// group wins with -1.0 against -1.25, so experts 0 and 1 are chosen. Were the
// second group masked with 0 instead of minus infinity, its experts would beat
// them with 0.
// CHECK-LABEL: @negative_choices_beat_masked_groups
// CHECK-NEXT:  tensor<1x2xf32> {{\[}}[0.9, 0.1]]
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[0, 1]]
func.func @negative_choices_beat_masked_groups() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<[[2.1972246, -2.1972246, 1.0986123, 0.0]]> : tensor<1x4xf32>
  %bias = arith.constant dense<[-1.0, -1.0, -1.0, -1.5]> : tensor<4xf32>
  %0:2 = ingot.route %logits bias %bias : tensor<4xf32> routing #sum : tensor<1x4xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}

// Equal groups: the lower index is kept.
// CHECK-LABEL: @tied_groups_go_to_the_lower_index
// CHECK-NEXT:  tensor<1x2xf32>
// CHECK-NEXT:  tensor<1x2xi32> {{\[}}[0, 1]]
func.func @tied_groups_go_to_the_lower_index() -> (tensor<1x2xf32>, tensor<1x2xi32>) {
  %logits = arith.constant dense<0.0> : tensor<1x4xf32>
  %0:2 = ingot.route %logits routing #max : tensor<1x4xf32> -> tensor<1x2xf32>, tensor<1x2xi32>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xi32>
}
