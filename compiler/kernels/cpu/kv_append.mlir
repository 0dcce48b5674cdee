//===- kv_append.mlir - new rows of the KV cache --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pages[slot[t]] = [head[t], tail[t]], pages being those of one layer as rows. A
// tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%head: !HEAD, %tail: !TAIL, %slots: !LIST, %pages: !JOINED,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %head_columns = arith.constant #HEAD_COLUMNS
  %tail_columns = arith.constant #TAIL_COLUMNS
  %slot = memref.load %slots[%t] : !LIST
  %row = arith.index_cast %slot : i32 to index
  scf.for %n = %c0 to %head_columns step %c1 {
    %value = memref.load %head[%t, %n] : !HEAD
    memref.store %value, %pages[%row, %n] : !JOINED
  }
  scf.for %n = %c0 to %tail_columns step %c1 {
    %value = memref.load %tail[%t, %n] : !TAIL
    %to = arith.addi %head_columns, %n : index
    memref.store %value, %pages[%row, %to] : !JOINED
  }
  return
}
