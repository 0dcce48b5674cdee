//===- swiglu.mlir - the gate of a SwiGLU network -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = silu(gate) * up. A tile is #TILE_COLUMNS columns of one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%gate: !X, %up: !X, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %c1 = arith.constant 1 : index
  %columns = arith.constant #COLUMNS
  %tile = arith.constant #TILE_COLUMNS
  %begin = arith.muli %ty, %tile : index
  %limit = arith.addi %begin, %tile : index
  %end = arith.minui %limit, %columns : index
  scf.for %n = %begin to %end step %c1 {
    %g = memref.load %gate[%t, %n] : !X
    %u = memref.load %up[%t, %n] : !X
    %value = func.call @gated(%g, %u) : (f32, f32) -> f32
    memref.store %value, %y[%t, %n] : !X
  }
  return
}
