//===- cos_sin.mlir - cosine and sine of large angles ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// cos and sin, to 1e-13 for angles up to 1e8. angle = n pi/2 + r with
// |r| <= pi/4, Taylor polynomials in r, and the quadrant n mod 4 says which is
// which and with what sign.
func.func private @cos_sin(%angle: f64) -> (f64, f64) {
  %two_over_pi = arith.constant 0.63661977236758134308 : f64
  %minus_half_pi_high = arith.constant -1.5707963267948965580 : f64
  %minus_half_pi_low = arith.constant -6.1232339957367660e-17 : f64
  %quarters = arith.mulf %angle, %two_over_pi : f64
  %n = math.roundeven %quarters : f64
  %r0 = math.fma %n, %minus_half_pi_high, %angle : f64
  %r = math.fma %n, %minus_half_pi_low, %r0 : f64
  %z = arith.mulf %r, %r : f64

  %s13 = arith.constant 1.6059043836821613e-10 : f64
  %s11 = arith.constant -2.5052108385441719e-8 : f64
  %s9 = arith.constant 2.7557319223985891e-6 : f64
  %s7 = arith.constant -1.9841269841269841e-4 : f64
  %s5 = arith.constant 8.3333333333333333e-3 : f64
  %s3 = arith.constant -1.6666666666666667e-1 : f64
  %sa = math.fma %s13, %z, %s11 : f64
  %sb = math.fma %sa, %z, %s9 : f64
  %sc = math.fma %sb, %z, %s7 : f64
  %sd = math.fma %sc, %z, %s5 : f64
  %se = math.fma %sd, %z, %s3 : f64
  %sz = arith.mulf %se, %z : f64
  %sine = math.fma %sz, %r, %r : f64

  %one = arith.constant 1.0 : f64
  %k14 = arith.constant -1.1470745597729725e-11 : f64
  %k12 = arith.constant 2.0876756987868099e-9 : f64
  %k10 = arith.constant -2.7557319223985891e-7 : f64
  %k8 = arith.constant 2.4801587301587302e-5 : f64
  %k6 = arith.constant -1.3888888888888889e-3 : f64
  %k4 = arith.constant 4.1666666666666667e-2 : f64
  %k2 = arith.constant -0.5 : f64
  %ka = math.fma %k14, %z, %k12 : f64
  %kb = math.fma %ka, %z, %k10 : f64
  %kc = math.fma %kb, %z, %k8 : f64
  %kd = math.fma %kc, %z, %k6 : f64
  %ke = math.fma %kd, %z, %k4 : f64
  %kf = math.fma %ke, %z, %k2 : f64
  %cosine = math.fma %kf, %z, %one : f64

  %zero = arith.constant 0 : i32
  %i1 = arith.constant 1 : i32
  %i2 = arith.constant 2 : i32
  %quadrant = arith.fptosi %n : f64 to i32
  %odd_bit = arith.andi %quadrant, %i1 : i32
  %odd = arith.cmpi ne, %odd_bit, %zero : i32
  %next = arith.addi %quadrant, %i1 : i32
  %cos_bit = arith.andi %next, %i2 : i32
  %cos_negative = arith.cmpi ne, %cos_bit, %zero : i32
  %sin_bit = arith.andi %quadrant, %i2 : i32
  %sin_negative = arith.cmpi ne, %sin_bit, %zero : i32
  %cos0 = arith.select %odd, %sine, %cosine : f64
  %sin0 = arith.select %odd, %cosine, %sine : f64
  %minus_cos = arith.negf %cos0 : f64
  %minus_sin = arith.negf %sin0 : f64
  %cos = arith.select %cos_negative, %minus_cos, %cos0 : f64
  %sin = arith.select %sin_negative, %minus_sin, %sin0 : f64
  return %cos, %sin : f64, f64
}
