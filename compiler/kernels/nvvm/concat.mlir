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

func.func private @body(%head: !HEAD, %tail: !TAIL, %y: !ROW,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %batch = arith.constant #BATCH
  %size = arith.constant #ROW_SIZE
  scf.for %first = %c0 to %size step %batch {
    %values = func.call @load_joined(%head, %tail, %t, %first)
      : (!HEAD, !TAIL, index, index) -> !OWN
    func.call @store_own(%values, %y, %t, %first) : (!OWN, !ROW, index, index) -> ()
  }
  return
}
