//===- rms_norm.mlir - root-mean-square normalisation ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = x / sqrt(mean(x^2) + eps) * weight for each head of a row. A tile is a head, a
// row of #ROW_SIZE values.
//
//===----------------------------------------------------------------------===//

func.func private @prepare(%x: !ROW, %weights: !llvm.ptr, %y: !ROW,
                           %t: index, %head: index, %tz: index) {
  func.call @prefetch_weights(%weights) : (!llvm.ptr) -> ()
  return
}

func.func private @body(%x: !ROW, %weights: !llvm.ptr, %y: !ROW,
                        %t: index, %head: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %heads = arith.constant #HEADS
  %first = arith.muli %t, %heads : index
  %row = arith.addi %first, %head : index
  %own = func.call @load_own(%x, %row, %c0) : (!ROW, index, index) -> !OWN
  func.call @norm_row(%own, %weights, %y, %row) : (!OWN, !llvm.ptr, !ROW, index) -> ()
  return
}
