//===- embed.mlir - rows of a table by token ------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = table[tokens[t]]. A tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%tokens: !LIST, %table: !llvm.ptr, %scales: !llvm.ptr, %y: !ROW,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %batch = arith.constant #BATCH
  %size = arith.constant #ROW_SIZE
  %token = memref.load %tokens[%t] : !LIST
  %row = arith.index_cast %token : i32 to index
  scf.for %first = %c0 to %size step %batch {
    %values = func.call @load_entry(%table, %scales, %row, %first)
      : (!llvm.ptr, !llvm.ptr, index, index) -> !OWN
    func.call @store_own(%values, %y, %t, %first) : (!OWN, !ROW, index, index) -> ()
  }
  return
}

// The thread's values of the table's row %row from %first on.
func.func private @load_entry(%table: !llvm.ptr, %scales: !llvm.ptr, %row: index,
                              %first: index) -> !OWN {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %size = arith.constant #ROW_SIZE
  %none = arith.constant dense<0.0> : !OWN
  %start = arith.muli %row, %size : index
  %values = scf.for %i = %c0 to %own step %c1 iter_args(%before = %none) -> (!OWN) {
    %k, %is_there = func.call @place_in_row(%first, %i) : (index, index) -> (index, i1)
    %at = arith.addi %start, %k : index
    %weight = func.call @load_weight(%table, %at) : (!llvm.ptr, index) -> f32
    %scale = func.call @load_scale(%scales, %row, %k) : (!llvm.ptr, index, index) -> f32
    %value = arith.mulf %weight, %scale : f32
    %after = vector.insert %value, %before[%i] : f32 into !OWN
    scf.yield %after : !OWN
  } {llvm.loop_annotation = #UNROLLED}
  return %values : !OWN
}
