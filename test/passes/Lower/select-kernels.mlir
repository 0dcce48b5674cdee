// RUN: ingot-opt %s --ingot-select-kernels -split-input-file | FileCheck %s

// What every plan declares: symbols, the pool of pages (4 sequences of 16 pages
// and page 0), arenas; then what the entry needs, in the order in which it comes up.
// CHECK: plan.model context 1024 batch 4 vocab 512 hidden 256
// CHECK: plan.symbol @T max 256
// CHECK: plan.symbol @S max 4
// CHECK: plan.symbol @R max 256
// CHECK: plan.kv_cache page 64 pages 65 per_sequence 16
// CHECK: plan.arena @workspace workspace
// CHECK: plan.arena @io io
// CHECK: plan.arena @kv_cache kv_cache
module attributes {ingot.model = {vocab_size = 512 : i64, hidden_size = 256 : i64}} {

// A scaled weight is two weights of the plan: its values and its scales, which
// have one element for each block of 128x128.
// CHECK: plan.kernel @linear_f8e4m3_n512_k256
// CHECK: plan.weight @w : tensor<512x256xf8E4M3FN> from "w"
// CHECK: plan.weight @w_scale : tensor<4x2xf32> from "w_scale"
ingot.weight @w : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> from "w" scale "w_scale"

// CHECK-LABEL: plan.entry @step
func.func @step(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"})
    -> (tensor<?x512xf32> {ingot.name = "logits"}) {
  // The batch is seven inputs, whether a kernel reads them or not.
  // CHECK: plan.input "tokens" %{{.*}} : memref<?xi32>
  // CHECK: plan.input "positions" %{{.*}} : memref<?xi32>
  // CHECK: plan.input "sequence" %{{.*}} : memref<?xi32>
  // CHECK: plan.input "slot" %{{.*}} : memref<?xi32>
  // CHECK: plan.input "query_end" %{{.*}} : memref<?xi32>
  // CHECK: plan.input "pages" %{{.*}} : memref<?x16xi32>
  // CHECK: plan.input "logit_row" %{{.*}} : memref<?xi32>
  // CHECK: %[[X:.*]] = plan.buffer @io rows @T : memref<?x256xf32>
  // CHECK: plan.input "hidden" %[[X]]
  %w = ingot.get_weight @w : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  // A result that nobody outside sees lies in the workspace, one that the
  // function returns in io.
  // CHECK: %[[Y:.*]] = plan.buffer @workspace rows @T : memref<?x512xf32>
  // CHECK: plan.launch @linear_f8e4m3_n512_k256 "layers.0.proj"
  // CHECK-SAME: writes [5]
  // CHECK-SAME: tap "hidden.0"
  // 512 * 256 codes and 8 scales; rows of 256 and 512 floats.
  // CHECK-SAME: cost <rows = "T", product = true, weight_bytes = 131104, row_bytes = 3072, row_flops = 262144>
  %y = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32> {ingot.tap = "hidden.0"} loc("layers.0.proj")
  // CHECK: %[[SUM:.*]] = plan.buffer @io rows @T : memref<?x512xf32>
  // CHECK: plan.launch @add
  %z = ingot.add %y, %y : tensor<?x512xf32>
  // CHECK: plan.output "logits" %[[SUM]]
  return %z : tensor<?x512xf32>
}
}

// -----

// CHECK-LABEL: plan.entry @cache {
func.func @cache(%batch: !ingot.batch, %c: !ingot.kv_cache<5x160xf32>, %latent: tensor<?x128xf32> {ingot.name = "hidden"}, %key: tensor<?x32xf32> {ingot.name = "key"}) -> !ingot.kv_cache<5x160xf32> {
  // Layer 2 of 65 pages of 64 rows of 160 floats: 2 * 65 * 64 * 160 * 4 bytes.
  // CHECK: %[[KV:.*]] = plan.buffer @kv_cache at 5324800 : memref<4160x160xf32>
  // CHECK: plan.launch @kv_append
  // CHECK-SAME: %[[KV]]
  %0 = ingot.kv_append %c[2], %latent, %key, %batch : !ingot.kv_cache<5x160xf32>, tensor<?x128xf32>, tensor<?x32xf32>
  return %0 : !ingot.kv_cache<5x160xf32>
}

// -----

// What was weighed for latent attention stays with its entry.
// CHECK-LABEL: plan.entry @decode
// CHECK-SAME: bucket {R = 4 : i64, S = 4 : i64, T = 4 : i64}
// CHECK-SAME: absorption <form = reassociated, expanded = <bytes = 174592, flops = 8470528, exchanges = 1>, reassociated = <bytes = 183808, flops = 278528, exchanges = 3>> {
func.func @decode(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}) -> (tensor<?x256xf32> {ingot.name = "logits"})
    attributes {ingot.bucket = #ingot.bucket<tokens = 4, per_sequence = 1, sequences = 4, rows = 4, context = 1024>,
                ingot.absorption = #plan.absorption<form = reassociated, expanded = <bytes = 174592, flops = 8470528, exchanges = 1>, reassociated = <bytes = 183808, flops = 278528, exchanges = 3>>} {
  %0 = ingot.add %x, %x : tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// -----

// Work on weights becomes launches between parts of weights; the entry reads what
// was packed, through a table where it is a stack.
// CHECK: plan.kernel @experts_up_f8e4m3
// CHECK: plan.weight @"gate.{e}.quantize" : tensor<16x128x256xf8E4M3FN> packed in 16
// CHECK: plan.weight @"gate.{e}.quantize.scale" : tensor<16x1x2xf32> packed in 16 scales @"gate.{e}.quantize"
// CHECK: plan.kernel @quantize_bf16_n128_k256
// CHECK: plan.weight @"gate.{e}" : tensor<16x128x256xbf16> from "gate.{e}"
ingot.weight @"gate.{e}" : tensor<16x128x256xbf16> from "gate.{e}"
ingot.weight @"gate.{e}.quantize" : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 16
ingot.weight @"down.{e}" : tensor<16x256x128xbf16> from "down.{e}"
// CHECK-LABEL: plan.entry @step
func.func @step(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}, %r: tensor<?x2xf32> {ingot.name = "r"}, %i: tensor<?x2xi32> {ingot.name = "i"}) -> (tensor<?x256xf32> {ingot.name = "logits"}) {
  // CHECK: plan.get_weight @"gate.{e}.quantize"
  // CHECK: plan.get_weight @"gate.{e}.quantize.scale"
  %q = ingot.get_weight @"gate.{e}.quantize" : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %down = ingot.get_weight @"down.{e}" : tensor<16x256x128xbf16>
  %0 = ingot.experts %x, %r, %i, %q, %q, %down : tensor<?x256xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x256x128xbf16>
  return %0 : tensor<?x256xf32>
}
// CHECK: plan.pack {
// CHECK-DAG: %[[W:.*]] = plan.get_part @"gate.{e}"
// CHECK-DAG: %[[Q:.*]] = plan.get_part @"gate.{e}.quantize"
// CHECK-DAG: %[[S:.*]] = plan.get_part @"gate.{e}.quantize.scale"
// A tile is a block: one row of two.
// CHECK: plan.launch @quantize_bf16_n128_k256 "layers.1.experts.gate" grid [#plan.expr<"" * 0 + 2 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
// CHECK-SAME: (%[[W]], %[[Q]], %[[S]] : !plan.address, !plan.address, !plan.address) writes [1, 2]
func.func private @pack() -> (tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {ingot.name = "gate.{e}.quantize"}) {
  %w = ingot.get_weight @"gate.{e}" : tensor<16x128x256xbf16>
  %q = ingot.quantize %w : tensor<16x128x256xbf16> -> tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> loc("layers.1.experts.gate")
  return %q : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
}

