//===- add_rms_norm.mlir - a sum and its normalisation --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// sum = x + update; y = sum / sqrt(mean(sum^2) + eps) * weight. A tile is one
// row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %update: !X, %weights: !llvm.ptr, %sum: !X, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %k_count = arith.constant #K
  %lanes = arith.constant #LANES
  scf.for %k = %c0 to %k_count step %lanes {
    %a = vector.load %x[%t, %k] : !X, !V
    %b = vector.load %update[%t, %k] : !X, !V
    %total = arith.addf %a, %b : !V
    vector.store %total, %sum[%t, %k] : !X, !V
  }
  func.call @norm_row(%sum, %weights, %y, %t) : (!X, !llvm.ptr, !X, index) -> ()
  return
}
