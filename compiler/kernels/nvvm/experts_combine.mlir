//===- experts_combine.mlir - what experts say of a token -----------------===//
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

func.func private @body(%outputs: !ROW, %shared: !ROW, %weights: !CHOICE, %y: !ROW,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %batch = arith.constant #BATCH
  %size = arith.constant #ROW_SIZE
  %has_shared = arith.constant #SHARED
  scf.for %first = %c0 to %size step %batch {
    %sums = func.call @weigh(%outputs, %weights, %t, %first)
      : (!ROW, !CHOICE, index, index) -> !OWN
    %results = scf.if %has_shared -> !OWN {
      %beside = func.call @load_own(%shared, %t, %first) : (!ROW, index, index) -> !OWN
      %both = arith.addf %sums, %beside : !OWN
      scf.yield %both : !OWN
    } else {
      scf.yield %sums : !OWN
    }
    func.call @store_own(%results, %y, %t, %first) : (!OWN, !ROW, index, index) -> ()
  }
  return
}

// The weighted sums of the thread's values from %first on.
func.func private @weigh(%outputs: !ROW, %weights: !CHOICE, %t: index, %first: index) -> !OWN {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %top_k = arith.constant #TOP_K
  %on_input = arith.constant #ON_INPUT
  %one = arith.constant 1.0 : f32
  %none = arith.constant dense<0.0> : !OWN
  %first_slot = arith.muli %t, %top_k : index
  %sums = scf.for %j = %c0 to %top_k step %c1 iter_args(%before = %none) -> (!OWN) {
    %slot = arith.addi %first_slot, %j : index
    %weight = scf.if %on_input -> f32 {
      scf.yield %one : f32
    } else {
      %chosen = memref.load %weights[%t, %j] : !CHOICE
      scf.yield %chosen : f32
    }
    %factor = vector.broadcast %weight : f32 to !OWN
    %values = func.call @load_own(%outputs, %slot, %first) : (!ROW, index, index) -> !OWN
    %after = math.fma %factor, %values, %before : !OWN
    scf.yield %after : !OWN
  } {llvm.loop_annotation = #UNROLLED}
  return %sums : !OWN
}
