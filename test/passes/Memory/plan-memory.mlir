// RUN: ingot-opt %s --ingot-plan-memory | FileCheck %s

// T is at most 4, so a buffer of 16 floats a row has 4 * 16 * 4 = 256 bytes.

plan.symbol @T max 4
// Two buffers of 256 bytes are alive at a time.
// CHECK: plan.arena @workspace workspace bytes 512
plan.arena @workspace workspace
// Both entries' buffers, 64 + 64 bytes: the host may read one entry's output
// while it writes the other's input.
// CHECK: plan.arena @io io bytes 128
plan.arena @io io
// CHECK: plan.arena @kv_cache kv_cache bytes 2048
plan.arena @kv_cache kv_cache
plan.kernel @k

// CHECK-LABEL: plan.entry @chain
plan.entry @chain {
  // CHECK: plan.buffer @io rows @T at 0
  %in = plan.buffer @io rows @T : memref<?xi32>
  // Launch 0 to 1: the first at 0.
  // CHECK: plan.buffer @workspace rows @T at 0
  %a = plan.buffer @workspace rows @T : memref<?x16xf32>
  // Launch 1 to 2: beside the first (+256).
  // CHECK: plan.buffer @workspace rows @T at 256
  %b = plan.buffer @workspace rows @T : memref<?x16xf32>
  // Launch 2: the first is dead by now (reuse 0).
  // CHECK: plan.buffer @workspace rows @T at 0
  %c = plan.buffer @workspace rows @T : memref<?x16xf32>
  // A layer of the cache was placed when it was laid out.
  // CHECK: plan.buffer @kv_cache at 1024
  %kv = plan.buffer @kv_cache at 1024 : memref<64x4xf32>
  plan.launch @k "0" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%in, %a : memref<?xi32>, memref<?x16xf32>) writes [1]
  plan.launch @k "1" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%a, %b : memref<?x16xf32>, memref<?x16xf32>) writes [1]
  plan.launch @k "2" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%b, %c : memref<?x16xf32>, memref<?x16xf32>) writes [1]
}

// CHECK-LABEL: plan.entry @other
plan.entry @other {
  // CHECK: plan.buffer @io rows @T at 64
  %in = plan.buffer @io rows @T : memref<?xi32>
  // Entries never run at the same time, so the workspace starts at 0 again.
  // CHECK: plan.buffer @workspace rows @T at 0
  %a = plan.buffer @workspace rows @T : memref<?x16xf32>
}

// An entry's buffers are sized for its own bucket: 1 * 16 * 4 = 64 bytes each.
// CHECK-LABEL: plan.entry @small
plan.entry @small bucket {T = 1} {
  // CHECK: plan.buffer @workspace rows @T at 0
  %a = plan.buffer @workspace rows @T : memref<?x16xf32>
  // CHECK: plan.buffer @workspace rows @T at 64
  %b = plan.buffer @workspace rows @T : memref<?x16xf32>
  plan.launch @k "0" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%a, %b : memref<?x16xf32>, memref<?x16xf32>) writes [1]
}
