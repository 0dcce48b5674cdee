//===- swiglu.mlir - the gate of a SwiGLU network -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = silu(gate) * up. A tile is #THREADS columns of one row, one a thread.
//
//===----------------------------------------------------------------------===//

func.func private @body(%gate: !X, %up: !X, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %columns = arith.constant #COLUMNS
  %threads = arith.constant #THREADS
  %thread = gpu.thread_id x
  %begin = arith.muli %ty, %threads : index
  %n = arith.addi %begin, %thread : index
  %is_there = arith.cmpi ult, %n, %columns : index
  scf.if %is_there {
    %g = memref.load %gate[%t, %n] : !X
    %u = memref.load %up[%t, %n] : !X
    %value = func.call @gated(%g, %u) : (f32, f32) -> f32
    memref.store %value, %y[%t, %n] : !X
  }
  return
}
