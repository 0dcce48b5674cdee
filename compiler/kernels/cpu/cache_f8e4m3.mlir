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

// The #LANES values from element %index on, in #UNITs.
func.func private @load_cache(%base: !llvm.ptr, %index: index) -> !V {
  %values = func.call @load_f8e4m3(%base, %index) : (!llvm.ptr, index) -> !V
  return %values : !V
}

func.func private @store_cache(%base: !llvm.ptr, %index: index, %values: !V) {
  %codes = func.call @to_e4m3(%values) : (!V) -> !VI8
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  llvm.store %codes, %address {alignment = 1 : i64} : !VI8, !llvm.ptr
  return
}
