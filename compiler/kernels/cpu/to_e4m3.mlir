//===- to_e4m3.mlir - floats become E4M3 codes ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The codes nearest to the values, ties to even, at most +-448; NaN for NaN.
func.func private @to_e4m3(%values: !V) -> !VI8 {
  %unsigned = arith.constant dense<0x7FFFFFFF> : !VI32
  %largest = arith.constant dense<0x43E00000> : !VI32
  %bits = arith.bitcast %values : !V to !VI32
  %magnitude = arith.andi %bits, %unsigned : !VI32
  %clamped = arith.minui %magnitude, %largest : !VI32

  // From 2^-6 on: drop 20 of 23 bits of the mantissa, half to even, and change
  // the exponent's bias from 127 to 7.
  %one = arith.constant dense<1> : !VI32
  %dropped = arith.constant dense<20> : !VI32
  %below_half = arith.constant dense<0x7FFFF> : !VI32
  %bias = arith.constant dense<960> : !VI32
  %shifted = arith.shrui %clamped, %dropped : !VI32
  %odd = arith.andi %shifted, %one : !VI32
  %up = arith.addi %odd, %below_half : !VI32
  %sum = arith.addi %clamped, %up : !VI32
  %kept = arith.shrui %sum, %dropped : !VI32
  %normal = arith.subi %kept, %bias : !VI32

  // Below: steps of 2^-9, those of floats from 2^14 on, so the addition rounds.
  %shift = arith.constant dense<16384.0> : !V
  %shift_bits = arith.constant dense<0x46800000> : !VI32
  %small = arith.bitcast %clamped : !VI32 to !V
  %moved = arith.addf %small, %shift : !V
  %moved_bits = arith.bitcast %moved : !V to !VI32
  %subnormal = arith.subi %moved_bits, %shift_bits : !VI32

  %first_normal = arith.constant dense<0x3C800000> : !VI32
  %is_small = arith.cmpi ult, %clamped, %first_normal : !VI32
  %number = arith.select %is_small, %subnormal, %normal : !VI1, !VI32
  %infinity = arith.constant dense<0x7F800000> : !VI32
  %nan_code = arith.constant dense<0x7F> : !VI32
  %is_nan = arith.cmpi ugt, %magnitude, %infinity : !VI32
  %code = arith.select %is_nan, %nan_code, %number : !VI1, !VI32

  %sign_place = arith.constant dense<24> : !VI32
  %sign_bit = arith.constant dense<0x80> : !VI32
  %high = arith.shrui %bits, %sign_place : !VI32
  %sign = arith.andi %high, %sign_bit : !VI32
  %signed = arith.ori %code, %sign : !VI32
  %result = arith.trunci %signed : !VI32 to !VI8
  return %result : !VI8
}
