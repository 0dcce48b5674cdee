//===- absorb_query.mlir - queries times W_UK -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.absorb_query. A tile is one head of #TILE_TOKENS rows. A value is a sum
// over d in order, whatever rows it is computed with.
//
//===----------------------------------------------------------------------===//

func.func private @body(%q: !Q, %kv_b: !llvm.ptr, %scales: !llvm.ptr, %y: !Y,
                        %T: index, %h: index, %ty: index, %tz: index) {
  %c1 = arith.constant 1 : index
  %tokens = arith.constant #TOKENS
  %tile_tokens = arith.constant #TILE_TOKENS
  %begin = arith.muli %ty, %tile_tokens : index
  %limit = arith.addi %begin, %tile_tokens : index
  %end = arith.minui %limit, %T : index
  %size = arith.subi %end, %begin : index
  %rest = arith.remui %size, %tokens : index
  %full = arith.subi %end, %rest : index
  scf.for %t = %begin to %full step %tokens {
    func.call @absorb(%q, %kv_b, %scales, %y, %h, %t, %tokens)
      : (!Q, !llvm.ptr, !llvm.ptr, !Y, index, index, index) -> ()
  }
  scf.for %t = %full to %end step %c1 {
    func.call @absorb(%q, %kv_b, %scales, %y, %h, %t, %c1)
      : (!Q, !llvm.ptr, !llvm.ptr, !Y, index, index, index) -> ()
  }
  scf.for %t = %begin to %end step %c1 {
    func.call @copy_rope(%q, %y, %h, %t) : (!Q, !Y, index, index) -> ()
  }
  return
}

// The first #K values of head %h for %tokens rows. #JOINT_DIMS rows of W_UK at a
// time add to all of them, #STRIP columns at a time.
func.func private @absorb(%q: !Q, %kv_b: !llvm.ptr, %scales: !llvm.ptr, %y: !Y,
                          %h: index, %t: index, %tokens: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %strip = arith.constant #STRIP
  %lanes = arith.constant #LANES
  %nope = arith.constant #NOPE
  %joint_dims = arith.constant #JOINT_DIMS
  %width = arith.constant #WIDTH
  %zeros = arith.constant dense<0.0> : !V
  %first = arith.muli %h, %width : index
  %last = arith.addi %first, %rank : index
  scf.for %i = %c0 to %tokens step %c1 {
    %token = arith.addi %t, %i : index
    scf.for %k = %first to %last step %lanes {
      vector.store %zeros, %y[%token, %k] : !Y, !V
    }
  }
  scf.for %d = %c0 to %nope step %joint_dims {
    %next = arith.addi %d, %joint_dims : index
    %end = arith.minui %next, %nope : index
    scf.for %k = %c0 to %rank step %strip {
      func.call @absorb_strip(%q, %kv_b, %scales, %y, %h, %t, %tokens, %d, %end, %k)
        : (!Q, !llvm.ptr, !llvm.ptr, !Y, index, index, index, index, index, index) -> ()
    }
  }
  return
}

// Adds rows %begin to %end of a head's W_UK to the strip from column %k on.
func.func private @absorb_strip(%q: !Q, %kv_b: !llvm.ptr, %scales: !llvm.ptr,
                                %y: !Y, %h: index, %t: index, %tokens: index,
                                %begin: index, %end: index, %k: index) {
  %one = arith.constant 1 : i64
  %values = llvm.alloca %one x !WIDE : (i64) -> !llvm.ptr
  %sums = memref.alloca() : !STRIPS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %lanes = arith.constant #LANES
  %wide = arith.constant #WIDE
  %strip = arith.constant #STRIP
  %ahead = arith.constant #AHEAD
  %query_width = arith.constant #QUERY_WIDTH
  %width = arith.constant #WIDTH
  %head_rows = arith.constant #HEAD_ROWS
  %first_row = arith.muli %h, %head_rows : index
  %first_query = arith.muli %h, %query_width : index
  %first_result = arith.muli %h, %width : index
  %to = arith.addi %first_result, %k : index

  scf.for %i = %c0 to %tokens step %c1 {
    %token = arith.addi %t, %i : index
    scf.for %p = %c0 to %strip step %lanes {
      %column = arith.addi %to, %p : index
      %v = arith.divui %p, %lanes : index
      %sum = vector.load %y[%token, %column] : !Y, !V
      memref.store %sum, %sums[%i, %v] : !STRIPS
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  scf.for %d = %begin to %end step %c1 {
    %row = arith.addi %first_row, %d : index
    %start = arith.muli %row, %rank : index
    %first = arith.addi %start, %k : index
    %from = arith.addi %first_query, %d : index
    // A strip lies within one block of columns.
    %scale = func.call @load_scale(%scales, %row, %k) : (!llvm.ptr, index, index) -> f32
    scf.for %s = %c0 to %strip step %wide {
      %at = arith.addi %first, %s : index
      %codes = func.call @load_codes(%kv_b, %at, %ahead)
        : (!llvm.ptr, index, index) -> !CODES
      %decoded = func.call @decode_each(%codes) : (!CODES) -> !WIDE
      llvm.store %decoded, %values : !WIDE, !llvm.ptr
      scf.for %i = %c0 to %tokens step %c1 {
        %token = arith.addi %t, %i : index
        %value = memref.load %q[%token, %from] : !Q
        %scaled = arith.mulf %value, %scale : f32
        %factor = vector.broadcast %scaled : f32 to !V
        scf.for %p = %c0 to %wide step %lanes {
          %offset = arith.index_cast %p : index to i64
          %piece = llvm.getelementptr %values[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
          %w = llvm.load %piece {alignment = 4 : i64} : !llvm.ptr -> !V
          %column = arith.addi %s, %p : index
          %v = arith.divui %column, %lanes : index
          %before = memref.load %sums[%i, %v] : !STRIPS
          %after = vector.fma %w, %factor, %before : !V
          memref.store %after, %sums[%i, %v] : !STRIPS
        } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  }
  scf.for %i = %c0 to %tokens step %c1 {
    %token = arith.addi %t, %i : index
    scf.for %p = %c0 to %strip step %lanes {
      %column = arith.addi %to, %p : index
      %v = arith.divui %p, %lanes : index
      %sum = memref.load %sums[%i, %v] : !STRIPS
      vector.store %sum, %y[%token, %column] : !Y, !V
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  return
}

func.func private @copy_rope(%q: !Q, %y: !Y, %h: index, %t: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %nope = arith.constant #NOPE
  %rope = arith.constant #ROPE
  %query_width = arith.constant #QUERY_WIDTH
  %width = arith.constant #WIDTH
  %first_query = arith.muli %h, %query_width : index
  %query_begin = arith.addi %first_query, %nope : index
  %first_result = arith.muli %h, %width : index
  %result_begin = arith.addi %first_result, %rank : index
  scf.for %d = %c0 to %rope step %c1 {
    %from = arith.addi %query_begin, %d : index
    %to = arith.addi %result_begin, %d : index
    %value = memref.load %q[%t, %from] : !Q
    memref.store %value, %y[%t, %to] : !Y
  }
  return
}
