//===- add.mlir - the sum of two rows -------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is #TILE_COLUMNS columns of one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%lhs: !X, %rhs: !X, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %c1 = arith.constant 1 : index
  %columns = arith.constant #COLUMNS
  %tile = arith.constant #TILE_COLUMNS
  %begin = arith.muli %ty, %tile : index
  %limit = arith.addi %begin, %tile : index
  %end = arith.minui %limit, %columns : index
  scf.for %n = %begin to %end step %c1 {
    %a = memref.load %lhs[%t, %n] : !X
    %b = memref.load %rhs[%t, %n] : !X
    %sum = arith.addf %a, %b : f32
    memref.store %sum, %y[%t, %n] : !X
  }
  return
}
