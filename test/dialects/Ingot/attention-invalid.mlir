// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
#rope = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = interleaved>
func.func @rope_of_a_vector(%x: tensor<8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.rope' op expects x to be [?, static], got 'tensor<8xf32>'}}
  %0 = ingot.rope %x, %batch heads 1 rope #rope : tensor<8xf32>
  return
}

// -----

// (C1)
#rope = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = interleaved>
func.func @rope_heads_do_not_divide_the_width(%x: tensor<?x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.rope' op expects heads to divide the width 8, got 3}}
  %0 = ingot.rope %x, %batch heads 3 rope #rope : tensor<?x8xf32>
  return
}

// -----

// (C1)
#rope = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = interleaved>
func.func @rope_of_no_heads(%x: tensor<?x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.rope' op expects heads to divide the width 8, got 0}}
  %0 = ingot.rope %x, %batch heads 0 rope #rope : tensor<?x8xf32>
  return
}

// -----

// (C2)
#rope = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = interleaved>
func.func @rope_wider_than_a_head(%x: tensor<?x6xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.rope' op expects rope dim of at most the head width 3, got 4}}
  %0 = ingot.rope %x, %batch heads 2 rope #rope : tensor<?x6xf32>
  return
}

// -----

// (C1)
func.func @kv_append_to_a_layer_too_high(%c: !ingot.kv_cache<2x6xf32>, %head: tensor<?x4xf32>, %tail: tensor<?x2xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.kv_append' op expects a layer of 0 to 1, got 2}}
  %0 = ingot.kv_append %c[2], %head, %tail, %batch : !ingot.kv_cache<2x6xf32>, tensor<?x4xf32>, tensor<?x2xf32>
  return
}

// -----

// (C1)
func.func @kv_append_to_a_negative_layer(%c: !ingot.kv_cache<2x6xf32>, %head: tensor<?x4xf32>, %tail: tensor<?x2xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.kv_append' op expects a layer of 0 to 1, got -1}}
  %0 = ingot.kv_append %c[-1], %head, %tail, %batch : !ingot.kv_cache<2x6xf32>, tensor<?x4xf32>, tensor<?x2xf32>
  return
}

// -----

// (C2)
func.func @kv_append_of_a_vector(%c: !ingot.kv_cache<2x6xf32>, %head: tensor<4xf32>, %tail: tensor<?x2xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.kv_append' op expects head to be [?, static], got 'tensor<4xf32>'}}
  %0 = ingot.kv_append %c[0], %head, %tail, %batch : !ingot.kv_cache<2x6xf32>, tensor<4xf32>, tensor<?x2xf32>
  return
}

// -----

// (C2)
func.func @kv_append_of_a_dynamic_tail(%c: !ingot.kv_cache<2x6xf32>, %head: tensor<?x4xf32>, %tail: tensor<?x?xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.kv_append' op expects tail to be [?, static], got 'tensor<?x?xf32>'}}
  %0 = ingot.kv_append %c[0], %head, %tail, %batch : !ingot.kv_cache<2x6xf32>, tensor<?x4xf32>, tensor<?x?xf32>
  return
}

// -----

// (C2)
func.func @kv_append_of_too_narrow_rows(%c: !ingot.kv_cache<2x6xf32>, %head: tensor<?x4xf32>, %tail: tensor<?x1xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.kv_append' op expects head and tail to fill the cache's width 6, got 4 and 1}}
  %0 = ingot.kv_append %c[0], %head, %tail, %batch : !ingot.kv_cache<2x6xf32>, tensor<?x4xf32>, tensor<?x1xf32>
  return
}

// -----

// (C2)
func.func @kv_append_of_a_head_wider_than_the_cache(%c: !ingot.kv_cache<2x6xf32>, %head: tensor<?x7xf32>, %tail: tensor<?x2xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.kv_append' op expects head and tail to fill the cache's width 6, got 7 and 2}}
  %0 = ingot.kv_append %c[0], %head, %tail, %batch : !ingot.kv_cache<2x6xf32>, tensor<?x7xf32>, tensor<?x2xf32>
  return
}

// -----

// (C1)
func.func @latent_attention_to_a_layer_too_high(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<10x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects a layer of 0 to 1, got 2}}
  %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 2 nope 3 rope 1 value 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32>, tensor<10x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C2)
func.func @latent_attention_query_without_its_rope_part(%q: tensor<?x6xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<10x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects q to be [?, 8], got 'tensor<?x6xf32>'}}
  %0 = ingot.latent_attention %q, %c[1], %kv_b, %batch heads 2 nope 3 rope 1 value 2 scale 1.0
    : tensor<?x6xf32>, !ingot.kv_cache<2x5xf32>, tensor<10x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C3)
func.func @latent_attention_kv_b_of_keys_only(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<6x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects kv_b to be [10, 4], got 'tensor<6x4xbf16>'}}
  %0 = ingot.latent_attention %q, %c[1], %kv_b, %batch heads 2 nope 3 rope 1 value 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32>, tensor<6x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C3)
