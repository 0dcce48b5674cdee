//===- quantize_rows.mlir - blocks of a weight's own rows -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For sources whose rows are those of the result.
//
//===----------------------------------------------------------------------===//

// Row and column of value %i of a block: neighbours are neighbours in the source.
func.func private @place_in_block(%i: index) -> (index, index) {
  %block_columns = arith.constant #BLOCK_COLUMNS
  %row = arith.divui %i, %block_columns : index
  %column = arith.remui %i, %block_columns : index
  return %row, %column : index, index
}

// Where element [%n, %k] of the result is in the source.
func.func private @source_place(%n: index, %k: index) -> index {
  %k_count = arith.constant #K
  %start = arith.muli %n, %k_count : index
  %at = arith.addi %start, %k : index
  return %at : index
}
