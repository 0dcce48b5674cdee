//===- own_values.mlir - what a thread has of a row -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block has a row, and a thread #OWN of its #ROW_SIZE values at a time: every
// #THREADS-th, so that neighbouring threads have neighbours. They are held in
// registers: all of them are asked for before the first is stored. The hardware waits
// for a value where it is used, and nothing may be loaded ahead of a store that could
// change it.
//
//===----------------------------------------------------------------------===//

// The steps of such a loop are written out, so that vectors are registers.
#UNROLLED = #llvm.loop_annotation<unroll = <full = true>>

// The place in the row of a thread's value %i, of those from %first on.
func.func private @place(%first: index, %i: index) -> index {
  %threads = arith.constant #THREADS
  %thread = gpu.thread_id x
  %start = arith.addi %first, %thread : index
  %distance = arith.muli %i, %threads : index
  %place = arith.addi %start, %distance : index
  return %place : index
}

// The thread's values of row %t from %first on; 0 behind the row.
func.func private @load_own(%x: !ROW, %t: index, %first: index) -> !OWN {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %size = arith.constant #ROW_SIZE
  %zero = arith.constant 0.0 : f32
  %none = arith.constant dense<0.0> : !OWN
  %values = scf.for %i = %c0 to %own step %c1 iter_args(%before = %none) -> (!OWN) {
    %n = func.call @place(%first, %i) : (index, index) -> index
    %is_there = arith.cmpi ult, %n, %size : index
    %value = scf.if %is_there -> f32 {
      %loaded = memref.load %x[%t, %n] : !ROW
      scf.yield %loaded : f32
    } else {
      scf.yield %zero : f32
    }
    %after = vector.insert %value, %before[%i] : f32 into !OWN
    scf.yield %after : !OWN
  } {llvm.loop_annotation = #UNROLLED}
  return %values : !OWN
}

func.func private @store_own(%values: !OWN, %y: !ROW, %t: index, %first: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %size = arith.constant #ROW_SIZE
  scf.for %i = %c0 to %own step %c1 {
    %n = func.call @place(%first, %i) : (index, index) -> index
    %is_there = arith.cmpi ult, %n, %size : index
    scf.if %is_there {
      %value = vector.extract %values[%i] : f32 from !OWN
      memref.store %value, %y[%t, %n] : !ROW
    }
  } {llvm.loop_annotation = #UNROLLED}
  return
}
