//===- experts_down.mlir - outputs of the chosen experts, summed ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = sum_j weights[t, j] * (down_e hidden[t * #TOP_K + j]), e = indices[t, j], in
// the order of j. With the weights #ON_INPUT they have done their part. A tile is
// #TILE_ROWS of the #N output values of one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%hidden: !X, %weights: !CHOICE, %indices: !INDICES,
                        %downs: !llvm.ptr, %down_scales: !llvm.ptr, %y: !Y,
                        %tx: index, %t: index, %tz: index) {
  %sums = memref.alloca() : !SUMS
  %outputs = memref.alloca() : !SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %on_input = arith.constant #ON_INPUT
  %row_count = arith.constant #ROWS
  %last = arith.constant #LAST_ROW
  %n_count = arith.constant #N
  %tile_rows = arith.constant #TILE_ROWS
  %top_k = arith.constant #TOP_K
  %first_slot = arith.muli %t, %top_k : index

  %begin = arith.muli %tx, %tile_rows : index
  %limit = arith.addi %begin, %tile_rows : index
  %end = arith.minui %limit, %n_count : index
  scf.for %n = %begin to %end step %row_count {
    scf.for %r = %c0 to %row_count step %c1 {
      memref.store %zero, %outputs[%r, %c0] : !SUMS
    }
    scf.for %j = %c0 to %top_k step %c1 {
      %e = memref.load %indices[%t, %j] : !INDICES
      %chosen = memref.load %weights[%t, %j] : !CHOICE
      %weight = arith.select %on_input, %one, %chosen : f32
      %down = func.call @expert(%downs, %e) : (!llvm.ptr, i32) -> !llvm.ptr
      %scale = func.call @expert(%down_scales, %e) : (!llvm.ptr, i32) -> !llvm.ptr
      %slot = arith.addi %first_slot, %j : index
      func.call @products(%down, %scale, %n, %hidden, %down, %slot, %c1, %sums)
        : (!llvm.ptr, !llvm.ptr, index, !X, !llvm.ptr, index, index, !SUMS) -> ()
      scf.for %r = %c0 to %row_count step %c1 {
        %sum = memref.load %sums[%r, %c0] : !SUMS
        %before = memref.load %outputs[%r, %c0] : !SUMS
        %after = math.fma %weight, %sum, %before : f32
        memref.store %after, %outputs[%r, %c0] : !SUMS
      }
    }
    scf.for %r = %c0 to %row_count step %c1 {
      %wanted = arith.addi %n, %r : index
      %column = arith.minui %wanted, %last : index
      %value = memref.load %outputs[%r, %c0] : !SUMS
      memref.store %value, %y[%t, %column] : !Y
    }
  }
  return
}
