//===- kv_append.mlir - new rows of the KV cache --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pages[slot[t]] = [head[t], tail[t]], pages being those of one layer as rows. A tile
// is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%head: !HEAD, %tail: !TAIL, %slots: !LIST, %pages: !llvm.ptr,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %batch = arith.constant #BATCH
  %size = arith.constant #ROW_SIZE
  %slot = memref.load %slots[%t] : !LIST
  %row = arith.index_cast %slot : i32 to index
  %start = arith.muli %row, %size : index
  scf.for %first = %c0 to %size step %batch {
    %values = func.call @load_joined(%head, %tail, %t, %first)
      : (!HEAD, !TAIL, index, index) -> !OWN
    scf.for %i = %c0 to %own step %c1 {
      %n, %is_there = func.call @place_in_row(%first, %i) : (index, index) -> (index, i1)
      scf.if %is_there {
        %value = vector.extract %values[%i] : f32 from !OWN
        %at = arith.addi %start, %n : index
        func.call @store_cached(%pages, %at, %value) : (!llvm.ptr, index, f32) -> ()
      }
    } {llvm.loop_annotation = #UNROLLED}
  }
  return
}
