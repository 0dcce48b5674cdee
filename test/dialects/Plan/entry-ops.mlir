// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

plan.symbol @T max 256
plan.arena @io io
plan.arena @workspace workspace bytes 8192
plan.kernel @embed
plan.weight @table : tensor<2048x256xbf16> from "model.embed_tokens.weight"

// CHECK-LABEL: plan.entry @decode bucket {T = 8 : i64} {
plan.entry @decode bucket {T = 8} {
  // CHECK: %[[TOKENS:.*]] = plan.buffer @io rows @T : memref<?xi32>
  %tokens = plan.buffer @io rows @T : memref<?xi32>
  // CHECK: plan.input "tokens" %[[TOKENS]] : memref<?xi32>
  plan.input "tokens" %tokens : memref<?xi32>
  // CHECK: %[[TABLE:.*]] = plan.get_weight @table : !plan.address
  %table = plan.get_weight @table : !plan.address
  // CHECK: %[[T:.*]] = plan.get_symbol @T : i64
  %t = plan.get_symbol @T : i64
  // CHECK: %[[H:.*]] = plan.buffer @io rows @T : memref<?x256xf32>
  %h = plan.buffer @io rows @T : memref<?x256xf32>
  // CHECK: plan.buffer @workspace at 4096 : memref<16xf32>
  %s = plan.buffer @workspace at 4096 : memref<16xf32>
  // CHECK: plan.launch @embed "embed" grid [#plan.expr<"T" * 1 + 3 ceildiv 4>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
  // CHECK-SAME: (%[[TOKENS]], %[[TABLE]], %[[H]], %[[T]] : memref<?xi32>, !plan.address, memref<?x256xf32>, i64) writes [2] tap "hidden.0" cost <rows = "T", parts = 2048, part_bytes = 512, row_parts = 1>
  plan.launch @embed "embed" grid [#plan.expr<"T" * 1 + 3 ceildiv 4>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
    (%tokens, %table, %h, %t : memref<?xi32>, !plan.address, memref<?x256xf32>, i64) writes [2] tap "hidden.0" cost <rows = "T", parts = 2048, part_bytes = 512, row_parts = 1>
  // CHECK: plan.output "hidden" %[[H]] : memref<?x256xf32>
  plan.output "hidden" %h : memref<?x256xf32>
}

// CHECK: plan.entry @attention bucket {T = 8 : i64} absorption <form = reassociated, expanded = <bytes = 174592, flops = 8470528, exchanges = 1>, reassociated = <bytes = 183808, flops = 278528, exchanges = 3>> {
plan.entry @attention bucket {T = 8} absorption <form = reassociated, expanded = <bytes = 174592, flops = 8470528, exchanges = 1>, reassociated = <bytes = 183808, flops = 278528, exchanges = 3>> {
}

// CHECK: plan.entry @chunk absorption <form = expanded,
plan.entry @chunk absorption <form = expanded, expanded = <bytes = 1, flops = 2, exchanges = 1>, reassociated = <bytes = 3, flops = 4, exchanges = 3>> {
}

plan.weight @w : tensor<16x128x256xbf16> from "layers.1.experts.{e}.gate.weight"
plan.weight @q : tensor<16x128x256xf8E4M3FN> packed in 16
// CHECK: plan.pack {
plan.pack {
  // CHECK: %[[W:.*]] = plan.get_part @w : !plan.address
  %w = plan.get_part @w : !plan.address
  // CHECK: %[[Q:.*]] = plan.get_part @q : !plan.address
  %q = plan.get_part @q : !plan.address
  // CHECK: (%[[W]], %[[Q]] : !plan.address, !plan.address) writes [1]
  plan.launch @embed "w" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
    (%w, %q : !plan.address, !plan.address) writes [1]
}
