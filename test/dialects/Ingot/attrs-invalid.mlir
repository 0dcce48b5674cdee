// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expects yarn factor of at least 1, got 5.000000e-01}}
func.func private @yarn_that_shrinks() attributes {a = #ingot.yarn<factor = 0.5 : f64, original = 256, beta_fast = 32.0 : f64, beta_slow = 1.0 : f64, magnitude = 1.0 : f64>}

// -----

// expected-error @+1 {{expects yarn factor of at least 1, got 0x7FF8000000000000}}
func.func private @yarn_factor_not_a_number() attributes {a = #ingot.yarn<factor = 0x7FF8000000000000 : f64, original = 256, beta_fast = 32.0 : f64, beta_slow = 1.0 : f64, magnitude = 1.0 : f64>}

// -----

// expected-error @+1 {{expects yarn original positions to be positive, got 0}}
func.func private @yarn_of_no_positions() attributes {a = #ingot.yarn<factor = 4.0 : f64, original = 0, beta_fast = 32.0 : f64, beta_slow = 1.0 : f64, magnitude = 1.0 : f64>}

// -----

// expected-error @+1 {{expects 0 < yarn beta_slow <= beta_fast, got 3.200000e+01 : f64 and 1.000000e+00}}
func.func private @yarn_betas_swapped() attributes {a = #ingot.yarn<factor = 4.0 : f64, original = 256, beta_fast = 1.0 : f64, beta_slow = 32.0 : f64, magnitude = 1.0 : f64>}

// -----

// expected-error @+1 {{expects 0 < yarn beta_slow <= beta_fast, got 0.000000e+00 : f64 and 3.200000e+01}}
func.func private @yarn_beta_of_zero() attributes {a = #ingot.yarn<factor = 4.0 : f64, original = 256, beta_fast = 32.0 : f64, beta_slow = 0.0 : f64, magnitude = 1.0 : f64>}

// -----

// expected-error @+1 {{expects rope dim to be even and positive, got 63}}
func.func private @rope_of_odd_dim() attributes {a = #ingot.rope<dim = 63, theta = 1.0e4 : f64, layout = halves>}

// -----

// expected-error @+1 {{expects rope dim to be even and positive, got 0}}
func.func private @rope_of_dim_zero() attributes {a = #ingot.rope<dim = 0, theta = 1.0e4 : f64, layout = halves>}

// -----

// expected-error @+1 {{expects rope theta above 1, got 1.000000e+00}}
func.func private @rope_theta_of_one() attributes {a = #ingot.rope<dim = 4, theta = 1.0 : f64, layout = halves>}

// -----

// expected-error @+1 {{expects rope scaling to be yarn, ntk_by_parts or linear_positions, got 4 : i64}}
func.func private @rope_scaled_by_a_number() attributes {a = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = halves, scaling = 4 : i64>}

// -----

// expected-error @+1 {{expects routing top_k to be positive, got 0}}
func.func private @routing_to_nobody() attributes {a = #ingot.routing<score = sigmoid, top_k = 0, groups = 4, top_groups = 2, group_score = max, renormalize = true, scale = 1.0 : f64>}

// -----

// expected-error @+1 {{expects 1 <= routing top_groups <= groups, got 2 of 0}}
func.func private @routing_in_no_groups() attributes {a = #ingot.routing<score = sigmoid, top_k = 2, groups = 0, top_groups = 2, group_score = max, renormalize = true, scale = 1.0 : f64>}

// -----

// expected-error @+1 {{expects 1 <= routing top_groups <= groups, got 0 of 4}}
func.func private @routing_keeps_no_group() attributes {a = #ingot.routing<score = sigmoid, top_k = 2, groups = 4, top_groups = 0, group_score = max, renormalize = true, scale = 1.0 : f64>}

// -----

// expected-error @+1 {{expects 1 <= routing top_groups <= groups, got 5 of 4}}
func.func private @routing_keeps_more_groups_than_there_are() attributes {a = #ingot.routing<score = sigmoid, top_k = 2, groups = 4, top_groups = 5, group_score = max, renormalize = true, scale = 1.0 : f64>}

// -----

// expected-error @+1 {{expects bucket sizes to be positive, got 1 tokens of each of 0 sequences, 1 rows, context 64}}
func.func private @bucket_of_no_sequences() attributes {a = #ingot.bucket<tokens = 4, per_sequence = 1, sequences = 0, rows = 1, context = 64>}

// -----

// expected-error @+1 {{expects bucket tokens to cover those of a sequence, one of each and all rows, got 4 for 1, 2 and 8}}
func.func private @bucket_with_more_rows_than_tokens() attributes {a = #ingot.bucket<tokens = 4, per_sequence = 1, sequences = 2, rows = 8, context = 64>}

// -----

// expected-error @+1 {{expects ntk_by_parts factor of at least 1, got 5.000000e-01}}
func.func private @ntk_by_parts_that_shrinks() attributes {a = #ingot.ntk_by_parts<factor = 0.5 : f64, low_freq_factor = 1.0 : f64, high_freq_factor = 4.0 : f64, original = 8192>}

// -----

// expected-error @+1 {{expects 0 < ntk_by_parts low_freq_factor <= high_freq_factor, got 4.000000e+00 : f64 and 1.000000e+00}}
func.func private @ntk_by_parts_bounds_swapped() attributes {a = #ingot.ntk_by_parts<factor = 8.0 : f64, low_freq_factor = 4.0 : f64, high_freq_factor = 1.0 : f64, original = 8192>}

// -----

// expected-error @+1 {{expects ntk_by_parts original positions to be positive, got 0}}
func.func private @ntk_by_parts_of_no_positions() attributes {a = #ingot.ntk_by_parts<factor = 8.0 : f64, low_freq_factor = 1.0 : f64, high_freq_factor = 4.0 : f64, original = 0>}

// -----

// expected-error @+1 {{expects linear_positions factor of at least 1, got 0.000000e+00}}
func.func private @linear_positions_by_zero() attributes {a = #ingot.linear_positions<factor = 0.0 : f64>}

// -----

// expected-error @+1 {{expects chunked size to be positive, got 0}}
func.func private @chunks_of_nothing() attributes {a = #ingot.chunked<size = 0>}

// -----

// expected-error @+1 {{expects sliding size to be positive, got -1}}
func.func private @window_of_less_than_nothing() attributes {a = #ingot.sliding<size = -1>}

// -----

// expected-error @+1 {{expects temperature floor to be positive, got 0}}
func.func private @temperature_floor_of_zero() attributes {a = #ingot.temperature<floor = 0, scale = 0.1 : f64>}
