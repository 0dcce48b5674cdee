//===- quantize.mlir - a weight becomes scaled E4M3 -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is one block: its largest magnitude gives the scale, then each value
// over the scale is rounded. Magnitudes are handled as integers: the bits of
// floats without their sign have the order of the floats.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !llvm.ptr, %codes: !llvm.ptr, %scales: !llvm.ptr,
                        %tx: index, %ty: index, %tz: index) {
  %n_count = arith.constant #N
  %k_count = arith.constant #K
  %block_rows = arith.constant #BLOCK_ROWS
  %block_columns = arith.constant #BLOCK_COLUMNS
  %scale_columns = arith.constant #SCALE_COLUMNS
  %stage = memref.alloca() {alignment = 64} : !STAGE
  %lanes = arith.constant #LANES
  %c1 = arith.constant 1 : index

  %n_begin = arith.muli %ty, %block_rows : index
  %n_limit = arith.addi %n_begin, %block_rows : index
  %n_end = arith.minui %n_limit, %n_count : index
  %k_begin = arith.muli %tx, %block_columns : index
  %k_limit = arith.addi %k_begin, %block_columns : index
  %k_end = arith.minui %k_limit, %k_count : index

  func.call @stage_block(%x, %n_begin, %n_end, %k_begin, %k_end, %stage)
    : (!llvm.ptr, index, index, index, index, !STAGE) -> ()
  %none = arith.constant dense<0> : !VI32
  %largest = scf.for %n = %n_begin to %n_end step %c1 iter_args(%above = %none) -> (!VI32) {
    %row_largest = scf.for %k = %k_begin to %k_end step %lanes iter_args(%before = %above) -> (!VI32) {
      %values = func.call @block_values(%x, %n, %k, %n_begin, %k_begin, %stage)
        : (!llvm.ptr, index, index, index, index, !STAGE) -> !V
      %finite = func.call @finite_magnitudes(%values) : (!V) -> !VI32
      %after = arith.maxui %before, %finite : !VI32
      scf.yield %after : !VI32
    }
    scf.yield %row_largest : !VI32
  }
  %amax = vector.reduction <maxui>, %largest : !VI32 into i32
  %scale = func.call @scale_of(%amax) : (i32) -> f32
  %scale_row = arith.muli %ty, %scale_columns : index
  %scale_at = arith.addi %scale_row, %tx : index
  %scale_offset = arith.index_cast %scale_at : index to i64
  %scale_address = llvm.getelementptr %scales[%scale_offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  llvm.store %scale, %scale_address {alignment = 4 : i64} : f32, !llvm.ptr

  %divisor = vector.broadcast %scale : f32 to !V
  scf.for %n = %n_begin to %n_end step %c1 {
    %start = arith.muli %n, %k_count : index
    scf.for %k = %k_begin to %k_end step %lanes {
      %at = arith.addi %start, %k : index
      %values = func.call @block_values(%x, %n, %k, %n_begin, %k_begin, %stage)
        : (!llvm.ptr, index, index, index, index, !STAGE) -> !V
      %quotients = arith.divf %values, %divisor : !V
      %rounded = func.call @to_e4m3(%quotients) : (!V) -> !VI8
      %offset = arith.index_cast %at : index to i64
      %address = llvm.getelementptr %codes[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
      llvm.store %rounded, %address {alignment = 1 : i64} : !VI8, !llvm.ptr
    }
  }
  return
}

// The bits of |value|, or 0 where the value is infinite or NaN.
func.func private @finite_magnitudes(%values: !V) -> !VI32 {
  %unsigned = arith.constant dense<0x7FFFFFFF> : !VI32
  %infinity = arith.constant dense<0x7F800000> : !VI32
  %none = arith.constant dense<0> : !VI32
  %bits = arith.bitcast %values : !V to !VI32
  %magnitudes = arith.andi %bits, %unsigned : !VI32
  %is_finite = arith.cmpi ult, %magnitudes, %infinity : !VI32
  %result = arith.select %is_finite, %magnitudes, %none : !VI1, !VI32
  return %result : !VI32
}

// amax / 448 if that is a normal number, else 1; amax by its bits.
func.func private @scale_of(%bits: i32) -> f32 {
  %one = arith.constant 1.0 : f32
  %largest_code = arith.constant 448.0 : f32
  %smallest_normal = arith.constant 0x00800000 : f32
  %amax = arith.bitcast %bits : i32 to f32
  %quotient = arith.divf %amax, %largest_code : f32
  %is_normal = arith.cmpf oge, %quotient, %smallest_normal : f32
  %scale = arith.select %is_normal, %quotient, %one : f32
  return %scale : f32
}
