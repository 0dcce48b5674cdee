//===- rms_norm.mlir - root-mean-square normalisation ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = x / sqrt(mean(x^2) + eps) * weight. A tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %weights: !llvm.ptr, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  func.call @norm_row(%x, %weights, %y, %t) : (!X, !llvm.ptr, !X, index) -> ()
  return
}
