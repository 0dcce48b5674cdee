//===- cache_f32.mlir - a KV cache of float32 -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

func.func private @store_cached(%base: !llvm.ptr, %index: index, %value: f32) {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  llvm.store %value, %address : f32, !llvm.ptr
  return
}
