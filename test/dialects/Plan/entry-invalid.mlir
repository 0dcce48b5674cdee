// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// expected-error @below {{expects ceildiv by a positive number, got 0}}
func.func private @grid_size(i64 {plan.size = #plan.expr<"T" * 1 + 0 ceildiv 0>})

// -----

// expected-error @below {{expects a size that is not negative, got factor -1 and addend 0}}
func.func private @grid_size(i64 {plan.size = #plan.expr<"T" * -1 + 0 ceildiv 1>})

// -----

// expected-error @below {{expects costs that are not negative, got -4}}
func.func private @cost(i64 {plan.cost = #plan.cost<rows = "T", row_bytes = -4>})

// -----

// expected-error @below {{expects costs that are not negative, got -3}}
func.func private @form_cost(i64 {plan.cost = #plan.form_cost<bytes = 1, flops = -3, exchanges = 1>})

// -----

// expected-error @below {{expected ::ingot::plan::AttentionForm to be one of: expanded, reassociated}}
// expected-error @below {{failed to parse Plan_AbsorptionAttr parameter 'form'}}
plan.entry @form_unknown absorption <form = folded, expanded = <bytes = 1, flops = 1, exchanges = 1>, reassociated = <bytes = 1, flops = 1, exchanges = 3>> {
}

// -----

// expected-error @below {{expects costs that are not negative, got -1}}
// expected-error @below {{failed to parse Plan_AbsorptionAttr parameter 'reassociated'}}
plan.entry @form_cost_negative absorption <form = expanded, expanded = <bytes = 1, flops = 1, exchanges = 1>, reassociated = <bytes = 1, flops = 1, exchanges = -1>> {
}

// -----

plan.entry @arena_unknown {
  // (C1) of plan.buffer
  // expected-error @below {{expects @nowhere to be a plan.arena}}
  %0 = plan.buffer @nowhere : memref<4xf32>
}

// -----

plan.arena @io io
plan.entry @rows_unknown {
  // (C2) of plan.buffer
  // expected-error @below {{expects @T to be a plan.symbol}}
  %0 = plan.buffer @io rows @T : memref<?xf32>
}

// -----

plan.arena @io io
plan.entry @rows_missing {
  // (C2) of plan.buffer: nothing says how long the dynamic dimension is.
  // expected-error @below {{expects rows exactly for a dynamic leading dimension, got 'memref<?xf32>'}}
  %0 = plan.buffer @io : memref<?xf32>
}

// -----

plan.symbol @T max 4
plan.arena @io io
plan.entry @inner_dimension_dynamic {
  // (C3) of plan.buffer
  // expected-error @below {{expects only the leading dimension to be dynamic, got 'memref<?x?xf32>'}}
  %0 = plan.buffer @io rows @T : memref<?x?xf32>
}

// -----

plan.arena @io io
plan.entry @offset_unaligned {
  // (C4) of plan.buffer: 32 is not a cache line's boundary.
  // expected-error @below {{expects an offset that is a multiple of 64, got 32}}
  %0 = plan.buffer @io at 32 : memref<4xf32>
}

// -----

plan.entry @weight_unknown {
  // (C1) of plan.get_weight
  // expected-error @below {{expects @w to be a plan.weight}}
  %0 = plan.get_weight @w : !plan.address
}

// -----

plan.entry @symbol_unknown {
  // (C1) of plan.get_symbol
  // expected-error @below {{expects @T to be a plan.symbol}}
  %0 = plan.get_symbol @T : i64
}

// -----

plan.arena @io io
plan.entry @kernel_unknown {
  %0 = plan.buffer @io : memref<4xf32>
  // (C1) of plan.launch
  // expected-error @below {{expects @k to be a plan.kernel}}
  plan.launch @k "a" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0 : memref<4xf32>) writes [0]
}

// -----

plan.arena @io io
plan.kernel @k
plan.entry @grid_of_two {
  %0 = plan.buffer @io : memref<4xf32>
  // (C2) of plan.launch
  // expected-error @below {{expects a grid of 3 sizes, got 2}}
  plan.launch @k "a" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0 : memref<4xf32>) writes [0]
}

// -----

plan.arena @io io
plan.kernel @k
plan.entry @nothing_written {
  %0 = plan.buffer @io : memref<4xf32>
  // (C3) of plan.launch: a launch that writes nothing does nothing.
  // expected-error @below {{expects at least one written slot}}
  plan.launch @k "a" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0 : memref<4xf32>) writes []
}

// -----

plan.weight @w : tensor<4xf32> from "w"
plan.kernel @k
plan.entry @weight_written {
  %0 = plan.get_weight @w : !plan.address
  // (C3) of plan.launch
  // expected-error @below {{expects written slot 0 to be a buffer or a part}}
  plan.launch @k "a" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0 : !plan.address) writes [0]
}

// -----

plan.arena @io io
plan.kernel @k
plan.entry @grid_symbol_unknown {
  %0 = plan.buffer @io : memref<4xf32>
  // (C4) of plan.launch
  // expected-error @below {{expects @Q to be a plan.symbol}}
  plan.launch @k "a" grid [#plan.expr<"Q" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0 : memref<4xf32>) writes [0]
}

// -----

plan.arena @io io
plan.kernel @k
plan.entry @cost_symbol_unknown {
  %0 = plan.buffer @io : memref<4xf32>
  // (C4) of plan.launch
  // expected-error @below {{expects @Q to be a plan.symbol}}
  plan.launch @k "a" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0 : memref<4xf32>) writes [0] cost <rows = "Q", row_bytes = 16>
}

// -----

// (C1) of plan.entry
// expected-error @below {{expects @T to be a plan.symbol}}
plan.entry @bucket_symbol_unknown bucket {T = 4} {
}

// -----

plan.symbol @T max 4
// (C1) of plan.entry
// expected-error @below {{expects a bucket of 1 to 4 for @T, got 5 : i64}}
plan.entry @bucket_beyond_maximum bucket {T = 5} {
}

// -----

plan.pack {
  // (C1) of plan.get_part
  // expected-error @below {{expects @w to be a plan.weight}}
  %0 = plan.get_part @w : !plan.address
}

// -----

plan.arena @io io
plan.pack {
  // (C1) of plan.pack
  // expected-error @below {{expects not to stand in a plan.pack}}
  %0 = plan.buffer @io : memref<4xf32>
}

// -----

plan.kernel @k
plan.weight @w : tensor<2x4x4xf32> from "w.{e}"
plan.weight @q : tensor<2x4x4xf32> packed in 2
plan.weight @v : tensor<2x4x4xf32> from "v"
plan.pack {
  %v = plan.get_part @v : !plan.address
  %q = plan.get_part @q : !plan.address
  // (C2) of plan.pack
  // expected-error @below {{expects weights of equally many parts, got 1 and 2}}
  plan.launch @k "v" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
    (%v, %q : !plan.address, !plan.address) writes [1]
}

// -----

plan.kernel @k
plan.weight @w : tensor<2x4x4xf32> from "w.{e}"
plan.weight @q : tensor<2x4x4xf32> packed in 2
plan.pack {
  %w = plan.get_part @w : !plan.address
  %q = plan.get_part @q : !plan.address
  // (C3) of plan.pack
  // expected-error @below {{expects not to write @w here}}
  plan.launch @k "w" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
    (%w, %q : !plan.address, !plan.address) writes [0]
}

// -----

plan.kernel @k
plan.weight @w : tensor<2x4x4xf32> from "w.{e}"
plan.weight @q : tensor<2x4x4xf32> packed in 2
plan.pack {
  %w = plan.get_part @w : !plan.address
  %q = plan.get_part @q : !plan.address
  plan.launch @k "w" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
    (%w, %q : !plan.address, !plan.address) writes [1]
  // (C3) of plan.pack: twice.
  // expected-error @below {{expects not to write @q here}}
  plan.launch @k "w" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
    (%w, %q : !plan.address, !plan.address) writes [1]
}

// -----

plan.kernel @k
plan.weight @w : tensor<2x4x4xf32> from "w.{e}"
plan.weight @q : tensor<2x4x4xf32> packed in 2
plan.weight @r : tensor<2x4x4xf32> packed in 2
plan.pack {
  %q = plan.get_part @q : !plan.address
  %r = plan.get_part @r : !plan.address
  // (C3) of plan.pack: nothing has computed it yet.
  // expected-error @below {{expects not to read @q here}}
  plan.launch @k "r" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
    (%q, %r : !plan.address, !plan.address) writes [1]
}

// -----

plan.kernel @k
plan.weight @q : tensor<2x4x4xf32> packed in 2
func.func @address_from_outside(%x: !plan.address) {
  plan.pack {
    %q = plan.get_part @q : !plan.address
    // (C1) of plan.pack
    // expected-error @below {{expects only parts of weights}}
    plan.launch @k "x" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %q : !plan.address, !plan.address) writes [1]
  }
  return
}
