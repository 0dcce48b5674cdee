//===- load_f32.mlir - float32 values of a weight or a cache --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on. A checkpoint's tensors may start at
// odd addresses, hence the alignment.
func.func private @load_f32(%base: !llvm.ptr, %index: index) -> !V {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %values = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> !V
  return %values : !V
}
