//===- norm_row.mlir - one row by its root mean square --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = x / sqrt(mean(x^2) + eps) for row %t, times the weight if #WEIGHTED.
//
//===----------------------------------------------------------------------===//

func.func private @norm_row(%x: !X, %weights: !llvm.ptr, %y: !X, %t: index) {
  %c0 = arith.constant 0 : index
  %k_count = arith.constant #K
  %lanes = arith.constant #LANES
  %zero = arith.constant dense<0.0> : !V
  %squares = scf.for %k = %c0 to %k_count step %lanes iter_args(%before = %zero) -> (!V) {
    %v = vector.load %x[%t, %k] : !X, !V
    %after = vector.fma %v, %v, %before : !V
    scf.yield %after : !V
  }
  %sum = vector.reduction <add>, %squares fastmath<reassoc> : !V into f32
  %size = arith.constant #SIZE
  %eps = arith.constant #EPS
  %weighted = arith.constant #WEIGHTED
  %one = arith.constant 1.0 : f32
  %mean = arith.divf %sum, %size : f32
  %shifted = arith.addf %mean, %eps : f32
  %root = math.sqrt %shifted : f32
  %inverse = arith.divf %one, %root : f32
  %factor = vector.broadcast %inverse : f32 to !V
  scf.for %k = %c0 to %k_count step %lanes {
    %v = vector.load %x[%t, %k] : !X, !V
    %normal = arith.mulf %v, %factor : !V
    %value = scf.if %weighted -> !V {
      %w = func.call @load_weights(%weights, %k) : (!llvm.ptr, index) -> !V
      %product = arith.mulf %normal, %w : !V
      scf.yield %product : !V
    } else {
      scf.yield %normal : !V
    }
    vector.store %value, %y[%t, %k] : !X, !V
  }
  return
}
