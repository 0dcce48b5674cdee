//===- add_rms_norm.mlir - a sum and its normalisation --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// sum = x + update; y = sum / sqrt(mean(sum^2) + eps) * weight. A tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @prepare(%x: !ROW, %update: !ROW, %weights: !llvm.ptr, %sum: !ROW,
                           %y: !ROW, %t: index, %ty: index, %tz: index) {
  func.call @prefetch_weights(%weights) : (!llvm.ptr) -> ()
  return
}

func.func private @body(%x: !ROW, %update: !ROW, %weights: !llvm.ptr, %sum: !ROW,
                        %y: !ROW, %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %a = func.call @load_own(%x, %t, %c0) : (!ROW, index, index) -> !OWN
  %b = func.call @load_own(%update, %t, %c0) : (!ROW, index, index) -> !OWN
  %total = arith.addf %a, %b : !OWN
  func.call @store_own(%total, %sum, %t, %c0) : (!OWN, !ROW, index, index) -> ()
  func.call @norm_row(%total, %weights, %y, %t) : (!OWN, !llvm.ptr, !ROW, index) -> ()
  return
}
