//===- quantize_columns.mlir - blocks of a source stored by columns -------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For sources whose columns, from #FROM on, are the rows of the result. A block is
// staged on the stack: it is read along the source's rows once, as columns of a matrix
// whose rows are a power of two apart would drive each other out of the caches.
//
//===----------------------------------------------------------------------===//

func.func private @stage_block(%x: !llvm.ptr, %n_begin: index, %n_end: index,
                               %k_begin: index, %k_end: index, %stage: !STAGE) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %columns = arith.constant #SOURCE_COLUMNS
  %from = arith.constant #FROM
  %lanes = arith.constant #LANES
  scf.for %k = %k_begin to %k_end step %c1 {
    %to_column = arith.subi %k, %k_begin : index
    %start = arith.muli %k, %columns : index
    %first = arith.addi %start, %from : index
    scf.for %n = %n_begin to %n_end step %lanes {
      %at = arith.addi %first, %n : index
      %values = func.call @load_weights(%x, %at) : (!llvm.ptr, index) -> !V
      %to_row = arith.subi %n, %n_begin : index
      scf.for %l = %c0 to %lanes step %c1 {
        %row = arith.addi %to_row, %l : index
        %value = vector.extract %values[%l] : f32 from !V
        memref.store %value, %stage[%row, %to_column] : !STAGE
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    }
  }
  return
}

// The #LANES values of row %n from column %k on.
func.func private @block_values(%x: !llvm.ptr, %n: index, %k: index, %n_begin: index,
                                %k_begin: index, %stage: !STAGE) -> !V {
  %row = arith.subi %n, %n_begin : index
  %column = arith.subi %k, %k_begin : index
  %values = vector.load %stage[%row, %column] : !STAGE, !V
  return %values : !V
}
