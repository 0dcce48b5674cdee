//===- rows_by_head.mlir - inputs of a product, one head of a row each ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For products whose input rows are those of one head, %rows pointing to its
// index: an input of [t, h * k] is read as one of [t * h, k].
//
//===----------------------------------------------------------------------===//

func.func private @input_row(%rows: !llvm.ptr, %token: index) -> index {
  %heads = arith.constant #HEADS
  %h_i64 = llvm.load %rows : !llvm.ptr -> i64
  %h = arith.index_cast %h_i64 : i64 to index
  %first = arith.muli %token, %heads : index
  %row = arith.addi %first, %h : index
  return %row : index
}
