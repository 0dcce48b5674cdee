//===- no_marks.mlir - weights whose codes are decoded at once ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What decode_halves.mlir does about NaN codes; where @decode makes them NaN
// already, no code needs a second look.
//
//===----------------------------------------------------------------------===//

func.func private @mark(%marks: !CODES, %codes: !CODES) -> !CODES {
  return %marks : !CODES
}
func.func private @apply_marks(%marks: !CODES, %sum: f32) -> f32 {
  return %sum : f32
}
func.func private @decode_each(%codes: !CODES) -> !WIDE {
  %values = func.call @decode(%codes) : (!CODES) -> !WIDE
  return %values : !WIDE
}
