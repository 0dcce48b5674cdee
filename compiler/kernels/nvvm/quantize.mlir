//===- quantize.mlir - a weight becomes E4M3 codes ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is one block of the result, of #BLOCK_VALUES: its largest magnitude gives the
// scale, then each value over the scale is rounded.
//
//===----------------------------------------------------------------------===//

memref.global "private" @partial : !PARTIAL = uninitialized

func.func private @body(%x: !llvm.ptr, %codes: !llvm.ptr, %scales: !llvm.ptr,
                        %tx: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %count = arith.constant #BLOCK_VALUES
  %batch = arith.constant #BATCH
  %zero = arith.constant 0.0 : f32
  %own_largest = scf.for %first = %c0 to %count step %batch
      iter_args(%before = %zero) -> (f32) {
    %values = func.call @load_block(%x, %tx, %ty, %first)
      : (!llvm.ptr, index, index, index) -> !OWN
    %after = func.call @largest_of(%values, %before) : (!OWN, f32) -> f32
    scf.yield %after : f32
  }
  %largest = func.call @largest_of_threads(%own_largest) : (f32) -> f32
  %scale = func.call @scale_of(%largest) : (f32) -> f32
  func.call @store_scale(%scales, %tx, %ty, %scale) : (!llvm.ptr, index, index, f32) -> ()
  scf.for %first = %c0 to %count step %batch {
    %values = func.call @load_block(%x, %tx, %ty, %first)
      : (!llvm.ptr, index, index, index) -> !OWN
    func.call @store_codes(%values, %scale, %codes, %tx, %ty, %first)
      : (!OWN, f32, !llvm.ptr, index, index, index) -> ()
  }
  return
}

// Where in the result the thread's value %i of those from %first on is, and whether
// the result has it: a block at its end is a part of one, whose last row and column
// stand for those behind.
func.func private @element(%tx: index, %ty: index, %first: index, %i: index)
    -> (index, index, i1) {
  %count = arith.constant #BLOCK_VALUES
  %n_count = arith.constant #N
  %k_count = arith.constant #K
  %last_row = arith.constant #LAST_ROW
  %last_column = arith.constant #LAST_COLUMN
  %block_rows = arith.constant #BLOCK_ROWS
  %block_columns = arith.constant #BLOCK_COLUMNS
  %at, %in_block = func.call @place_below(%count, %first, %i)
    : (index, index, index) -> (index, i1)
  %row, %column = func.call @place_in_block(%at) : (index) -> (index, index)
  %n0 = arith.muli %ty, %block_rows : index
  %n_any = arith.addi %n0, %row : index
  %k0 = arith.muli %tx, %block_columns : index
  %k_any = arith.addi %k0, %column : index
  %in_rows = arith.cmpi ult, %n_any, %n_count : index
  %in_columns = arith.cmpi ult, %k_any, %k_count : index
  %n = arith.minui %n_any, %last_row : index
  %k = arith.minui %k_any, %last_column : index
  %in_result = arith.andi %in_rows, %in_columns : i1
  %is_there = arith.andi %in_block, %in_result : i1
  return %n, %k, %is_there : index, index, i1
}

// The thread's values of the block from %first on; 0 where the result has none.
func.func private @load_block(%x: !llvm.ptr, %tx: index, %ty: index, %first: index) -> !OWN {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %zero = arith.constant 0.0 : f32
  %none = arith.constant dense<0.0> : !OWN
  %values = scf.for %i = %c0 to %own step %c1 iter_args(%before = %none) -> (!OWN) {
    %n, %k, %is_there = func.call @element(%tx, %ty, %first, %i)
      : (index, index, index, index) -> (index, index, i1)
    %at = func.call @source_place(%n, %k) : (index, index) -> index
    %loaded = func.call @load_weight(%x, %at) : (!llvm.ptr, index) -> f32
    %value = arith.select %is_there, %loaded, %zero : f32
    %after = vector.insert %value, %before[%i] : f32 into !OWN
    scf.yield %after : !OWN
  } {llvm.loop_annotation = #UNROLLED}
  return %values : !OWN
}

// The largest finite magnitude of the thread's values, or %least.
func.func private @largest_of(%values: !OWN, %least: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %largest = scf.for %i = %c0 to %own step %c1 iter_args(%before = %least) -> (f32) {
    %value = vector.extract %values[%i] : f32 from !OWN
    %finite = func.call @finite_magnitude(%value) : (f32) -> f32
    %after = arith.maxnumf %before, %finite : f32
    scf.yield %after : f32
  } {llvm.loop_annotation = #UNROLLED}
  return %largest : f32
}

// The largest over all threads, the same in each.
func.func private @largest_of_threads(%value: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %warp_size = arith.constant 32 : index
  %warps = arith.constant #WARPS
  %thread = gpu.thread_id x
  %warp = arith.divui %thread, %warp_size : index
  %lane = arith.remui %thread, %warp_size : index
  %partial = memref.get_global @partial : !PARTIAL
  %of_warp = func.call @largest_of_warp(%value) : (f32) -> f32
  %is_first = arith.cmpi eq, %lane, %c0 : index
  scf.if %is_first {
    memref.store %of_warp, %partial[%warp] : !PARTIAL
  }
  gpu.barrier
  %largest = scf.for %i = %c0 to %warps step %c1 iter_args(%before = %of_warp) -> (f32) {
    %one = memref.load %partial[%i] : !PARTIAL
    %after = arith.maxnumf %before, %one : f32
    scf.yield %after : f32
  } {llvm.loop_annotation = #UNROLLED}
  return %largest : f32
}

// One thread stores the block's scale.
func.func private @store_scale(%scales: !llvm.ptr, %tx: index, %ty: index, %scale: f32) {
  %c0 = arith.constant 0 : index
  %scale_columns = arith.constant #SCALE_COLUMNS
  %thread = gpu.thread_id x
  %is_first = arith.cmpi eq, %thread, %c0 : index
  scf.if %is_first {
    %start = arith.muli %ty, %scale_columns : index
    %at = arith.addi %start, %tx : index
    %offset = arith.index_cast %at : index to i64
    %address = llvm.getelementptr %scales[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
    llvm.store %scale, %address : f32, !llvm.ptr
  }
  return
}

func.func private @store_codes(%values: !OWN, %scale: f32, %codes: !llvm.ptr, %tx: index,
                               %ty: index, %first: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %k_count = arith.constant #K
  scf.for %i = %c0 to %own step %c1 {
    %n, %k, %is_there = func.call @element(%tx, %ty, %first, %i)
      : (index, index, index, index) -> (index, index, i1)
    scf.if %is_there {
      %value = vector.extract %values[%i] : f32 from !OWN
      %quotient = arith.divf %value, %scale : f32
      %code = func.call @to_e4m3(%quotient) : (f32) -> i8
      %start = arith.muli %n, %k_count : index
      %at = arith.addi %start, %k : index
      %offset = arith.index_cast %at : index to i64
      %address = llvm.getelementptr %codes[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
      llvm.store %code, %address : i8, !llvm.ptr
    }
  } {llvm.loop_annotation = #UNROLLED}
  return
}
