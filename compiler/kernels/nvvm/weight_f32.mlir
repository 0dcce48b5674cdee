//===- weight_f32.mlir - values of an F32 weight --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Element %index.
func.func private @load_weight(%base: !llvm.ptr, %index: index) -> f32 {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %value = llvm.load %address : !llvm.ptr -> f32
  return %value : f32
}

// Values stand for themselves; the kernel passes some pointer, never read.
func.func private @load_scale(%scales: !llvm.ptr, %row: index, %column: index) -> f32 {
  %one = arith.constant 1.0 : f32
  return %one : f32
}
