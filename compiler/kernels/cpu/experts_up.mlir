//===- experts_up.mlir - gates of the chosen experts ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// hidden[t * #TOP_K + j] = silu(gate_e x[t]) * (up_e x[t]), e = indices[t, j]. A tile
// is #TILE_ROWS of the #N intermediate values of one (t, j).
// With the weights #ON_INPUT products are multiplied by them: the same as those of
// the scaled input.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %indices: !INDICES, %gates: !llvm.ptr,
                        %gate_scales: !llvm.ptr, %ups: !llvm.ptr,
                        %up_scales: !llvm.ptr, %weights: !CHOICE, %hidden: !Y,
                        %tx: index, %slot: index, %tz: index) {
  %gate_sums = memref.alloca() : !SUMS
  %up_sums = memref.alloca() : !SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %row_count = arith.constant #ROWS
  %last = arith.constant #LAST_ROW
  %n_count = arith.constant #N
  %tile_rows = arith.constant #TILE_ROWS
  %top_k = arith.constant #TOP_K

  %t = arith.divui %slot, %top_k : index
  %j = arith.remui %slot, %top_k : index
  %e = memref.load %indices[%t, %j] : !INDICES
  %one = arith.constant 1.0 : f32
  %on_input = arith.constant #ON_INPUT
  %chosen = memref.load %weights[%t, %j] : !CHOICE
  %weight = arith.select %on_input, %chosen, %one : f32
  %gate = func.call @expert(%gates, %e) : (!llvm.ptr, i32) -> !llvm.ptr
  %gate_scale = func.call @expert(%gate_scales, %e) : (!llvm.ptr, i32) -> !llvm.ptr
  %up = func.call @expert(%ups, %e) : (!llvm.ptr, i32) -> !llvm.ptr
  %up_scale = func.call @expert(%up_scales, %e) : (!llvm.ptr, i32) -> !llvm.ptr

  %begin = arith.muli %tx, %tile_rows : index
  %limit = arith.addi %begin, %tile_rows : index
  %end = arith.minui %limit, %n_count : index
  scf.for %n = %begin to %end step %row_count {
    func.call @products(%gate, %gate_scale, %n, %x, %gate, %t, %c1, %gate_sums)
      : (!llvm.ptr, !llvm.ptr, index, !X, !llvm.ptr, index, index, !SUMS) -> ()
    func.call @products(%up, %up_scale, %n, %x, %up, %t, %c1, %up_sums)
      : (!llvm.ptr, !llvm.ptr, index, !X, !llvm.ptr, index, index, !SUMS) -> ()
    scf.for %r = %c0 to %row_count step %c1 {
      %wanted = arith.addi %n, %r : index
      %column = arith.minui %wanted, %last : index
      %gate_sum = memref.load %gate_sums[%r, %c0] : !SUMS
      %up_sum = memref.load %up_sums[%r, %c0] : !SUMS
      %g = arith.mulf %gate_sum, %weight : f32
      %u = arith.mulf %up_sum, %weight : f32
      %value = func.call @gated(%g, %u) : (f32, f32) -> f32
      memref.store %value, %hidden[%slot, %column] : !Y
    }
  }
  return
}
