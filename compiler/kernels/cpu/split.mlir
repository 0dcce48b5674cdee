//===- split.mlir - the two parts of a row --------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x[t] = [head[t], tail[t]]. A tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !JOINED, %head: !HEAD, %tail: !TAIL,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %head_columns = arith.constant #HEAD_COLUMNS
  %tail_columns = arith.constant #TAIL_COLUMNS
  scf.for %n = %c0 to %head_columns step %c1 {
    %value = memref.load %x[%t, %n] : !JOINED
    memref.store %value, %head[%t, %n] : !HEAD
  }
  scf.for %n = %c0 to %tail_columns step %c1 {
    %from = arith.addi %head_columns, %n : index
    %value = memref.load %x[%t, %from] : !JOINED
    memref.store %value, %tail[%t, %n] : !TAIL
  }
  return
}
