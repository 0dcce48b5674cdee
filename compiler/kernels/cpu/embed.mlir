//===- embed.mlir - the embedding of each token ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = table[tokens[t]]. A tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%tokens: !LIST, %table: !llvm.ptr, %scales: !llvm.ptr, %y: !Y,
                        %t: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %k_count = arith.constant #K
  %lanes = arith.constant #LANES
  %token = memref.load %tokens[%t] : !LIST
  %row = arith.index_cast %token : i32 to index
  %start = arith.muli %row, %k_count : index
  scf.for %k = %c0 to %k_count step %lanes {
    %at = arith.addi %start, %k : index
    %w = func.call @load_weights(%table, %at) : (!llvm.ptr, index) -> !V
    %scale = func.call @load_scale(%scales, %row, %k) : (!llvm.ptr, index, index) -> f32
    %factor = vector.broadcast %scale : f32 to !V
    %value = arith.mulf %w, %factor : !V
    vector.store %value, %y[%t, %k] : !Y, !V
  }
  return
}
