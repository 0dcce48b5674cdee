//===- add.mlir - the sum of two rows -------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is #THREADS columns of one row, one a thread.
//
//===----------------------------------------------------------------------===//

func.func private @body(%lhs: !X, %rhs: !X, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %columns = arith.constant #COLUMNS
  %threads = arith.constant #THREADS
  %thread = gpu.thread_id x
  %begin = arith.muli %ty, %threads : index
  %n = arith.addi %begin, %thread : index
  %is_there = arith.cmpi ult, %n, %columns : index
  scf.if %is_there {
    %a = memref.load %lhs[%t, %n] : !X
    %b = memref.load %rhs[%t, %n] : !X
    %sum = arith.addf %a, %b : f32
    memref.store %sum, %y[%t, %n] : !X
  }
  return
}