func.func @latent_attention_kv_b_over_the_whole_cache_row(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<10x5xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects kv_b to be [10, 4], got 'tensor<10x5xbf16>'}}
  %0 = ingot.latent_attention %q, %c[1], %kv_b, %batch heads 2 nope 3 rope 1 value 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32>, tensor<10x5xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C4)
func.func @latent_attention_result_as_wide_as_the_query(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<10x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects result to be [?, 4], got 'tensor<?x8xf32>'}}
  %0 = ingot.latent_attention %q, %c[1], %kv_b, %batch heads 2 nope 3 rope 1 value 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32>, tensor<10x4xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C5)
func.func @latent_attention_of_no_heads(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<10x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects positive sizes and rope below the cache's width 5, got heads 0, nope 3, rope 1, value 2}}
  %0 = ingot.latent_attention %q, %c[1], %kv_b, %batch heads 0 nope 3 rope 1 value 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32>, tensor<10x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C5)
func.func @latent_attention_of_negative_sizes(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<10x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects positive sizes and rope below the cache's width 5, got heads 2, nope -3, rope 1, value 2}}
  %0 = ingot.latent_attention %q, %c[1], %kv_b, %batch heads 2 nope -3 rope 1 value 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32>, tensor<10x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C5)
func.func @latent_attention_rope_wider_than_the_cache(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %kv_b: tensor<10x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.latent_attention' op expects positive sizes and rope below the cache's width 5, got heads 2, nope 3, rope 6, value 2}}
  %0 = ingot.latent_attention %q, %c[1], %kv_b, %batch heads 2 nope 3 rope 6 value 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32>, tensor<10x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C1)
func.func @absorb_query_of_no_heads(%q: tensor<?x8xf32>, %kv_b: tensor<10x4xbf16>) {
  // expected-error @+1 {{'ingot.absorb_query' op expects positive sizes, got heads 0, nope 3, rope 1, value 2}}
  %0 = ingot.absorb_query %q, %kv_b heads 0 nope 3 rope 1 value 2 : tensor<?x8xf32>, tensor<10x4xbf16> -> tensor<?x10xf32>
  return
}

// -----

// (C2)
func.func @absorb_query_without_the_rope_part(%q: tensor<?x6xf32>, %kv_b: tensor<10x4xbf16>) {
  // expected-error @+1 {{'ingot.absorb_query' op expects q to be [?, 8], got 'tensor<?x6xf32>'}}
  %0 = ingot.absorb_query %q, %kv_b heads 2 nope 3 rope 1 value 2 : tensor<?x6xf32>, tensor<10x4xbf16> -> tensor<?x10xf32>
  return
}

// -----

// (C3)
func.func @absorb_query_with_keys_only(%q: tensor<?x8xf32>, %kv_b: tensor<6x4xbf16>) {
  // expected-error @+1 {{'ingot.absorb_query' op expects kv_b to be [10, static], got 'tensor<6x4xbf16>'}}
  %0 = ingot.absorb_query %q, %kv_b heads 2 nope 3 rope 1 value 2 : tensor<?x8xf32>, tensor<6x4xbf16> -> tensor<?x10xf32>
  return
}

// -----

// (C3)
func.func @absorb_query_with_a_vector(%q: tensor<?x8xf32>, %kv_b: tensor<10xbf16>) {
  // expected-error @+1 {{'ingot.absorb_query' op expects kv_b to be [10, static], got 'tensor<10xbf16>'}}
  %0 = ingot.absorb_query %q, %kv_b heads 2 nope 3 rope 1 value 2 : tensor<?x8xf32>, tensor<10xbf16> -> tensor<?x10xf32>
  return
}

// -----

// (C4)
func.func @absorb_query_result_without_the_rope_part(%q: tensor<?x8xf32>, %kv_b: tensor<10x4xbf16>) {
  // expected-error @+1 {{'ingot.absorb_query' op expects result to be [?, 10], got 'tensor<?x8xf32>'}}
  %0 = ingot.absorb_query %q, %kv_b heads 2 nope 3 rope 1 value 2 : tensor<?x8xf32>, tensor<10x4xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C1)
func.func @attend_latent_to_a_layer_too_high(%query: tensor<?x10xf32>, %c: !ingot.kv_cache<2x5xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attend_latent' op expects a layer of 0 to 1, got 2}}
  %0 = ingot.attend_latent %query, %c[2], %batch heads 2 rope 1 scale 1.0 : tensor<?x10xf32>, !ingot.kv_cache<2x5xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C2)
func.func @attend_latent_of_no_heads(%query: tensor<?x10xf32>, %c: !ingot.kv_cache<2x5xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attend_latent' op expects positive sizes and rope below the cache's width 5, got heads 0, rope 1}}
  %0 = ingot.attend_latent %query, %c[1], %batch heads 0 rope 1 scale 1.0 : tensor<?x10xf32>, !ingot.kv_cache<2x5xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C2)
