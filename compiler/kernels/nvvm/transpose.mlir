//===- transpose.mlir - columns of a weight as its rows -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[n, k] = x[k, #FROM + n]. A tile is a square of #SIDE rows and columns. It goes through
// shared memory, with a column more than it needs, which spreads columns over banks: the
// source is read and the result written along rows.
//
//===----------------------------------------------------------------------===//

memref.global "private" @square : !SQUARE = uninitialized

func.func private @body(%x: !llvm.ptr, %y: !llvm.ptr,
                        %tx: index, %ty: index, %tz: index) {
  %side = arith.constant #SIDE
  %n0 = arith.muli %ty, %side : index
  %k0 = arith.muli %tx, %side : index
  func.call @load_square(%x, %n0, %k0) : (!llvm.ptr, index, index) -> ()
  gpu.barrier
  func.call @store_square(%y, %n0, %k0) : (!llvm.ptr, index, index) -> ()
  return
}

// square[k, n] = x[k0 + k, #FROM + n0 + n], the source's last element where it has
// none. All are asked for before the first is stored.
func.func private @load_square(%x: !llvm.ptr, %n0: index, %k0: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %columns = arith.constant #SOURCE_COLUMNS
  %from = arith.constant #FROM
  %last_n = arith.constant #LAST_ROW
  %last_k = arith.constant #LAST_COLUMN
  %none = arith.constant dense<0> : !OWN
  %square = memref.get_global @square : !SQUARE
  %values = scf.for %i = %c0 to %own step %c1 iter_args(%before = %none) -> (!OWN) {
    %k_in, %n_in = func.call @own_place(%i) : (index) -> (index, index)
    %k_any = arith.addi %k0, %k_in : index
    %n_any = arith.addi %n0, %n_in : index
    %k = arith.minui %k_any, %last_k : index
    %n = arith.minui %n_any, %last_n : index
    %start = arith.muli %k, %columns : index
    %row = arith.addi %start, %from : index
    %at = arith.addi %row, %n : index
    %address = func.call @element(%x, %at) : (!llvm.ptr, index) -> !llvm.ptr
    %value = llvm.load %address : !llvm.ptr -> !ELEMENT
    %after = vector.insert %value, %before[%i] : !ELEMENT into !OWN
    scf.yield %after : !OWN
  } {llvm.loop_annotation = #UNROLLED}
  scf.for %i = %c0 to %own step %c1 {
    %k, %n = func.call @own_place(%i) : (index) -> (index, index)
    %value = vector.extract %values[%i] : !ELEMENT from !OWN
    memref.store %value, %square[%k, %n] : !SQUARE
  } {llvm.loop_annotation = #UNROLLED}
  return
}

// y[n0 + n, k0 + k] = square[k, n].
func.func private @store_square(%y: !llvm.ptr, %n0: index, %k0: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %n_count = arith.constant #N
  %k_count = arith.constant #K
  %square = memref.get_global @square : !SQUARE
  scf.for %i = %c0 to %own step %c1 {
    %n_in, %k_in = func.call @own_place(%i) : (index) -> (index, index)
    %n = arith.addi %n0, %n_in : index
    %k = arith.addi %k0, %k_in : index
    %in_rows = arith.cmpi ult, %n, %n_count : index
    %in_columns = arith.cmpi ult, %k, %k_count : index
    %is_there = arith.andi %in_rows, %in_columns : i1
    scf.if %is_there {
      %value = memref.load %square[%k_in, %n_in] : !SQUARE
      %start = arith.muli %n, %k_count : index
      %at = arith.addi %start, %k : index
      %address = func.call @element(%y, %at) : (!llvm.ptr, index) -> !llvm.ptr
      llvm.store %value, %address : !ELEMENT, !llvm.ptr
    }
  } {llvm.loop_annotation = #UNROLLED}
  return
}

// Row and column of the thread's element %i in a square that is read along rows.
func.func private @own_place(%i: index) -> (index, index) {
  %threads = arith.constant #THREADS
  %side = arith.constant #SIDE
  %thread = gpu.thread_id x
  %distance = arith.muli %i, %threads : index
  %at = arith.addi %thread, %distance : index
  %row = arith.divui %at, %side : index
  %column = arith.remui %at, %side : index
  return %row, %column : index, index
}

func.func private @element(%base: !llvm.ptr, %at: index) -> !llvm.ptr {
  %offset = arith.index_cast %at : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, !ELEMENT
  return %address : !llvm.ptr
}
