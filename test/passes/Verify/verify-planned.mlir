// RUN: ingot-opt %s -split-input-file --ingot-verify-planned -verify-diagnostics

// 64 floats are 256 bytes: they fill the arena and do not overlap.
plan.arena @workspace workspace bytes 256
plan.kernel @k
plan.entry @planned {
  %0 = plan.buffer @workspace at 0 : memref<32xf32>
  %1 = plan.buffer @workspace at 128 : memref<32xf32>
  plan.launch @k "a" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0, %1 : memref<32xf32>, memref<32xf32>) writes [1]
}

// -----

plan.arena @workspace workspace bytes 256
plan.entry @offset_missing {
  // expected-error @below {{expects an offset after memory planning}}
  %0 = plan.buffer @workspace : memref<64xf32>
}

// -----

// expected-error @below {{expects a size after memory planning}}
plan.arena @workspace workspace
plan.entry @size_missing {
  %0 = plan.buffer @workspace at 0 : memref<64xf32>
}

// -----

plan.arena @workspace workspace bytes 256
plan.entry @beyond_arena {
  // 64 + 64 * 4 = 320 bytes.
  // expected-error @below {{expects to end within the 256 bytes of its arena, got 320}}
  %0 = plan.buffer @workspace at 64 : memref<64xf32>
}

// -----

plan.arena @workspace workspace bytes 256
plan.kernel @k
plan.entry @written_buffer_overlaps {
  %0 = plan.buffer @workspace at 0 : memref<32xf32>
  // Bytes 64 to 192, of which the first 64 belong to the other buffer too.
  %1 = plan.buffer @workspace at 64 : memref<32xf32>
  // expected-error @below {{expects written slot 1 to share no byte with the other arguments}}
  plan.launch @k "a" grid [#plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>] (%0, %1 : memref<32xf32>, memref<32xf32>) writes [1]
}
