//===- rms_norm.mlir - root-mean-square normalisation ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = x / sqrt(mean(x^2) + eps) * weight for each head of a row. A tile is one row,
// read as #HEADS rows of a head.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %weights: !llvm.ptr, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %c1 = arith.constant 1 : index
  %heads = arith.constant #HEADS
  %begin = arith.muli %t, %heads : index
  %end = arith.addi %begin, %heads : index
  scf.for %row = %begin to %end step %c1 {
    func.call @norm_row(%x, %weights, %y, %row) : (!X, !llvm.ptr, !X, index) -> ()
  }
  return
}
