//===- own_values.mlir - what a thread has of a row -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row has #ROW_SIZE values: see own_places.mlir.
//
//===----------------------------------------------------------------------===//

// The place in the row of a thread's value %i, of those from %first on, and
// whether there is one; else the last.
func.func private @place_in_row(%first: index, %i: index) -> (index, i1) {
  %size = arith.constant #ROW_SIZE
  %n, %is_there = func.call @place_below(%size, %first, %i) : (index, index, index) -> (index, i1)
  return %n, %is_there : index, i1
}

// The thread's values of row %t from %first on; 0 behind the row.
func.func private @load_own(%x: !ROW, %t: index, %first: index) -> !OWN {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %zero = arith.constant 0.0 : f32
  %none = arith.constant dense<0.0> : !OWN
  %values = scf.for %i = %c0 to %own step %c1 iter_args(%before = %none) -> (!OWN) {
    %n, %is_there = func.call @place_in_row(%first, %i) : (index, index) -> (index, i1)
    %loaded = memref.load %x[%t, %n] : !ROW
    %value = arith.select %is_there, %loaded, %zero : f32
    %after = vector.insert %value, %before[%i] : f32 into !OWN
    scf.yield %after : !OWN
  } {llvm.loop_annotation = #UNROLLED}
  return %values : !OWN
}

func.func private @store_own(%values: !OWN, %y: !ROW, %t: index, %first: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  scf.for %i = %c0 to %own step %c1 {
    %n, %is_there = func.call @place_in_row(%first, %i) : (index, index) -> (index, i1)
    scf.if %is_there {
      %value = vector.extract %values[%i] : f32 from !OWN
      memref.store %value, %y[%t, %n] : !ROW
    }
  } {llvm.loop_annotation = #UNROLLED}
  return
}
