//===- quantize_rows.mlir - blocks of a source that is stored so ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For sources whose rows are those of the result.
//
//===----------------------------------------------------------------------===//

func.func private @stage_block(%x: !llvm.ptr, %n_begin: index, %n_end: index,
                               %k_begin: index, %k_end: index, %stage: !STAGE) {
  return
}

// The #LANES values of row %n from column %k on.
func.func private @block_values(%x: !llvm.ptr, %n: index, %k: index, %n_begin: index,
                                %k_begin: index, %stage: !STAGE) -> !V {
  %k_count = arith.constant #K
  %start = arith.muli %n, %k_count : index
  %at = arith.addi %start, %k : index
  %values = func.call @load_weights(%x, %at) : (!llvm.ptr, index) -> !V
  return %values : !V
}
