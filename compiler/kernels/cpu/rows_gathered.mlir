//===- rows_gathered.mlir - inputs of a product, by a list ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For products whose row t reads input row rows[t], an i32.
//
//===----------------------------------------------------------------------===//

func.func private @input_row(%rows: !llvm.ptr, %token: index) -> index {
  %offset = arith.index_cast %token : index to i64
  %address = llvm.getelementptr %rows[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i32
  %row = llvm.load %address : !llvm.ptr -> i32
  %result = arith.index_cast %row : i32 to index
  return %result : index
}