// -----

// What nothing but other work on weights reads is no weight: the kernel of that work
// starts from its source.
// CHECK: plan.weight @gate_up.transpose.quantize : tensor<16x64x256xf8E4M3FN> packed in 16
// CHECK: plan.weight @down.transpose : tensor<16x256x64xbf16> packed in 16
// CHECK: plan.kernel @quantize_bf16_n64_k256_columns64
// Sums over a weight that is stored in-out have as many terms as it has rows.
// CHECK: plan.weight @gate_up : tensor<16x256x128xbf16> from "gate_up#{e}" fan_in 256
// CHECK: plan.kernel @transpose_bf16_n256_k64
// CHECK: plan.weight @down : tensor<16x64x256xbf16> from "down#{e}" fan_in 64
ingot.weight @gate_up : tensor<16x256x128xbf16> from "gate_up#{e}"
ingot.weight @gate_up.transpose.quantize : tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 16
ingot.weight @down : tensor<16x64x256xbf16> from "down#{e}"
ingot.weight @down.transpose : tensor<16x256x64xbf16> packed in 16
func.func @step(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}, %r: tensor<?x1xf32> {ingot.name = "r"}, %i: tensor<?x1xi32> {ingot.name = "i"}) -> (tensor<?x256xf32> {ingot.name = "logits"}) {
  %up = ingot.get_weight @gate_up.transpose.quantize : tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %down = ingot.get_weight @down.transpose : tensor<16x256x64xbf16>
  %0 = ingot.experts %x, %r, %i, %up, %up, %down weights_on_input : tensor<?x256xf32>, tensor<?x1xf32>, tensor<?x1xi32>, tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x256x64xbf16>
  return %0 : tensor<?x256xf32>
}
// CHECK: plan.pack {
// CHECK-DAG: %[[W:.*]] = plan.get_part @gate_up :
// CHECK-DAG: %[[Q:.*]] = plan.get_part @gate_up.transpose.quantize :
// CHECK-DAG: %[[S:.*]] = plan.get_part @gate_up.transpose.quantize.scale
// CHECK: plan.launch @quantize_bf16_n64_k256_columns64
// CHECK-SAME: (%[[W]], %[[Q]], %[[S]] : !plan.address, !plan.address, !plan.address) writes [1, 2]
// CHECK-DAG: %[[D:.*]] = plan.get_part @down :
// CHECK-DAG: %[[T:.*]] = plan.get_part @down.transpose
// CHECK: plan.launch @transpose_bf16_n256_k64
// CHECK-SAME: (%[[D]], %[[T]] : !plan.address, !plan.address) writes [1]
func.func private @pack() -> (tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {ingot.name = "gate_up.transpose.quantize"}, tensor<16x256x64xbf16> {ingot.name = "down.transpose"}) {
  %w = ingot.get_weight @gate_up : tensor<16x256x128xbf16>
  %t = ingot.transpose %w columns 64 to 128 : tensor<16x256x128xbf16> -> tensor<16x64x256xbf16>
  %q = ingot.quantize %t : tensor<16x64x256xbf16> -> tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %d = ingot.get_weight @down : tensor<16x64x256xbf16>
  %u = ingot.transpose %d columns 0 to 256 : tensor<16x64x256xbf16> -> tensor<16x256x64xbf16>
  return %q, %u : tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x256x64xbf16>
}
