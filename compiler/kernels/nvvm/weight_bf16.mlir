//===- weight_bf16.mlir - values of a BF16 weight -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Element %index: a bf16 is the upper half of a float.
func.func private @load_weight(%base: !llvm.ptr, %index: index) -> f32 {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i16
  %bits = llvm.load %address : !llvm.ptr -> i16
  %sixteen = arith.constant 16 : i32
  %wide = arith.extui %bits : i16 to i32
  %shifted = arith.shli %wide, %sixteen : i32
  %value = arith.bitcast %shifted : i32 to f32
  return %value : f32
}

// Values stand for themselves; the kernel passes some pointer, never read.
func.func private @load_scale(%scales: !llvm.ptr, %row: index, %column: index) -> f32 {
  %one = arith.constant 1.0 : f32
  return %one : f32
}
