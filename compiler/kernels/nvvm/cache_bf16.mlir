//===- cache_bf16.mlir - a KV cache of BF16 -------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

func.func private @store_cached(%base: !llvm.ptr, %index: index, %value: f32) {
  %rounded = arith.truncf %value : f32 to bf16
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, bf16
  llvm.store %rounded, %address : bf16, !llvm.ptr
  return
}
