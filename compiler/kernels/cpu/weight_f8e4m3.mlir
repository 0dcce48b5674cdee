//===- weight_f8e4m3.mlir - values of an E4M3 weight ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A code stands for 256 times what load_f8e4m3.mlir makes of it: the factor is in
// the block's scale.
//
//===----------------------------------------------------------------------===//

// The values / 256 of the #LANES codes from element %index on.
func.func private @load_weights(%base: !llvm.ptr, %index: index) -> !V {
  %values = func.call @load_f8e4m3(%base, %index) : (!llvm.ptr, index) -> !V
  return %values : !V
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
