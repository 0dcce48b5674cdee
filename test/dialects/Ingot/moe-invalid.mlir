// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
#routing = #ingot.routing<score = sigmoid, top_k = 3, groups = 4, top_groups = 2, group_score = max, renormalize = true, scale = 1.0 : f64>
func.func @route_of_a_vector(%logits: tensor<8xf32>, %bias: tensor<8xf32>) {
  // expected-error @+1 {{'ingot.route' op expects logits to be [?, static], got 'tensor<8xf32>'}}
  %0:2 = ingot.route %logits bias %bias : tensor<8xf32> routing #routing : tensor<8xf32> -> tensor<?x3xf32>, tensor<?x3xi32>
  return
}

// -----

// (C1)
#routing = #ingot.routing<score = sigmoid, top_k = 3, groups = 4, top_groups = 2, group_score = max, renormalize = true, scale = 1.0 : f64>
func.func @route_bias_for_fewer_experts(%logits: tensor<?x8xf32>, %bias: tensor<7xf32>) {
  // expected-error @+1 {{'ingot.route' op expects bias to be [8], got 'tensor<7xf32>'}}
  %0:2 = ingot.route %logits bias %bias : tensor<7xf32> routing #routing : tensor<?x8xf32> -> tensor<?x3xf32>, tensor<?x3xi32>
  return
}

// -----

// (C2)
#routing = #ingot.routing<score = sigmoid, top_k = 3, groups = 4, top_groups = 2, group_score = max, renormalize = true, scale = 1.0 : f64>
func.func @route_weights_of_another_top_k(%logits: tensor<?x8xf32>, %bias: tensor<8xf32>) {
  // expected-error @+1 {{'ingot.route' op expects weights to be [?, 3], got 'tensor<?x4xf32>'}}
  %0:2 = ingot.route %logits bias %bias : tensor<8xf32> routing #routing : tensor<?x8xf32> -> tensor<?x4xf32>, tensor<?x3xi32>
  return
}

// -----

// (C2)
#routing = #ingot.routing<score = sigmoid, top_k = 3, groups = 4, top_groups = 2, group_score = max, renormalize = true, scale = 1.0 : f64>
func.func @route_indices_of_another_top_k(%logits: tensor<?x8xf32>, %bias: tensor<8xf32>) {
  // expected-error @+1 {{'ingot.route' op expects indices to be [?, 3], got 'tensor<?x4xi32>'}}
  %0:2 = ingot.route %logits bias %bias : tensor<8xf32> routing #routing : tensor<?x8xf32> -> tensor<?x3xf32>, tensor<?x4xi32>
  return
}

// -----

// (C3)
#routing = #ingot.routing<score = sigmoid, top_k = 3, groups = 3, top_groups = 2, group_score = max, renormalize = true, scale = 1.0 : f64>
func.func @route_groups_do_not_divide_the_experts(%logits: tensor<?x8xf32>, %bias: tensor<8xf32>) {
  // expected-error @+1 {{'ingot.route' op expects groups to divide 8 experts, got 3}}
  %0:2 = ingot.route %logits bias %bias : tensor<8xf32> routing #routing : tensor<?x8xf32> -> tensor<?x3xf32>, tensor<?x3xi32>
  return
}

// -----

// (C3)
#routing = #ingot.routing<score = sigmoid, top_k = 3, groups = 4, top_groups = 1, group_score = max, renormalize = true, scale = 1.0 : f64>
func.func @route_kept_groups_too_small(%logits: tensor<?x8xf32>, %bias: tensor<8xf32>) {
  // expected-error @+1 {{'ingot.route' op expects top_k of at most the 2 experts of the kept groups, got 3}}
  %0:2 = ingot.route %logits bias %bias : tensor<8xf32> routing #routing : tensor<?x8xf32> -> tensor<?x3xf32>, tensor<?x3xi32>
  return
}

// -----

// (C4)
#routing = #ingot.routing<score = sigmoid, top_k = 3, groups = 8, top_groups = 3, group_score = top2_sum, renormalize = true, scale = 1.0 : f64>
func.func @route_top2_sum_of_single_experts(%logits: tensor<?x8xf32>, %bias: tensor<8xf32>) {
  // expected-error @+1 {{'ingot.route' op expects groups of at least 2 experts to rank by top2_sum, got 1}}
  %0:2 = ingot.route %logits bias %bias : tensor<8xf32> routing #routing : tensor<?x8xf32> -> tensor<?x3xf32>, tensor<?x3xi32>
  return
}

// -----

// (C1)
func.func @experts_of_a_vector(%x: tensor<4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects x to be [?, static], got 'tensor<4xf32>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  return
}

// -----

// (C1)
func.func @experts_one_weight_a_token(%x: tensor<?x4xf32>, %w: tensor<?xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects weights to be [?, static], got 'tensor<?xf32>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<?x4xf32>, tensor<?xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  return
}

// -----

// (C1)
func.func @experts_more_indices_than_weights(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x3xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects indices to be [?, 2], got 'tensor<?x3xi32>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x3xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  return
}

// -----

// (C2)
func.func @experts_gate_transposed(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x4x5xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects gate to be [?, static, 4], got 'tensor<3x4x5xbf16>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x4x5xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  return
}

// -----

// (C2)
func.func @experts_up_of_another_width(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x6x4xbf16>, %down: tensor<3x4x5xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects up to be [3, 5, 4], got 'tensor<3x6x4xbf16>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x6x4xbf16>, tensor<3x4x5xbf16>
  return
}

// -----

// (C2)
func.func @experts_down_not_transposed(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x5x4xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects down to be [3, 4, 5], got 'tensor<3x5x4xbf16>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>
  return
}

// -----

// (C3)
func.func @experts_more_chosen_than_there_are(%x: tensor<?x4xf32>, %w: tensor<?x4xf32>, %i: tensor<?x4xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects at most 3 experts a token, got 4}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  return
}

// -----

// (C4)
func.func @shared_network_without_down(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects gate, up and down of a shared network, got 2 weights}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down shared %g, %u : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16> shared tensor<6x4xbf16>, tensor<6x4xbf16>
  return
}

// -----

// (C4)
func.func @shared_gate_transposed(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>, %g: tensor<4x6xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects shared gate to be [?, 4], got 'tensor<4x6xbf16>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down shared %g, %u, %d : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16> shared tensor<4x6xbf16>, tensor<6x4xbf16>, tensor<4x6xbf16>
  return
}

// -----

// (C4)
func.func @shared_up_of_another_width(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<5x4xbf16>, %d: tensor<4x6xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects shared up to be [6, 4], got 'tensor<5x4xbf16>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down shared %g, %u, %d : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16> shared tensor<6x4xbf16>, tensor<5x4xbf16>, tensor<4x6xbf16>
  return
}

// -----

// (C4)
func.func @shared_down_not_transposed(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<6x4xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects shared down to be [4, 6], got 'tensor<6x4xbf16>'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down shared %g, %u, %d : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16> shared tensor<6x4xbf16>, tensor<6x4xbf16>, tensor<6x4xbf16>
  return
}

// -----

// (C5)
func.func @experts_of_inputs_in_f8E5M2(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %gate: tensor<3x5x4xbf16>, %up: tensor<3x5x4xbf16>, %down: tensor<3x4x5xbf16>) {
  // expected-error @+1 {{'ingot.experts' op expects inputs of bf16 or f8E4M3FN, got 'f8E5M2'}}
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down inputs f8E5M2 : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  return
}
