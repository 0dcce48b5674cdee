//===- shared_scale.mlir - values that share a scale ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// |value|, or 0 where it is infinite or NaN.
func.func private @finite_magnitude(%value: f32) -> f32 {
  %unsigned = arith.constant 0x7FFFFFFF : i32
  %infinity = arith.constant 0x7F800000 : i32
  %zero = arith.constant 0.0 : f32
  %bits = arith.bitcast %value : f32 to i32
  %magnitude = arith.andi %bits, %unsigned : i32
  %is_finite = arith.cmpi ult, %magnitude, %infinity : i32
  %positive = arith.bitcast %magnitude : i32 to f32
  %result = arith.select %is_finite, %positive, %zero : f32
  return %result : f32
}

// The largest over the lanes of a warp, the same in each.
func.func private @largest_of_warp(%value: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bits = arith.constant 5 : index
  %width = arith.constant 32 : i32
  %half = arith.constant 16 : i32
  %largest = scf.for %bit = %c0 to %bits step %c1 iter_args(%before = %value) -> (f32) {
    %shift = arith.index_cast %bit : index to i32
    %mask = arith.shrui %half, %shift : i32
    %other, %valid = gpu.shuffle xor %before, %mask, %width : f32
    %after = arith.maxnumf %before, %other : f32
    scf.yield %after : f32
  } {llvm.loop_annotation = #UNROLLED}
  return %largest : f32
}

// The scale of values whose largest finite magnitude is given: over 448, or 1
// where that is no normal number.
func.func private @scale_of(%largest: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %largest_code = arith.constant 448.0 : f32
  %smallest_normal = arith.constant 0x00800000 : f32
  %quotient = arith.divf %largest, %largest_code : f32
  %is_normal = arith.cmpf oge, %quotient, %smallest_normal : f32
  %scale = arith.select %is_normal, %quotient, %one : f32
  return %scale : f32
}
