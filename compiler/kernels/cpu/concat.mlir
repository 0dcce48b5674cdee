//===- concat.mlir - two rows, one behind the other -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = [head[t], tail[t]]. A tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%head: !HEAD, %tail: !TAIL, %y: !JOINED,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %head_columns = arith.constant #HEAD_COLUMNS
  %tail_columns = arith.constant #TAIL_COLUMNS
  scf.for %n = %c0 to %head_columns step %c1 {
    %value = memref.load %head[%t, %n] : !HEAD
    memref.store %value, %y[%t, %n] : !JOINED
  }
  scf.for %n = %c0 to %tail_columns step %c1 {
    %value = memref.load %tail[%t, %n] : !TAIL
    %to = arith.addi %head_columns, %n : index
    memref.store %value, %y[%t, %to] : !JOINED
  }
  return
}
