//===- experts_group.mlir - tokens sorted by expert -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// slots lists the slots t * #TOP_K + j expert by expert, each expert's in order;
// those of expert e are from starts[e] to before starts[e + 1]. One tile: there
// are a few thousand of them at most.
//
//===----------------------------------------------------------------------===//

func.func private @body(%indices: !INDICES, %starts: !LIST, %slots: !LIST,
                        %T: index, %tx: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %none = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %top_k = arith.constant #TOP_K
  %experts = arith.constant #EXPERTS
  %limit = arith.addi %experts, %c1 : index
  scf.for %e = %c0 to %limit step %c1 {
    memref.store %none, %starts[%e] : !LIST
  }
  // starts[e + 1] counts the slots of e; added up, starts[e] is its start.
  scf.for %t = %c0 to %T step %c1 {
    scf.for %j = %c0 to %top_k step %c1 {
      %chosen = memref.load %indices[%t, %j] : !INDICES
      %e = arith.index_cast %chosen : i32 to index
      %behind = arith.addi %e, %c1 : index
      %count = memref.load %starts[%behind] : !LIST
      %more = arith.addi %count, %one : i32
      memref.store %more, %starts[%behind] : !LIST
    }
  }
  scf.for %e = %c0 to %experts step %c1 {
    %behind = arith.addi %e, %c1 : index
    %start = memref.load %starts[%e] : !LIST
    %count = memref.load %starts[%behind] : !LIST
    %next = arith.addi %start, %count : i32
    memref.store %next, %starts[%behind] : !LIST
  }
  // Placing its slots moves starts[e] to the end of e, the start of e + 1.
  scf.for %t = %c0 to %T step %c1 {
    %first = arith.muli %t, %top_k : index
    scf.for %j = %c0 to %top_k step %c1 {
      %chosen = memref.load %indices[%t, %j] : !INDICES
      %e = arith.index_cast %chosen : i32 to index
      %at = memref.load %starts[%e] : !LIST
      %place = arith.index_cast %at : i32 to index
      %slot = arith.addi %first, %j : index
      %stored = arith.index_cast %slot : index to i32
      memref.store %stored, %slots[%place] : !LIST
      %next = arith.addi %at, %one : i32
      memref.store %next, %starts[%e] : !LIST
    }
  }
  %total = scf.for %e = %c0 to %limit step %c1 iter_args(%start = %none) -> i32 {
    %end = memref.load %starts[%e] : !LIST
    memref.store %start, %starts[%e] : !LIST
    scf.yield %end : i32
  }
  return
}
