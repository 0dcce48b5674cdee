//===- cache_f32.mlir - float32 rows of the KV cache ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How attention reads cache values, and how kv_append writes them.
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on, in #UNITs.
func.func private @load_cache(%base: !llvm.ptr, %index: index) -> !V {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %values = llvm.load %address {alignment = 4 : i64} : !llvm.ptr -> !V
  return %values : !V
}

func.func private @store_cache(%base: !llvm.ptr, %index: index, %values: !V) {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  llvm.store %values, %address {alignment = 4 : i64} : !V, !llvm.ptr
  return
}
