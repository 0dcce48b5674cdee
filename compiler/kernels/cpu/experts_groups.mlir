//===- experts_groups.mlir - where the tokens of an expert are ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What experts_group.mlir has written: lists of i32.
//
//===----------------------------------------------------------------------===//

func.func private @entry(%list: !llvm.ptr, %index: index) -> index {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %list[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i32
  %entry = llvm.load %address : !llvm.ptr -> i32
  %result = arith.index_cast %entry : i32 to index
  return %result : index
}
