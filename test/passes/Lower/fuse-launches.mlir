// RUN: ingot-opt %s --ingot-fuse-launches -split-input-file | FileCheck %s

// A row is handed on; what the second writes comes first, and what is launched no more is
// declared no more.
// CHECK-LABEL: module
// CHECK-NOT: plan.kernel @split{{$}}
// CHECK: plan.kernel @split_then_rope
// CHECK: plan.launch @split_then_rope "k_rope" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>
// CHECK-SAME: (%0, %1, %1, %2 : {{.*}}) writes [3, 1] cost <rows = "T", row_bytes = 16>
module {
  plan.symbol @T max 4
  plan.arena @workspace workspace
  plan.kernel @split
  plan.kernel @rope
  plan.entry @decode {
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %a = plan.buffer @workspace rows @T : memref<?x4xf32>
    %y = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @split "kv_split" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %a : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @rope "k_rope" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%a, %y : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
  }
}

// -----

// Rows that are independent stand side by side along y, and a chain counts as one.
// CHECK-LABEL: module
// CHECK: plan.launch @rope_and_split_then_norm "q_rope" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 2 ceildiv 1>
// CHECK-SAME: (%0, %1, %2, %3, %3, %4 : {{.*}}) writes [1, 5, 3]
module {
  plan.symbol @T max 4
  plan.arena @workspace workspace
  plan.kernel @rope
  plan.kernel @split
  plan.kernel @norm
  plan.entry @decode {
    %q = plan.buffer @workspace rows @T : memref<?x4xf32>
    %r = plan.buffer @workspace rows @T : memref<?x4xf32>
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %a = plan.buffer @workspace rows @T : memref<?x4xf32>
    %y = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @rope "q_rope" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%q, %r : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @split "kv_split" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %a : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @norm "kv_norm" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%a, %y : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
  }
}

// -----

