//===- joined_row.mlir - two rows, one behind the other -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The thread's values of [head[t], tail[t]] from %first on.
func.func private @load_joined(%head: !HEAD, %tail: !TAIL, %t: index, %first: index) -> !OWN {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %head_columns = arith.constant #HEAD_COLUMNS
  %none = arith.constant dense<0.0> : !OWN
  %values = scf.for %i = %c0 to %own step %c1 iter_args(%before = %none) -> (!OWN) {
    %n, %is_there = func.call @place_in_row(%first, %i) : (index, index) -> (index, i1)
    %in_head = arith.cmpi ult, %n, %head_columns : index
    %value = scf.if %in_head -> f32 {
      %loaded = memref.load %head[%t, %n] : !HEAD
      scf.yield %loaded : f32
    } else {
      %from = arith.subi %n, %head_columns : index
      %loaded = memref.load %tail[%t, %from] : !TAIL
      scf.yield %loaded : f32
    }
    %after = vector.insert %value, %before[%i] : f32 into !OWN
    scf.yield %after : !OWN
  } {llvm.loop_annotation = #UNROLLED}
  return %values : !OWN
}
