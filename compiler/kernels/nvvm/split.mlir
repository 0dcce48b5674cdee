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

func.func private @body(%x: !ROW, %head: !HEAD, %tail: !TAIL,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %batch = arith.constant #BATCH
  %size = arith.constant #ROW_SIZE
  %head_columns = arith.constant #HEAD_COLUMNS
  scf.for %first = %c0 to %size step %batch {
    %values = func.call @load_own(%x, %t, %first) : (!ROW, index, index) -> !OWN
    scf.for %i = %c0 to %own step %c1 {
      %n, %is_there = func.call @place_in_row(%first, %i) : (index, index) -> (index, i1)
      %value = vector.extract %values[%i] : f32 from !OWN
      scf.if %is_there {
        %in_head = arith.cmpi ult, %n, %head_columns : index
        scf.if %in_head {
          memref.store %value, %head[%t, %n] : !HEAD
        } else {
          %to = arith.subi %n, %head_columns : index
          memref.store %value, %tail[%t, %to] : !TAIL
        }
      }
    } {llvm.loop_annotation = #UNROLLED}
  }
  return
}
