//===- rope.mlir - rotary position embedding ------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Angles reach 163,840 radians, where a float knows an angle to 0.01 only: they are
// formed and reduced in double. A tile is one row of #HEADS heads, so that each angle's
// cosine and sine are computed once. A head has #PLAIN values that stay; the others
// form pairs j: (#STRIDE j, #STRIDE j + #DISTANCE).
//
//===----------------------------------------------------------------------===//

memref.global "private" constant @frequencies : !FREQUENCIES = #FREQUENCY_VALUES
memref.global "private" @cosines : !SHARED_ANGLES = uninitialized
memref.global "private" @sines : !SHARED_ANGLES = uninitialized

func.func private @body(%x: !X, %positions: !LIST, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %pairs = arith.constant #PAIRS
  %threads = arith.constant #THREADS
  %magnitude = arith.constant #MAGNITUDE
  %frequencies = memref.get_global @frequencies : !FREQUENCIES
  %cosines = memref.get_global @cosines : !SHARED_ANGLES
  %sines = memref.get_global @sines : !SHARED_ANGLES
  %thread = gpu.thread_id x
  %position = memref.load %positions[%t] : !LIST
  %turns = arith.sitofp %position : i32 to f64
  scf.for %j = %thread to %pairs step %threads {
    %frequency = memref.load %frequencies[%j] : !FREQUENCIES
    %angle = arith.mulf %turns, %frequency : f64
    %cos, %sin = func.call @cos_sin(%angle) : (f64) -> (f64, f64)
    %cos_scaled = arith.mulf %cos, %magnitude : f64
    %sin_scaled = arith.mulf %sin, %magnitude : f64
    %cos_f32 = arith.truncf %cos_scaled : f64 to f32
    %sin_f32 = arith.truncf %sin_scaled : f64 to f32
    memref.store %cos_f32, %cosines[%j] : !SHARED_ANGLES
    memref.store %sin_f32, %sines[%j] : !SHARED_ANGLES
  }
  gpu.barrier
  func.call @copy_plain(%x, %y, %t) : (!X, !X, index) -> ()
  func.call @turn_pairs(%x, %y, %t) : (!X, !X, index) -> ()
  return
}

// The values that stay, of all heads.
func.func private @copy_plain(%x: !X, %y: !X, %t: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %batch = arith.constant #BATCH
  %count = arith.constant #PLAIN_VALUES
  %none = arith.constant dense<0.0> : !OWN
  scf.for %first = %c0 to %count step %batch {
    %values = scf.for %i = %c0 to %own step %c1 iter_args(%before = %none) -> (!OWN) {
      %n, %is_there = func.call @plain_place(%first, %i) : (index, index) -> (index, i1)
      %value = memref.load %x[%t, %n] : !X
      %after = vector.insert %value, %before[%i] : f32 into !OWN
      scf.yield %after : !OWN
    } {llvm.loop_annotation = #UNROLLED}
    scf.for %i = %c0 to %own step %c1 {
      %n, %is_there = func.call @plain_place(%first, %i) : (index, index) -> (index, i1)
      scf.if %is_there {
        %value = vector.extract %values[%i] : f32 from !OWN
        memref.store %value, %y[%t, %n] : !X
      }
    } {llvm.loop_annotation = #UNROLLED}
  }
  return
}

// The thread's value %i of those that stay, from %first on: its place in the row,
// and whether there is one; else that of the last.
func.func private @plain_place(%first: index, %i: index) -> (index, i1) {
  %count = arith.constant #PLAIN_VALUES
  %plain = arith.constant #PLAIN
  %width = arith.constant #WIDTH
  %n, %is_there = func.call @place_below(%count, %first, %i) : (index, index, index) -> (index, i1)
  %head = arith.divui %n, %plain : index
  %d = arith.remui %n, %plain : index
  %start = arith.muli %head, %width : index
  %at = arith.addi %start, %d : index
  return %at, %is_there : index, i1
}

// All pairs of all heads.
func.func private @turn_pairs(%x: !X, %y: !X, %t: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %batch = arith.constant #BATCH
  %count = arith.constant #PAIR_VALUES
  %distance = arith.constant #DISTANCE
  %none = arith.constant dense<0.0> : !OWN
  scf.for %first = %c0 to %count step %batch {
    %as, %bs = scf.for %i = %c0 to %own step %c1
        iter_args(%as_before = %none, %bs_before = %none) -> (!OWN, !OWN) {
      %n, %j, %is_there = func.call @pair_place(%first, %i)
        : (index, index) -> (index, index, i1)
      %m = arith.addi %n, %distance : index
      %a = memref.load %x[%t, %n] : !X
      %b = memref.load %x[%t, %m] : !X
      %as_after = vector.insert %a, %as_before[%i] : f32 into !OWN
      %bs_after = vector.insert %b, %bs_before[%i] : f32 into !OWN
      scf.yield %as_after, %bs_after : !OWN, !OWN
    } {llvm.loop_annotation = #UNROLLED}
    scf.for %i = %c0 to %own step %c1 {
      %n, %j, %is_there = func.call @pair_place(%first, %i)
        : (index, index) -> (index, index, i1)
      %m = arith.addi %n, %distance : index
      %a = vector.extract %as[%i] : f32 from !OWN
      %b = vector.extract %bs[%i] : f32 from !OWN
      %p, %q = func.call @turn(%a, %b, %j) : (f32, f32, index) -> (f32, f32)
      scf.if %is_there {
        memref.store %p, %y[%t, %n] : !X
        memref.store %q, %y[%t, %m] : !X
      }
    } {llvm.loop_annotation = #UNROLLED}
  }
  return
}

// The same of pairs: where its first value is, which angle turns it, and whether
// there is one.
func.func private @pair_place(%first: index, %i: index) -> (index, index, i1) {
  %count = arith.constant #PAIR_VALUES
  %pairs = arith.constant #PAIRS
  %width = arith.constant #WIDTH
  %plain = arith.constant #PLAIN
  %stride = arith.constant #STRIDE
  %n, %is_there = func.call @place_below(%count, %first, %i) : (index, index, index) -> (index, i1)
  %head = arith.divui %n, %pairs : index
  %j = arith.remui %n, %pairs : index
  %start = arith.muli %head, %width : index
  %turned = arith.addi %start, %plain : index
  %offset = arith.muli %j, %stride : index
  %at = arith.addi %turned, %offset : index
  return %at, %j, %is_there : index, index, i1
}

// The pair turned by angle %j.
func.func private @turn(%a: f32, %b: f32, %j: index) -> (f32, f32) {
  %cosines = memref.get_global @cosines : !SHARED_ANGLES
  %sines = memref.get_global @sines : !SHARED_ANGLES
  %cos = memref.load %cosines[%j] : !SHARED_ANGLES
  %sin = memref.load %sines[%j] : !SHARED_ANGLES
  %a_cos = arith.mulf %a, %cos : f32
  %b_sin = arith.mulf %b, %sin : f32
  %a_sin = arith.mulf %a, %sin : f32
  %b_cos = arith.mulf %b, %cos : f32
  %p = arith.subf %a_cos, %b_sin : f32
  %q = arith.addf %a_sin, %b_cos : f32
  return %p, %q : f32, f32
}
