//===- cache_f8e4m3.mlir - a KV cache of E4M3 -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without scales: latents are normalised, and what is beyond +-448 becomes that.
//
//===----------------------------------------------------------------------===//

func.func private @store_cached(%base: !llvm.ptr, %index: index, %value: f32) {
  %code = func.call @to_e4m3(%value) : (f32) -> i8
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  llvm.store %code, %address : i8, !llvm.ptr
  return
}
