//===- project_value.mlir - W_UV times what heads gathered ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.project_value. A tile is one head of #TILE_TOKENS rows.
//
//===----------------------------------------------------------------------===//

func.func private @body(%latent: !X, %kv_b: !llvm.ptr, %scales: !llvm.ptr, %y: !Y,
                        %T: index, %h: index, %ty: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %one = arith.constant 1 : i64
  %row_count = arith.constant #ROWS
  %values = arith.constant #VALUES
  %tokens = arith.constant #TOKENS
  %tile_tokens = arith.constant #TILE_TOKENS
  %head = llvm.alloca %one x i64 : (i64) -> !llvm.ptr
  %h_i64 = arith.index_cast %h : index to i64
  llvm.store %h_i64, %head : i64, !llvm.ptr

  %begin = arith.muli %ty, %tile_tokens : index
  %limit = arith.addi %begin, %tile_tokens : index
  %end = arith.minui %limit, %T : index
  %size = arith.subi %end, %begin : index
  %rest = arith.remui %size, %tokens : index
  %full = arith.subi %end, %rest : index
  scf.for %v = %c0 to %values step %row_count {
    scf.for %t = %begin to %full step %tokens {
      func.call @micro_tile(%latent, %head, %kv_b, %scales, %y, %h, %v, %t, %tokens)
        : (!X, !llvm.ptr, !llvm.ptr, !llvm.ptr, !Y, index, index, index, index) -> ()
    }
    scf.for %t = %full to %end step %c1 {
      func.call @micro_tile(%latent, %head, %kv_b, %scales, %y, %h, %v, %t, %c1)
        : (!X, !llvm.ptr, !llvm.ptr, !llvm.ptr, !Y, index, index, index, index) -> ()
    }
  }
  return
}

func.func private @micro_tile(%latent: !X, %head: !llvm.ptr, %kv_b: !llvm.ptr,
                              %scales: !llvm.ptr, %y: !Y, %h: index, %v: index,
                              %t: index, %tokens: index) {
  %sums = memref.alloca() : !SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %row_count = arith.constant #ROWS
  %nope = arith.constant #NOPE
  %values = arith.constant #VALUES
  %head_rows = arith.constant #HEAD_ROWS
  %head_start = arith.muli %h, %head_rows : index
  %value_start = arith.addi %head_start, %nope : index
  %row = arith.addi %value_start, %v : index
  %first_column = arith.muli %h, %values : index
  %column = arith.addi %first_column, %v : index
  func.call @products(%kv_b, %scales, %row, %latent, %head, %t, %tokens, %sums)
    : (!llvm.ptr, !llvm.ptr, index, !X, !llvm.ptr, index, index, !SUMS) -> ()
  scf.for %r = %c0 to %row_count step %c1 {
    %to = arith.addi %column, %r : index
    scf.for %i = %c0 to %tokens step %c1 {
      %token = arith.addi %t, %i : index
      %sum = memref.load %sums[%r, %i] : !SUMS
      memref.store %sum, %y[%token, %to] : !Y
    }
  }
  return
}
