//===- linear.mlir - the product of each row with a weight ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t, n] = sum_k x[rows[t], k] * weight[n, k]. A tile is #TILE_ROWS weight rows
// times #TILE_TOKENS tokens: the weights of a micro-tile stay in cache for all
// tokens of the tile.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %rows: !llvm.ptr, %weights: !llvm.ptr,
                        %scales: !llvm.ptr, %y: !Y, %T: index,
                        %tx: index, %ty: index, %tz: index) {
  %row_count = arith.constant #ROWS
  %n_count = arith.constant #N
  %tile_rows = arith.constant #TILE_ROWS
  %tile_tokens = arith.constant #TILE_TOKENS
  %tokens = arith.constant #TOKENS
  %c1 = arith.constant 1 : index

  %n_begin = arith.muli %tx, %tile_rows : index
  %n_limit = arith.addi %n_begin, %tile_rows : index
  %n_end = arith.minui %n_limit, %n_count : index
  %t_begin = arith.muli %ty, %tile_tokens : index
  %t_limit = arith.addi %t_begin, %tile_tokens : index
  %t_end = arith.minui %t_limit, %T : index
  %t_size = arith.subi %t_end, %t_begin : index
  %t_rest = arith.remui %t_size, %tokens : index
  %t_full = arith.subi %t_end, %t_rest : index

  scf.for %n = %n_begin to %n_end step %row_count {
    scf.for %t = %t_begin to %t_full step %tokens {
      func.call @micro_tile(%x, %rows, %weights, %scales, %y, %n, %t, %tokens)
        : (!X, !llvm.ptr, !llvm.ptr, !llvm.ptr, !Y, index, index, index) -> ()
    }
    scf.for %t = %t_full to %t_end step %c1 {
      func.call @micro_tile(%x, %rows, %weights, %scales, %y, %n, %t, %c1)
        : (!X, !llvm.ptr, !llvm.ptr, !llvm.ptr, !Y, index, index, index) -> ()
    }
  }
  return
}

func.func private @micro_tile(%x: !X, %rows: !llvm.ptr, %weights: !llvm.ptr,
                              %scales: !llvm.ptr, %y: !Y, %row: index,
                              %token: index, %tokens: index) {
  %sums = memref.alloca() : !SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %row_count = arith.constant #ROWS
  %last = arith.constant #LAST_ROW
  func.call @products(%weights, %scales, %row, %x, %rows, %token, %tokens, %sums)
    : (!llvm.ptr, !llvm.ptr, index, !X, !llvm.ptr, index, index, !SUMS) -> ()
  scf.for %r = %c0 to %row_count step %c1 {
    // Rows beyond the last repeat it, so storing them twice does no harm.
    %wanted = arith.addi %row, %r : index
    %n = arith.minui %wanted, %last : index
    scf.for %i = %c0 to %tokens step %c1 {
      %t = arith.addi %token, %i : index
      %sum = memref.load %sums[%r, %i] : !SUMS
      memref.store %sum, %y[%t, %n] : !Y
    }
  }
  return
}
