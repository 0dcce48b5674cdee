//===- weight_f16.mlir - values of an F16 weight --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A weight without scales, widened by the hardware.
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on. A checkpoint's tensors may start at
// odd addresses, hence the alignment.
func.func private @load_weights(%base: !llvm.ptr, %index: index) -> !V {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i16
  %bits = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> !VI16
  %half = arith.bitcast %bits : !VI16 to !VF16
  %values = arith.extf %half : !VF16 to !V
  return %values : !V
}

// Values stand for themselves; the kernel passes some pointer, never read.
func.func private @load_scale(%scales: !llvm.ptr, %row: index, %column: index) -> f32 {
  %one = arith.constant 1.0 : f32
  return %one : f32
}

// For products: #WIDE values at a time.
func.func private @decode(%codes: !CODES) -> !WIDE {
  %half = arith.bitcast %codes : !CODES to !WIDEF16
  %values = arith.extf %half : !WIDEF16 to !WIDE
  return %values : !WIDE
}
