//===- experts_up_grouped.mlir - gates of an expert for its tokens --------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// hidden[s] = silu(gate_e x[t]) * (up_e x[t]) for the slots s of expert e, those of
// the tokens t = s / #TOP_K. A tile is #TILE_ROWS of the #N intermediate values of
// all slots of one expert.
// With the weights #ON_INPUT products are multiplied by them: the same as those of
// the scaled input.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %starts: !llvm.ptr, %slots: !llvm.ptr,
                        %gates: !llvm.ptr, %gate_scales: !llvm.ptr,
                        %ups: !llvm.ptr, %up_scales: !llvm.ptr,
                        %weights: !CHOICE, %hidden: !Y,
                        %tx: index, %e: index, %tz: index) {
  %gate_sums = memref.alloca() : !TILE_SUMS
  %up_sums = memref.alloca() : !TILE_SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n_count = arith.constant #N
  %tile_rows = arith.constant #TILE_ROWS
  %tile_tokens = arith.constant #TILE_TOKENS
  %top_k = arith.constant #TOP_K
  %one = arith.constant 1.0 : f32
  %on_input = arith.constant #ON_INPUT
  %n = arith.muli %tx, %tile_rows : index
  %n_limit = arith.addi %n, %tile_rows : index
  %n_end = arith.minui %n_limit, %n_count : index
  %rows_here = arith.subi %n_end, %n : index
  %behind = arith.addi %e, %c1 : index
  %begin = func.call @entry(%starts, %e) : (!llvm.ptr, index) -> index
  %end = func.call @entry(%starts, %behind) : (!llvm.ptr, index) -> index
  %expert = arith.index_cast %e : index to i32
  %gate = func.call @expert(%gates, %expert) : (!llvm.ptr, i32) -> !llvm.ptr
  %gate_scale = func.call @expert(%gate_scales, %expert) : (!llvm.ptr, i32) -> !llvm.ptr
  %up = func.call @expert(%ups, %expert) : (!llvm.ptr, i32) -> !llvm.ptr
  %up_scale = func.call @expert(%up_scales, %expert) : (!llvm.ptr, i32) -> !llvm.ptr

  scf.for %at = %begin to %end step %tile_tokens {
    %rest = arith.subi %end, %at : index
    %tokens = arith.minui %rest, %tile_tokens : index
    func.call @tile_products(%gate, %gate_scale, %n, %n_end, %x, %slots, %at, %tokens, %gate_sums)
      : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, index, !TILE_SUMS) -> ()
    func.call @tile_products(%up, %up_scale, %n, %n_end, %x, %slots, %at, %tokens, %up_sums)
      : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, index, !TILE_SUMS) -> ()
    scf.for %i = %c0 to %tokens step %c1 {
      %listed = arith.addi %at, %i : index
      %slot = func.call @entry(%slots, %listed) : (!llvm.ptr, index) -> index
      %t = arith.divui %slot, %top_k : index
      %j = arith.remui %slot, %top_k : index
      %chosen = memref.load %weights[%t, %j] : !CHOICE
      %weight = arith.select %on_input, %chosen, %one : f32
      scf.for %r = %c0 to %rows_here step %c1 {
        %to = arith.addi %n, %r : index
        %gate_sum = memref.load %gate_sums[%i, %r] : !TILE_SUMS
        %up_sum = memref.load %up_sums[%i, %r] : !TILE_SUMS
        %g = arith.mulf %gate_sum, %weight : f32
        %u = arith.mulf %up_sum, %weight : f32
        %value = func.call @gated(%g, %u) : (f32, f32) -> f32
        memref.store %value, %hidden[%slot, %to] : !Y
      }
    }
  }
  return
}