func.func @attend_latent_with_a_rope_as_wide_as_the_cache(%query: tensor<?x10xf32>, %c: !ingot.kv_cache<2x5xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attend_latent' op expects positive sizes and rope below the cache's width 5, got heads 2, rope 5}}
  %0 = ingot.attend_latent %query, %c[1], %batch heads 2 rope 5 scale 1.0 : tensor<?x10xf32>, !ingot.kv_cache<2x5xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C3)
func.func @attend_latent_of_an_unabsorbed_query(%query: tensor<?x8xf32>, %c: !ingot.kv_cache<2x5xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attend_latent' op expects query to be [?, 10], got 'tensor<?x8xf32>'}}
  %0 = ingot.attend_latent %query, %c[1], %batch heads 2 rope 1 scale 1.0 : tensor<?x8xf32>, !ingot.kv_cache<2x5xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C4)
func.func @attend_latent_result_with_the_rope_part(%query: tensor<?x10xf32>, %c: !ingot.kv_cache<2x5xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attend_latent' op expects result to be [?, 8], got 'tensor<?x10xf32>'}}
  %0 = ingot.attend_latent %query, %c[1], %batch heads 2 rope 1 scale 1.0 : tensor<?x10xf32>, !ingot.kv_cache<2x5xf32> -> tensor<?x10xf32>
  return
}

// -----

// (C1)
func.func @project_value_of_negative_sizes(%latent: tensor<?x8xf32>, %kv_b: tensor<10x4xbf16>) {
  // expected-error @+1 {{'ingot.project_value' op expects positive sizes, got heads 2, nope -3, value 2}}
  %0 = ingot.project_value %latent, %kv_b heads 2 nope -3 value 2 : tensor<?x8xf32>, tensor<10x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C2)
func.func @project_value_with_values_only(%latent: tensor<?x8xf32>, %kv_b: tensor<4x4xbf16>) {
  // expected-error @+1 {{'ingot.project_value' op expects kv_b to be [10, static], got 'tensor<4x4xbf16>'}}
  %0 = ingot.project_value %latent, %kv_b heads 2 nope 3 value 2 : tensor<?x8xf32>, tensor<4x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C3)
func.func @project_value_of_whole_cache_rows(%latent: tensor<?x10xf32>, %kv_b: tensor<10x4xbf16>) {
  // expected-error @+1 {{'ingot.project_value' op expects latent to be [?, 8], got 'tensor<?x10xf32>'}}
  %0 = ingot.project_value %latent, %kv_b heads 2 nope 3 value 2 : tensor<?x10xf32>, tensor<10x4xbf16> -> tensor<?x4xf32>
  return
}

// -----

// (C4)
func.func @project_value_result_as_wide_as_the_latent(%latent: tensor<?x8xf32>, %kv_b: tensor<10x4xbf16>) {
  // expected-error @+1 {{'ingot.project_value' op expects result to be [?, 4], got 'tensor<?x8xf32>'}}
  %0 = ingot.project_value %latent, %kv_b heads 2 nope 3 value 2 : tensor<?x8xf32>, tensor<10x4xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C1)
func.func @attention_to_a_layer_too_high(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attention' op expects a layer of 0 to 1, got 2}}
  %0 = ingot.attention %q, %c[2], %batch heads 4 kv_heads 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x8xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C2)
func.func @attention_with_kv_heads_that_do_not_divide_heads(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attention' op expects kv_heads to divide heads, got 3 and 4}}
  %0 = ingot.attention %q, %c[1], %batch heads 4 kv_heads 3 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x8xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C2)
func.func @attention_without_kv_heads(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attention' op expects kv_heads to divide heads, got 0 and 4}}
  %0 = ingot.attention %q, %c[1], %batch heads 4 kv_heads 0 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x8xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C3)
func.func @attention_over_a_cache_of_keys_alone(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x6xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attention' op expects keys and values of 2 heads to fill the cache's width 6}}
  %0 = ingot.attention %q, %c[1], %batch heads 4 kv_heads 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x6xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C4)
func.func @attention_with_queries_of_too_few_heads(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attention' op expects q to be [?, 16], got 'tensor<?x8xf32>'}}
  %0 = ingot.attention %q, %c[1], %batch heads 8 kv_heads 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x8xf32> -> tensor<?x8xf32>
  return
}

// -----

// (C4)
func.func @attention_with_the_result_of_one_head(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attention' op expects result to be [?, 8], got 'tensor<?x2xf32>'}}
  %0 = ingot.attention %q, %c[1], %batch heads 4 kv_heads 2 scale 1.0
    : tensor<?x8xf32>, !ingot.kv_cache<2x8xf32> -> tensor<?x2xf32>
  return
}

// -----

// (C5)
func.func @attention_masked_by_a_number(%q: tensor<?x8xf32>, %c: !ingot.kv_cache<2x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.attention' op expects mask to be chunked or sliding, got 4 : i64}}
  %0 = ingot.attention %q, %c[1], %batch heads 4 kv_heads 2 scale 1.0 mask 4 : i64
    : tensor<?x8xf32>, !ingot.kv_cache<2x8xf32> -> tensor<?x8xf32>
  return
}
