//===- decode_halves.mlir - many E4M3 codes by way of halves --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As weight_f8e4m3.mlir decodes them, but NaN codes beside the main path: a row
// remembers whether it has met one.
//
//===----------------------------------------------------------------------===//

// For products: the values / 256 of #WIDE codes, but +-480 / 256 for a NaN.
func.func private @decode(%codes: !CODES) -> !WIDE {
  %seven = arith.constant dense<7> : !WIDE16
  %keep = arith.constant dense<0xBF80> : !WIDE16
  %wide = arith.extsi %codes : !CODES to !WIDE16
  %shifted = arith.shli %wide, %seven : !WIDE16
  %bits = arith.andi %shifted, %keep : !WIDE16
  %half = arith.bitcast %bits : !WIDE16 to !WIDEF16
  %values = arith.extf %half : !WIDEF16 to !WIDE
  return %values : !WIDE
}

// The largest magnitudes so far, sign bits set: 0xff once a NaN has been seen.
func.func private @mark(%marks: !CODES, %codes: !CODES) -> !CODES {
  %sign = arith.constant dense<0x80> : !CODES
  %magnitudes = arith.ori %codes, %sign : !CODES
  %result = arith.maxui %marks, %magnitudes : !CODES
  return %result : !CODES
}

// Whatever a NaN is multiplied with and added to, the sum is one.
func.func private @apply_marks(%marks: !CODES, %sum: f32) -> f32 {
  %all = arith.constant 0xFF : i8
  %nan = arith.constant 0x7FC00000 : f32
  %largest = vector.reduction <maxui>, %marks : !CODES into i8
  %is_nan = arith.cmpi eq, %largest, %all : i8
  %result = arith.select %is_nan, %nan, %sum : f32
  return %result : f32
}

// Where a row's values go to different sums: as @decode, but NaN for a NaN.
func.func private @decode_each(%codes: !CODES) -> !WIDE {
  %magnitude = arith.constant dense<0x7F> : !CODES
  %nan = arith.constant dense<0x7FC00000> : !WIDE
  %values = func.call @decode(%codes) : (!CODES) -> !WIDE
  %unsigned = arith.andi %codes, %magnitude : !CODES
  %is_nan = arith.cmpi eq, %unsigned, %magnitude : !CODES
  %result = arith.select %is_nan, %nan, %values : !WIDE1, !WIDE
  return %result : !WIDE
}
