//===- transpose.mlir - columns of a weight as its rows -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[n, k] = x[k, #FROM + n]. A tile, #TILE rows and columns, is staged on the stack,
// so that the source is read and the result written along rows: columns of a matrix
// whose rows are a power of two apart would drive each other out of the caches.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !llvm.ptr, %y: !llvm.ptr,
                        %tx: index, %ty: index, %tz: index) {
  %stage = memref.alloca() {alignment = 64} : !STAGE
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n_count = arith.constant #N
  %k_count = arith.constant #K
  %columns = arith.constant #SOURCE_COLUMNS
  %from = arith.constant #FROM
  %tile = arith.constant #TILE
  %k = arith.muli %tx, %tile : index
  %k_left = arith.subi %k_count, %k : index
  %k_size = arith.minui %k_left, %tile : index
  %n = arith.muli %ty, %tile : index
  %n_left = arith.subi %n_count, %n : index
  %n_size = arith.minui %n_left, %tile : index
  %first = arith.addi %from, %n : index

  scf.for %i = %c0 to %k_size step %c1 {
    %row = arith.addi %k, %i : index
    %start = arith.muli %row, %columns : index
    %begin = arith.addi %start, %first : index
    scf.for %j = %c0 to %n_size step %c1 {
      %at = arith.addi %begin, %j : index
      %address = func.call @element(%x, %at) : (!llvm.ptr, index) -> !llvm.ptr
      %value = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> !CODES
      memref.store %value, %stage[%j, %i] : !STAGE
    }
  }
  scf.for %j = %c0 to %n_size step %c1 {
    %row = arith.addi %n, %j : index
    %start = arith.muli %row, %k_count : index
    %begin = arith.addi %start, %k : index
    scf.for %i = %c0 to %k_size step %c1 {
      %at = arith.addi %begin, %i : index
      %address = func.call @element(%y, %at) : (!llvm.ptr, index) -> !llvm.ptr
      %value = memref.load %stage[%j, %i] : !STAGE
      llvm.store %value, %address {alignment = 1 : i64} : !CODES, !llvm.ptr
    }
  }
  return
}

func.func private @element(%base: !llvm.ptr, %at: index) -> !llvm.ptr {
  %offset = arith.index_cast %at : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, !CODES
  return %address : !llvm.ptr
}
