//===- experts_table.mlir - where the weights of an expert are ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The experts of a slot are tensors of their own, reached through a table.
//
//===----------------------------------------------------------------------===//

func.func private @expert(%table: !llvm.ptr, %expert: i32) -> !llvm.ptr {
  %address = llvm.getelementptr %table[%expert] : (!llvm.ptr, i32) -> !llvm.ptr, !llvm.ptr
  %weights = llvm.load %address : !llvm.ptr -> !llvm.ptr
  return %weights : !llvm.ptr
}
