// RUN: ingot-opt %s --ingot-absorb-latent-projections | FileCheck %s --check-prefixes=CHECK,AUTO
// RUN: ingot-opt %s --ingot-absorb-latent-projections=form=none | FileCheck %s --check-prefixes=CHECK,NONE
// RUN: ingot-opt %s --ingot-absorb-latent-projections=form=reassociate | FileCheck %s --check-prefixes=CHECK,ALL
// RUN: ingot-opt %s --ingot-absorb-latent-projections -verify-diagnostics -o /dev/null

// One token in a context of 64, by hand: h = 4, d = w = 64, p = 32, r = 128.
// kv_b has 512 * 128 * 2 = 131072 bytes, 64 cached rows 64 * 160 * 4 = 40960; q is 1536
// and the result 1024 bytes.
//   expanded: 131072 + 40960 + 1536 + 1024 = 174592 bytes; 64 rows times
//     2 * 512 * 128 = 8388608 flops, and 64 pairs times 2 * 4 * 160 = 81920;
//   reassociated: twice 4 * 4 * (128 + 32) = 2560 and twice 4 * 4 * 128 = 2048 bytes
//     more; 131072 flops for the token, 64 pairs times 2 * 4 * 288 = 147456.
// CHECK-LABEL: func.func @decode
// NONE-SAME:     ingot.absorption = #plan.absorption<form = expanded,
// AUTO-SAME:     ingot.absorption = #plan.absorption<form = reassociated,
// ALL-SAME:      ingot.absorption = #plan.absorption<form = reassociated,
// CHECK-SAME:    expanded = <bytes = 174592, flops = 8470528, exchanges = 1>,
// CHECK-SAME:    reassociated = <bytes = 183808, flops = 278528, exchanges = 3>>
// NONE:          ingot.latent_attention
// AUTO:          %[[Q:.*]] = ingot.absorb_query %{{.*}}, %{{.*}} heads 4 nope 64 rope 32 value 64 : tensor<?x384xf32>, tensor<512x128xbf16> -> tensor<?x640xf32>
// AUTO:          %[[L:.*]] = ingot.attend_latent %[[Q]], %{{.*}}[2], %{{.*}} heads 4 rope 32 scale 1.000000e-01 : tensor<?x640xf32>, <5x160xf32> -> tensor<?x512xf32>
// AUTO:          %[[V:.*]] = ingot.project_value %[[L]], %{{.*}} heads 4 nope 64 value 64 : tensor<?x512xf32>, tensor<512x128xbf16> -> tensor<?x256xf32> {ingot.tap = "attention"}
// AUTO:          return %[[V]]
// ALL-NOT:       ingot.latent_attention
// expected-remark @+1 {{latent attention is reassociated in @decode: a step of 1 tokens in a context of 64 costs its 1 layers 174592 bytes, 8470528 flops, 1 exchanges expanded, 183808 bytes, 278528 flops, 3 exchanges reassociated}}
func.func @decode(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128xbf16>, %batch: !ingot.batch) -> tensor<?x256xf32>
    attributes {ingot.bucket = #ingot.bucket<tokens = 1, per_sequence = 1, sequences = 1, rows = 1, context = 64>} {
  %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 4 nope 64 rope 32 value 64 scale 0.1
    : tensor<?x384xf32>, !ingot.kv_cache<5x160xf32>, tensor<512x128xbf16> -> tensor<?x256xf32> {ingot.tap = "attention"}
  return %0 : tensor<?x256xf32>
}

// A chunk of a prompt, and four sequences of as many tokens together: what they
// expand is not shared. In FP8 the scales of 4 blocks count.
// CHECK-LABEL: func.func @prefill
// AUTO-SAME:     form = expanded
// AUTO:          ingot.latent_attention
// ALL-NOT:       ingot.latent_attention
// expected-remark @+1 {{latent attention is expanded in @prefill: a step of 256 tokens in a context of 1024 costs its 1 layers}}
func.func @prefill(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, %batch: !ingot.batch) -> tensor<?x256xf32>
    attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 1024>} {
  %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 4 nope 64 rope 32 value 64 scale 0.1
    : tensor<?x384xf32>, !ingot.kv_cache<5x160xf32>, tensor<512x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @many_sequences
// AUTO-SAME:     form = reassociated
// AUTO-NOT:      ingot.latent_attention
// expected-remark @+1 {{latent attention is reassociated in @many_sequences}}
func.func @many_sequences(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128xbf16>, %batch: !ingot.batch) -> tensor<?x256xf32>
    attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = 1, sequences = 256, rows = 256, context = 1024>} {
  %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 4 nope 64 rope 32 value 64 scale 0.1
    : tensor<?x384xf32>, !ingot.kv_cache<5x160xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// CHECK-LABEL: func.func @without_attention
// CHECK-NOT:     ingot.absorption
func.func @without_attention(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}
