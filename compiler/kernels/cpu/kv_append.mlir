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

func.func private @body(%head: !HEAD, %tail: !TAIL, %slots: !LIST, %pages: !llvm.ptr,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %lanes = arith.constant #LANES
  %head_columns = arith.constant #HEAD_COLUMNS
  %tail_columns = arith.constant #TAIL_COLUMNS
  %width = arith.constant #WIDTH
  %slot = memref.load %slots[%t] : !LIST
  %row = arith.index_cast %slot : i32 to index
  %start = arith.muli %row, %width : index
  %tail_start = arith.addi %start, %head_columns : index
  scf.for %n = %c0 to %head_columns step %lanes {
    %values = vector.load %head[%t, %n] : !HEAD, !V
    %at = arith.addi %start, %n : index
    func.call @store_cache(%pages, %at, %values) : (!llvm.ptr, index, !V) -> ()
  }
  scf.for %n = %c0 to %tail_columns step %lanes {
    %values = vector.load %tail[%t, %n] : !TAIL, !V
    %at = arith.addi %tail_start, %n : index
    func.call @store_cache(%pages, %at, %values) : (!llvm.ptr, index, !V) -> ()
  }
  return
}
