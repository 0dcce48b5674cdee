//===- experts_combine.mlir - outputs of experts, weighted and summed -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = sum_j weights[t, j] * outputs[t * #TOP_K + j], in the order of j; plus
// shared[t] if #SHARED. With the weights #ON_INPUT they have done their part. A tile
// is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%outputs: !Y, %shared: !Y, %weights: !CHOICE, %y: !Y,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %on_input = arith.constant #ON_INPUT
  %n_count = arith.constant #N
  %has_shared = arith.constant #SHARED
  %top_k = arith.constant #TOP_K
  %first_slot = arith.muli %t, %top_k : index
  scf.for %n = %c0 to %n_count step %c1 {
    %value = scf.for %j = %c0 to %top_k step %c1 iter_args(%before = %zero) -> f32 {
      %slot = arith.addi %first_slot, %j : index
      %chosen = memref.load %weights[%t, %j] : !CHOICE
      %weight = arith.select %on_input, %one, %chosen : f32
      %output = memref.load %outputs[%slot, %n] : !Y
      %after = math.fma %weight, %output, %before : f32
      scf.yield %after : f32
    }
    %beside = memref.load %shared[%t, %n] : !Y
    %both = arith.addf %value, %beside : f32
    %result = arith.select %has_shared, %both, %value : f32
    memref.store %result, %y[%t, %n] : !Y
  }
  return
}
