//===- weight_f8e4m3.mlir - values of an E4M3 weight ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// E4M3 and IEEE half share their layout up to the exponent's bias: shifted left
// by 7 with the sign kept, a code is the half of value / 256. The missing 256
// is folded into the block scale. Exact, subnormals included, and never a
// subnormal float, which would be slow.
//
//===----------------------------------------------------------------------===//

// The values / 256 of the #LANES codes from element %index on.
func.func private @load_weights(%base: !llvm.ptr, %index: index) -> !V {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %codes = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> !VI8

  %seven = arith.constant dense<7> : !VI16
  %keep = arith.constant dense<0xBF80> : !VI16
  %wide = arith.extsi %codes : !VI8 to !VI16
  %shifted = arith.shli %wide, %seven : !VI16
  %bits = arith.andi %shifted, %keep : !VI16
  %half = arith.bitcast %bits : !VI16 to !VF16
  %value = arith.extf %half : !VF16 to !V

  // Codes 0x7f and 0xff are the only NaNs, and would decode to +-480.
  %magnitude = arith.constant dense<0x7F> : !VI8
  %nan = arith.constant dense<0x7FC00000> : !V
  %unsigned = arith.andi %codes, %magnitude : !VI8
  %is_nan = arith.cmpi eq, %unsigned, %magnitude : !VI8
  %result = arith.select %is_nan, %nan, %value : !VI1, !V
  return %result : !V
}

// 256 times the scale of the block that holds element [%row, %column].
func.func private @load_scale(%scales: !llvm.ptr, %row: index, %column: index) -> f32 {
  %block_rows = arith.constant #BLOCK_ROWS
  %block_columns = arith.constant #BLOCK_COLUMNS
  %scale_columns = arith.constant #SCALE_COLUMNS
  %i = arith.divui %row, %block_rows : index
  %j = arith.divui %column, %block_columns : index
  %start = arith.muli %i, %scale_columns : index
  %at = arith.addi %start, %j : index
  %offset = arith.index_cast %at : index to i64
  %address = llvm.getelementptr %scales[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %scale = llvm.load %address {alignment = 4 : i64} : !llvm.ptr -> f32
  %bias = arith.constant 256.0 : f32
  %result = arith.mulf %scale, %bias : f32
  return %result : f32
}
