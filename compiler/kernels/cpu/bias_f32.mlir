//===- bias_f32.mlir - products with a bias in F32 ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A checkpoint's tensors may start at odd addresses, hence the alignment.
//
//===----------------------------------------------------------------------===//

func.func private @add_bias(%bias: !llvm.ptr, %n: index, %sum: f32) -> f32 {
  %offset = arith.index_cast %n : index to i64
  %address = llvm.getelementptr %bias[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %b = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> f32
  %result = arith.addf %sum, %b : f32
  return %result : f32
}
