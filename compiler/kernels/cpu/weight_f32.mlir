//===- weight_f32.mlir - values of an F32 weight --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A weight without scales that needs no conversion.
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on.
func.func private @load_weights(%base: !llvm.ptr, %index: index) -> !V {
  %values = func.call @load_f32(%base, %index) : (!llvm.ptr, index) -> !V
  return %values : !V
}

// Values stand for themselves; the kernel passes some pointer, never read.
func.func private @load_scale(%scales: !llvm.ptr, %row: index, %column: index) -> f32 {
  %one = arith.constant 1.0 : f32
  return %one : f32
}

// For products: #WIDE values at a time.
func.func private @decode(%codes: !CODES) -> !WIDE {
  %values = arith.bitcast %codes : !CODES to !WIDE
  return %values : !WIDE
}