// Products of the same rows: the second moves over what it does not depend on.
// CHECK-LABEL: module
// CHECK: plan.launch @query_and_key "q_proj" grid [#plan.expr<"" * 0 + 8 ceildiv 1>, #plan.expr<"T" * 1 + 0 ceildiv 8>
// CHECK-SAME: (%0, %1, %0, %2 : {{.*}}) writes [1, 3]
// CHECK-NEXT: plan.launch @rope "q_rope"
module {
  plan.symbol @T max 4
  plan.arena @workspace workspace
  plan.kernel @query
  plan.kernel @rope
  plan.kernel @key
  plan.entry @decode {
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %q = plan.buffer @workspace rows @T : memref<?x4xf32>
    %k = plan.buffer @workspace rows @T : memref<?x4xf32>
    %r = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @query "q_proj" grid [#plan.expr<"" * 0 + 5 ceildiv 1>, #plan.expr<"T" * 1 + 0 ceildiv 8>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %q : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @rope "q_rope" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%q, %r : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @key "k_proj" grid [#plan.expr<"" * 0 + 3 ceildiv 1>, #plan.expr<"T" * 1 + 0 ceildiv 8>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %k : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
  }
}

// -----

// Of two that it may stand beside, a launch takes the earlier: what needs its result can
// stand beside the later then.
// CHECK-LABEL: module
// CHECK: plan.launch @logits_and_up "gate" grid [#plan.expr<"" * 0 + 8 ceildiv 1>
// CHECK-NEXT: plan.launch @route_and_down "route" grid [#plan.expr<"" * 0 + 3 ceildiv 1>
// CHECK-SAME: (%1, %3, %2, %4 : {{.*}}) writes [1, 3]
module {
  plan.symbol @T max 1
  plan.arena @workspace workspace
  plan.kernel @logits
  plan.kernel @route
  plan.kernel @up
  plan.kernel @down
  plan.entry @decode_single {
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %l = plan.buffer @workspace rows @T : memref<?x4xf32>
    %h = plan.buffer @workspace rows @T : memref<?x4xf32>
    %w = plan.buffer @workspace rows @T : memref<?x4xf32>
    %y = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @logits "gate" grid [#plan.expr<"" * 0 + 5 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %l : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @route "route" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%l, %w : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @up "up" grid [#plan.expr<"" * 0 + 3 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %h : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @down "down" grid [#plan.expr<"" * 0 + 2 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%h, %y : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
  }
}

// -----

// One that reads what the other writes waits for it.
// CHECK-LABEL: module
// CHECK: plan.launch @up "up"
// CHECK-NEXT: plan.launch @down "down"
module {
  plan.symbol @T max 4
  plan.arena @workspace workspace
  plan.kernel @up
  plan.kernel @down
  plan.entry @decode {
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %h = plan.buffer @workspace rows @T : memref<?x4xf32>
    %y = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @up "up" grid [#plan.expr<"" * 0 + 5 ceildiv 1>, #plan.expr<"T" * 1 + 0 ceildiv 8>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %h : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @down "down" grid [#plan.expr<"" * 0 + 3 ceildiv 1>, #plan.expr<"T" * 1 + 0 ceildiv 8>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%h, %y : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
  }
}

// -----

// And so does one that writes what the other reads.
// CHECK-LABEL: module
// CHECK: plan.launch @first "first"
// CHECK-NEXT: plan.launch @second "second"
module {
  plan.symbol @T max 4
  plan.arena @workspace workspace
  plan.kernel @first
  plan.kernel @second
  plan.entry @decode {
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %h = plan.buffer @workspace rows @T : memref<?x4xf32>
    %y = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @first "first" grid [#plan.expr<"" * 0 + 5 ceildiv 1>, #plan.expr<"T" * 1 + 0 ceildiv 8>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %h : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @second "second" grid [#plan.expr<"" * 0 + 3 ceildiv 1>, #plan.expr<"T" * 1 + 0 ceildiv 8>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%y, %x : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
  }
}

// -----

// A launch that is watched keeps its name, and its result comes first; two that are
// watched stay apart.
// CHECK-LABEL: module
// CHECK: plan.launch @embed_then_norm "embed"
// CHECK-SAME: writes [1, 3] tap "hidden.0"
// CHECK-NEXT: plan.launch @add "add"
// CHECK-SAME: tap "hidden.1"
module {
  plan.symbol @T max 4
  plan.arena @workspace workspace
  plan.kernel @embed
  plan.kernel @norm
  plan.kernel @add
  plan.entry @decode {
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %a = plan.buffer @workspace rows @T : memref<?x4xf32>
    %y = plan.buffer @workspace rows @T : memref<?x4xf32>
    %z = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @embed "embed" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %a : memref<?x4xf32>, memref<?x4xf32>) writes [1] tap "hidden.0" cost <rows = "T", row_bytes = 8>
    plan.launch @norm "norm" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%a, %y : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", row_bytes = 8>
    plan.launch @add "add" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%y, %z : memref<?x4xf32>, memref<?x4xf32>) writes [1] tap "hidden.1" cost <rows = "T", row_bytes = 8>
  }
}

// -----

// A cost says of one table of parts what is read of it, not of two.
// CHECK-LABEL: module
// CHECK: plan.launch @first "first"
// CHECK-NEXT: plan.launch @second "second"
module {
  plan.symbol @T max 4
  plan.arena @workspace workspace
  plan.kernel @first
  plan.kernel @second
  plan.entry @decode {
    %x = plan.buffer @workspace rows @T : memref<?x4xf32>
    %a = plan.buffer @workspace rows @T : memref<?x4xf32>
    %y = plan.buffer @workspace rows @T : memref<?x4xf32>
    plan.launch @first "first" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%x, %a : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", parts = 4, part_bytes = 8, row_parts = 1>
    plan.launch @second "second" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
      (%a, %y : memref<?x4xf32>, memref<?x4xf32>) writes [1] cost <rows = "T", parts = 4, part_bytes = 8, row_parts = 1>
  }
}
