//===- exp.mlir - the exponential function --------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The shared object must not need libm.
//
//===----------------------------------------------------------------------===//

// e^x, within 1 ulp where the result is normal; 0 below, infinity above, NaN
// for NaN. x = n ln 2 + r with |r| <= ln 2 / 2, a Taylor polynomial for e^r
// (its error there is 5e-9), and 2^n in two factors, as 2^128 is no float.
func.func private @exp(%x: f32) -> f32 {
  %low = arith.constant -104.0 : f32
  %high = arith.constant 89.0 : f32
  %too_low = arith.cmpf olt, %x, %low : f32
  %x0 = arith.select %too_low, %low, %x : f32
  %too_high = arith.cmpf ogt, %x0, %high : f32
  %x1 = arith.select %too_high, %high, %x0 : f32

  %log2e = arith.constant 1.44269504 : f32
  %minus_ln2_high = arith.constant -0.693145752 : f32
  %minus_ln2_low = arith.constant -1.42860677e-6 : f32
  %scaled = arith.mulf %x1, %log2e : f32
  %n = math.roundeven %scaled : f32
  %r0 = math.fma %n, %minus_ln2_high, %x1 : f32
  %r = math.fma %n, %minus_ln2_low, %r0 : f32

  %c7 = arith.constant 1.98412698e-4 : f32
  %c6 = arith.constant 1.38888889e-3 : f32
  %c5 = arith.constant 8.33333333e-3 : f32
  %c4 = arith.constant 4.16666667e-2 : f32
  %c3 = arith.constant 1.66666667e-1 : f32
  %c2 = arith.constant 0.5 : f32
  %one = arith.constant 1.0 : f32
  %p6 = math.fma %c7, %r, %c6 : f32
  %p5 = math.fma %p6, %r, %c5 : f32
  %p4 = math.fma %p5, %r, %c4 : f32
  %p3 = math.fma %p4, %r, %c3 : f32
  %p2 = math.fma %p3, %r, %c2 : f32
  %p1 = math.fma %p2, %r, %one : f32
  %p = math.fma %p1, %r, %one : f32

  // Converting a NaN to an integer is undefined; %p is NaN already then.
  %zero = arith.constant 0.0 : f32
  %ordered = arith.cmpf ord, %x, %x : f32
  %exponent = arith.select %ordered, %n, %zero : f32
  %e = arith.fptosi %exponent : f32 to i32
  %i1 = arith.constant 1 : i32
  %e0 = arith.shrsi %e, %i1 : i32
  %e1 = arith.subi %e, %e0 : i32
  %f0 = func.call @power_of_two(%e0) : (i32) -> f32
  %f1 = func.call @power_of_two(%e1) : (i32) -> f32
  %half = arith.mulf %p, %f0 : f32
  %result = arith.mulf %half, %f1 : f32
  return %result : f32
}

// 2^e for e from -126 to 127.
func.func private @power_of_two(%e: i32) -> f32 {
  %bias = arith.constant 127 : i32
  %shift = arith.constant 23 : i32
  %biased = arith.addi %e, %bias : i32
  %bits = arith.shli %biased, %shift : i32
  %result = arith.bitcast %bits : i32 to f32
  return %result : f32
}

// 1 / (1 + e^-x).
func.func private @sigmoid(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %minus = arith.negf %x : f32
  %e = func.call @exp(%minus) : (f32) -> f32
  %sum = arith.addf %one, %e : f32
  %result = arith.divf %one, %sum : f32
  return %result : f32
}

// silu(gate) * up with silu(x) = x / (1 + e^-x).
func.func private @gated(%gate: f32, %up: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %minus = arith.negf %gate : f32
  %e = func.call @exp(%minus) : (f32) -> f32
  %sum = arith.addf %one, %e : f32
  %silu = arith.divf %gate, %sum : f32
  %result = arith.mulf %silu, %up : f32
  return %result : f32
}
