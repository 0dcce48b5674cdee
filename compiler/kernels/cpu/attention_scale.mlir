//===- attention_scale.mlir - what scores are multiplied by ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// #SCALE, and where #TEMPERED the temperature of the row's position. The shared object
// must not need libm, hence a logarithm here.
//
//===----------------------------------------------------------------------===//

// #SCALE * (log1p(floor((position + 1) / #FLOOR)) * #TEMPERATURE + 1).
func.func private @row_scale(%position: index) -> f32 {
  %plain = arith.constant #SCALE
  %tempered = arith.constant #TEMPERED
  %result = scf.if %tempered -> f32 {
    %c1 = arith.constant 1 : index
    %floor = arith.constant #FLOOR
    %strength = arith.constant #TEMPERATURE
    %one = arith.constant 1.0 : f64
    %next = arith.addi %position, %c1 : index
    %steps = arith.divui %next, %floor : index
    %more = arith.addi %steps, %c1 : index
    %more_i64 = arith.index_cast %more : index to i64
    %argument = arith.sitofp %more_i64 : i64 to f64
    %log = func.call @log(%argument) : (f64) -> f64
    %factor = math.fma %log, %strength, %one : f64
    %scale = arith.extf %plain : f32 to f64
    %product = arith.mulf %scale, %factor : f64
    %rounded = arith.truncf %product : f64 to f32
    scf.yield %rounded : f32
  } else {
    scf.yield %plain : f32
  }
  return %result : f32
}

// log x to 1e-15 for x from 1 to 2^52. x = 2^e m with m between sqrt(1/2) and sqrt(2)
// and, with f = (m - 1) / (m + 1), log m = 2 (f + f^3/3 + f^5/5 + ...).
func.func private @log(%x: f64) -> f64 {
  %mantissa_bits = arith.constant 52 : i64
  %bias = arith.constant 1023 : i64
  %exponent_of_one = arith.constant 0x3FF0000000000000 : i64
  %mantissa_mask = arith.constant 0x000FFFFFFFFFFFFF : i64
  %one = arith.constant 1.0 : f64
  %half = arith.constant 0.5 : f64
  %zero = arith.constant 0.0 : f64
  %root = arith.constant 1.4142135623730951 : f64
  %ln2 = arith.constant 0.69314718055994531 : f64
  %bits = arith.bitcast %x : f64 to i64
  %high = arith.shrui %bits, %mantissa_bits : i64
  %exponent = arith.subi %high, %bias : i64
  %low = arith.andi %bits, %mantissa_mask : i64
  %scaled = arith.ori %low, %exponent_of_one : i64
  %m0 = arith.bitcast %scaled : i64 to f64
  %e0 = arith.sitofp %exponent : i64 to f64
  %large = arith.cmpf ogt, %m0, %root : f64
  %halved = arith.mulf %m0, %half : f64
  %m = arith.select %large, %halved, %m0 : f64
  %up = arith.select %large, %one, %zero : f64
  %e = arith.addf %e0, %up : f64

  %difference = arith.subf %m, %one : f64
  %sum = arith.addf %m, %one : f64
  %f = arith.divf %difference, %sum : f64
  %z = arith.mulf %f, %f : f64
  %c19 = arith.constant 5.2631578947368418e-2 : f64
  %c17 = arith.constant 5.8823529411764705e-2 : f64
  %c15 = arith.constant 6.6666666666666666e-2 : f64
  %c13 = arith.constant 7.6923076923076927e-2 : f64
  %c11 = arith.constant 9.0909090909090912e-2 : f64
  %c9 = arith.constant 1.1111111111111111e-1 : f64
  %c7 = arith.constant 1.4285714285714286e-1 : f64
  %c5 = arith.constant 2.0e-1 : f64
  %c3 = arith.constant 3.3333333333333333e-1 : f64
  %two = arith.constant 2.0 : f64
  %p17 = math.fma %c19, %z, %c17 : f64
  %p15 = math.fma %p17, %z, %c15 : f64
  %p13 = math.fma %p15, %z, %c13 : f64
  %p11 = math.fma %p13, %z, %c11 : f64
  %p9 = math.fma %p11, %z, %c9 : f64
  %p7 = math.fma %p9, %z, %c7 : f64
  %p5 = math.fma %p7, %z, %c5 : f64
  %p3 = math.fma %p5, %z, %c3 : f64
  %tail = arith.mulf %p3, %z : f64
  %series = math.fma %tail, %f, %f : f64
  %log_m = arith.mulf %series, %two : f64
  %log = math.fma %e, %ln2, %log_m : f64
  return %log : f64
}
