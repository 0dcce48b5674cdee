//===- experts_down_grouped.mlir - outputs of an expert -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// outputs[s] = down_e hidden[s] for the slots s of expert e. A tile is #TILE_ROWS of
// the #N output values of all slots of one expert.
//
//===----------------------------------------------------------------------===//

func.func private @body(%hidden: !X, %starts: !llvm.ptr, %slots: !llvm.ptr,
                        %downs: !llvm.ptr, %down_scales: !llvm.ptr, %outputs: !Y,
                        %tx: index, %e: index, %tz: index) {
  %sums = memref.alloca() : !TILE_SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n_count = arith.constant #N
  %tile_rows = arith.constant #TILE_ROWS
  %tile_tokens = arith.constant #TILE_TOKENS
  %n = arith.muli %tx, %tile_rows : index
  %n_limit = arith.addi %n, %tile_rows : index
  %n_end = arith.minui %n_limit, %n_count : index
  %rows_here = arith.subi %n_end, %n : index
  %behind = arith.addi %e, %c1 : index
  %begin = func.call @entry(%starts, %e) : (!llvm.ptr, index) -> index
  %end = func.call @entry(%starts, %behind) : (!llvm.ptr, index) -> index
  %expert = arith.index_cast %e : index to i32
  %down = func.call @expert(%downs, %expert) : (!llvm.ptr, i32) -> !llvm.ptr
  %scale = func.call @expert(%down_scales, %expert) : (!llvm.ptr, i32) -> !llvm.ptr

  scf.for %at = %begin to %end step %tile_tokens {
    %rest = arith.subi %end, %at : index
    %tokens = arith.minui %rest, %tile_tokens : index
    func.call @tile_products(%down, %scale, %n, %n_end, %hidden, %slots, %at, %tokens, %sums)
      : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, index, !TILE_SUMS) -> ()
    scf.for %i = %c0 to %tokens step %c1 {
      %listed = arith.addi %at, %i : index
      %slot = func.call @entry(%slots, %listed) : (!llvm.ptr, index) -> index
      scf.for %r = %c0 to %rows_here step %c1 {
        %to = arith.addi %n, %r : index
        %value = memref.load %sums[%i, %r] : !TILE_SUMS
        memref.store %value, %outputs[%slot, %to] : !Y
      }
    }
  }
  return
}
