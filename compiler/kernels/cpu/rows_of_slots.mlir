//===- rows_of_slots.mlir - inputs of a product, by slot ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For products whose row i reads the token of slot rows[i], an i32: there are
// #TOP_K slots a token.
//
//===----------------------------------------------------------------------===//

func.func private @input_row(%rows: !llvm.ptr, %token: index) -> index {
  %top_k = arith.constant #TOP_K
  %slot = func.call @entry(%rows, %token) : (!llvm.ptr, index) -> index
  %row = arith.divui %slot, %top_k : index
  return %row : index
}
