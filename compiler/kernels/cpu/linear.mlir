//===- linear.mlir - the product of each row with a weight ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t, n] = sum_k x[rows[t], k] * weight[n, k] + bias[n]. A tile is #TILE_ROWS weight
// rows times #TILE_TOKENS tokens.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %rows: !llvm.ptr, %weights: !llvm.ptr,
                        %scales: !llvm.ptr, %bias: !llvm.ptr, %y: !Y, %T: index,
                        %tx: index, %ty: index, %tz: index) {
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
  %t = arith.muli %ty, %tile_tokens : index
  %t_rest = arith.subi %T, %t : index
  // Negative behind the last token, where another kernel has more tiles.
  %tokens = arith.minsi %t_rest, %tile_tokens : index

  func.call @tile_products(%weights, %scales, %n, %n_end, %x, %rows, %t, %tokens, %sums)
    : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, index, !TILE_SUMS) -> ()
  scf.for %i = %c0 to %tokens step %c1 {
    %to_row = arith.addi %t, %i : index
    scf.for %r = %c0 to %rows_here step %c1 {
      %to = arith.addi %n, %r : index
      %sum = memref.load %sums[%i, %r] : !TILE_SUMS
      %value = func.call @add_bias(%bias, %to, %sum) : (!llvm.ptr, index, f32) -> f32
      memref.store %value, %y[%to_row, %to] : !Y
    }
  }
  return
}
