//===- load_bf16.mlir - BF16 values of a weight or a cache ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on: a bf16 is the upper half of a float,
// no instruction set extension is needed to widen it. A checkpoint's tensors may
// start at odd addresses, hence the alignment.
func.func private @load_bf16(%base: !llvm.ptr, %index: index) -> !V {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i16
  %bits = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> !VI16
  %sixteen = arith.constant dense<16> : !VI32
  %wide = arith.extui %bits : !VI16 to !VI32
  %shifted = arith.shli %wide, %sixteen : !VI32
  %values = arith.bitcast %shifted : !VI32 to !V
  return %values : !V
}
