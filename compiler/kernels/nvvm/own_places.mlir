//===- own_places.mlir - which values are a thread's ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block has values one behind the other, #BATCH at a time, and a thread #OWN of them:
// every #THREADS-th, so that neighbouring threads have neighbours. They are held in
// registers, and all are asked for before the first is stored: nothing can be loaded
// ahead of a store that might change it, and one after the other each would wait for
// memory. A thread without a value reads the last one, without a branch.
//
//===----------------------------------------------------------------------===//

// The place of a thread's value %i, of those from %first on, and whether it is
// one of %count values; else the last of them.
func.func private @place_below(%count: index, %first: index, %i: index) -> (index, i1) {
  %c1 = arith.constant 1 : index
  %threads = arith.constant #THREADS
  %thread = gpu.thread_id x
  %start = arith.addi %first, %thread : index
  %distance = arith.muli %i, %threads : index
  %place = arith.addi %start, %distance : index
  %is_there = arith.cmpi ult, %place, %count : index
  %last = arith.subi %count, %c1 : index
  %within = arith.minui %place, %last : index
  return %within, %is_there : index, i1
}
