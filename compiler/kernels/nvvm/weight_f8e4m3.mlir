//===- weight_f8e4m3.mlir - values of an E4M3 weight ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Element %index without its scale, exactly; NaN stays NaN.
func.func private @load_weight(%base: !llvm.ptr, %index: index) -> f32 {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %code = llvm.load %address : !llvm.ptr -> i8
  %codes = vector.broadcast %code : i8 to vector<2xi8>
  %halves = nvvm.convert.f8x2.to.f16x2 %codes : vector<2xi8> (f8E4M3FN) -> vector<2xf16>
  %half = vector.extract %halves[0] : f16 from vector<2xf16>
  %value = arith.extf %half : f16 to f32
  return %value : f32
}

// The scale of the block that holds element [%row, %column].
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
  %scale = llvm.load %address : !llvm.ptr -> f32
  return %scale : f32
}
