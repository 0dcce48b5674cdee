//===- quantize_columns.mlir - blocks of a weight's columns ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For sources whose columns, from #FROM on, are the rows of the result.
//
//===----------------------------------------------------------------------===//

// Row and column of value %i of a block: neighbours are neighbours in the source.
func.func private @place_in_block(%i: index) -> (index, index) {
  %block_rows = arith.constant #BLOCK_ROWS
  %row = arith.remui %i, %block_rows : index
  %column = arith.divui %i, %block_rows : index
  return %row, %column : index, index
}

// Where element [%n, %k] of the result is in the source.
func.func private @source_place(%n: index, %k: index) -> index {
  %columns = arith.constant #SOURCE_COLUMNS
  %from = arith.constant #FROM
  %start = arith.muli %k, %columns : index
  %first = arith.addi %start, %from : index
  %at = arith.addi %first, %n : index
  return %at : index
}
