// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func private @bucket
// CHECK-SAME:  #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 4096>
func.func private @bucket() attributes {a = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 4096>}

// CHECK-LABEL: func.func private @rope
// CHECK-SAME:  #ingot.rope<dim = 32, theta = 5.000000e+05 : f64, layout = halves>
func.func private @rope() attributes {a = #ingot.rope<dim = 32, theta = 5.0e5 : f64, layout = halves>}

// CHECK-LABEL: func.func private @rope_scaled_by_yarn
// CHECK-SAME:  #ingot.rope<dim = 32, theta = 1.000000e+04 : f64, layout = interleaved, scaling = #ingot.yarn<factor = 4.000000e+00 : f64, original = 256, beta_fast = 3.200000e+01 : f64, beta_slow = 1.000000e+00 : f64, magnitude = 1.000000e+00 : f64>>
func.func private @rope_scaled_by_yarn() attributes {a = #ingot.rope<dim = 32, theta = 1.0e4 : f64, layout = interleaved, scaling = #ingot.yarn<factor = 4.0 : f64, original = 256, beta_fast = 32.0 : f64, beta_slow = 1.0 : f64, magnitude = 1.0 : f64>>}

// CHECK-LABEL: func.func private @routing
// CHECK-SAME:  #ingot.routing<score = softmax, top_k = 6, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.000000e+00 : f64>
func.func private @routing() attributes {a = #ingot.routing<score = softmax, top_k = 6, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64>}

// CHECK-LABEL: func.func private @rope_scaled_by_parts
// CHECK-SAME:  scaling = #ingot.ntk_by_parts<factor = 8.000000e+00 : f64, low_freq_factor = 1.000000e+00 : f64, high_freq_factor = 4.000000e+00 : f64, original = 8192>>
func.func private @rope_scaled_by_parts() attributes {a = #ingot.rope<dim = 128, theta = 5.0e5 : f64, layout = halves, scaling = #ingot.ntk_by_parts<factor = 8.0 : f64, low_freq_factor = 1.0 : f64, high_freq_factor = 4.0 : f64, original = 8192>>}

// CHECK-LABEL: func.func private @rope_of_linear_positions
// CHECK-SAME:  scaling = #ingot.linear_positions<factor = 4.000000e+00 : f64>>
func.func private @rope_of_linear_positions() attributes {a = #ingot.rope<dim = 128, theta = 1.0e4 : f64, layout = halves, scaling = #ingot.linear_positions<factor = 4.0 : f64>>}

// CHECK-LABEL: func.func private @routing_by_logits
// CHECK-SAME:  scale = 1.000000e+00 : f64, choose_by = logits>
func.func private @routing_by_logits() attributes {a = #ingot.routing<score = sigmoid, top_k = 1, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64, choose_by = logits>}

// CHECK-LABEL: func.func private @masks
// CHECK-SAME:  #ingot.chunked<size = 8192>
// CHECK-SAME:  #ingot.sliding<size = 4096>
func.func private @masks() attributes {a = #ingot.chunked<size = 8192>, b = #ingot.sliding<size = 4096>}

// CHECK-LABEL: func.func private @temperature
// CHECK-SAME:  #ingot.temperature<floor = 8192, scale = 1.000000e-01 : f64>
func.func private @temperature() attributes {a = #ingot.temperature<floor = 8192, scale = 0.1 : f64>}
