//===- weight_bf16.mlir - values of a BF16 weight -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A weight without scales. A bf16 is the upper half of a float: no instruction
// set extension is needed to widen it.
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on.
func.func private @load_weights(%base: !llvm.ptr, %index: index) -> !V {
  %values = func.call @load_bf16(%base, %index) : (!llvm.ptr, index) -> !V
  return %values : !V
}

// Values stand for themselves; the kernel passes some pointer, never read.
func.func private @load_scale(%scales: !llvm.ptr, %row: index, %column: index) -> f32 {
  %one = arith.constant 1.0 : f32
  return %one : f32
}

// For products: #WIDE values at a time.
func.func private @decode(%codes: !CODES) -> !WIDE {
  %sixteen = arith.constant dense<16> : !WIDE32
  %wide = arith.extui %codes : !CODES to !WIDE32
  %shifted = arith.shli %wide, %sixteen : !WIDE32
  %values = arith.bitcast %shifted : !WIDE32 to !WIDE
  return %values : !WIDE
}
