//===- to_e4m3.mlir - values rounded to E4M3 codes ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The code nearest to a value, ties to even, at most +-448; NaN for NaN.
func.func private @to_e4m3(%value: f32) -> i8 {
  %none = arith.constant 0.0 : f32
  %codes = func.call @pair_to_e4m3(%value, %none) : (f32, f32) -> i16
  %code = arith.trunci %codes : i16 to i8
  return %code : i8
}

// The same of two values; %low's code is the lower one.
func.func private @pair_to_e4m3(%low: f32, %high: f32) -> i16 {
  %codes = nvvm.convert.f32x2.to.f8x2 %high, %low
    {rnd = #nvvm.fp_rnd_mode<rn>, sat = #nvvm.sat_mode<satfinite>} : i16 (f8E4M3FN)
  return %codes : i16
}
