//===- rows_direct.mlir - inputs of a product, row by row -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For products whose row t reads input row t.
//
//===----------------------------------------------------------------------===//

func.func private @input_row(%rows: !llvm.ptr, %token: index) -> index {
  return %token : index
}
