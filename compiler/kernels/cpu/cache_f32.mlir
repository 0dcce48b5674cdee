//===- cache_f32.mlir - a KV cache of float32 -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on, in #UNITs.
func.func private @load_cache(%base: !llvm.ptr, %index: index) -> !V {
  %values = func.call @load_f32(%base, %index) : (!llvm.ptr, index) -> !V
  return %values : !V
}

func.func private @store_cache(%base: !llvm.ptr, %index: index, %values: !V) {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  llvm.store %values, %address {alignment = 1 : i64} : !V, !llvm.ptr
  return
}
