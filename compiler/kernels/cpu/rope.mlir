//===- rope.mlir - heads turned by their position -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Angles reach 163,840 radians, where a float knows an angle to 0.01 only: they are
// formed and reduced in double. A tile is #TILE_HEADS heads of one row. The last
// #DIM values of a head form pairs j: (#STRIDE j, #STRIDE j + #DISTANCE).
//
//===----------------------------------------------------------------------===//

memref.global "private" constant @frequencies : !FREQUENCIES = #FREQUENCY_VALUES

func.func private @body(%x: !X, %positions: !LIST, %y: !X,
                        %t: index, %ty: index, %tz: index) {
  %cosines = memref.alloca() : !ANGLES
  %sines = memref.alloca() : !ANGLES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %pairs = arith.constant #PAIRS
  %heads = arith.constant #HEADS
  %width = arith.constant #WIDTH
  %plain = arith.constant #PLAIN
  %stride = arith.constant #STRIDE
  %distance = arith.constant #DISTANCE
  %magnitude = arith.constant #MAGNITUDE
  %frequencies = memref.get_global @frequencies : !FREQUENCIES

  %position = memref.load %positions[%t] : !LIST
  %turns = arith.sitofp %position : i32 to f64
  scf.for %j = %c0 to %pairs step %c1 {
    %frequency = memref.load %frequencies[%j] : !FREQUENCIES
    %angle = arith.mulf %turns, %frequency : f64
    %cos, %sin = func.call @cos_sin(%angle) : (f64) -> (f64, f64)
    %cos_scaled = arith.mulf %cos, %magnitude : f64
    %sin_scaled = arith.mulf %sin, %magnitude : f64
    %cos_f32 = arith.truncf %cos_scaled : f64 to f32
    %sin_f32 = arith.truncf %sin_scaled : f64 to f32
    memref.store %cos_f32, %cosines[%j] : !ANGLES
    memref.store %sin_f32, %sines[%j] : !ANGLES
  }

  %tile = arith.constant #TILE_HEADS
  %h_begin = arith.muli %ty, %tile : index
  %h_limit = arith.addi %h_begin, %tile : index
  %h_end = arith.minui %h_limit, %heads : index
  scf.for %h = %h_begin to %h_end step %c1 {
    %start = arith.muli %h, %width : index
    scf.for %d = %c0 to %plain step %c1 {
      %n = arith.addi %start, %d : index
      %value = memref.load %x[%t, %n] : !X
      memref.store %value, %y[%t, %n] : !X
    }
    %rotated = arith.addi %start, %plain : index
    scf.for %j = %c0 to %pairs step %c1 {
      %offset = arith.muli %j, %stride : index
      %first = arith.addi %rotated, %offset : index
      %second = arith.addi %first, %distance : index
      %a = memref.load %x[%t, %first] : !X
      %b = memref.load %x[%t, %second] : !X
      %cos = memref.load %cosines[%j] : !ANGLES
      %sin = memref.load %sines[%j] : !ANGLES
      %a_cos = arith.mulf %a, %cos : f32
      %b_sin = arith.mulf %b, %sin : f32
      %a_sin = arith.mulf %a, %sin : f32
      %b_cos = arith.mulf %b, %cos : f32
      %p = arith.subf %a_cos, %b_sin : f32
      %q = arith.addf %a_sin, %b_cos : f32
      memref.store %p, %y[%t, %first] : !X
      memref.store %q, %y[%t, %second] : !X
    }
  }
  return
}
