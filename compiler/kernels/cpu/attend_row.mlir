//===- attend_row.mlir - a page for some heads of one row -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What attend_latent.mlir and attention.mlir do with a page: #JOINT_HEADS heads of
// one row, from %head on, share each load of a cache row. Rows are #WIDTH values
// wide; the heads' keys are the #KEY_WIDTH from %key on, their values the
// #VALUE_WIDTH from %value on. Positions from %begin to before %end of the page are
// seen. The result grows in %y. A cache value as loaded is the #UNIT-th part of what
// it stands for; %scale has the factor in it.
//
//===----------------------------------------------------------------------===//

// Where head %head + %g begins in a row of %y.
func.func private @first_column(%head: index, %g: index) -> index {
  %width = arith.constant #VALUE_WIDTH
  %h = arith.addi %head, %g : index
  %column = arith.muli %h, %width : index
  return %column : index
}

func.func private @clear(%y: !Y, %t: index, %head: index) {
  %c0 = arith.constant 0 : index
  %width = arith.constant #VALUE_WIDTH
  %joint_heads = arith.constant #JOINT_HEADS
  %lanes = arith.constant #LANES
  %zeros = arith.constant dense<0.0> : !V
  %begin = arith.muli %head, %width : index
  %size = arith.muli %joint_heads, %width : index
  %end = arith.addi %begin, %size : index
  scf.for %k = %begin to %end step %lanes {
    vector.store %zeros, %y[%t, %k] : !Y, !V
  }
  return
}

// scores[g, j] = %scale * query of head + g . keys of row base + j for the positions
// that are seen, -inf for the others. #JOINT_ROWS rows run together; rows from %end
// on repeat the last.
func.func private @score_page(%query: !QUERY, %cache: !llvm.ptr, %t: index,
                              %head: index, %base: index, %key: index,
                              %begin: index, %end: index, %scale: f32,
                              %scores: !SCORES) {
  %partial = memref.alloca() : !PARTIAL
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #WIDTH
  %key_width = arith.constant #KEY_WIDTH
  %lanes = arith.constant #LANES
  %page_size = arith.constant #PAGE_SIZE
  %joint_heads = arith.constant #JOINT_HEADS
  %joint_rows = arith.constant #JOINT_ROWS
  %zeros = arith.constant dense<0.0> : !V
  %lowest = arith.constant 0xFF800000 : f32
  %last = arith.subi %end, %c1 : index
  %unseen = arith.remui %begin, %joint_rows : index
  %first_row = arith.subi %begin, %unseen : index
  scf.for %j = %first_row to %end step %joint_rows {
    scf.for %g = %c0 to %joint_heads step %c1 {
      scf.for %i = %c0 to %joint_rows step %c1 {
        memref.store %zeros, %partial[%g, %i] : !PARTIAL
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    scf.for %k = %c0 to %key_width step %lanes {
      scf.for %i = %c0 to %joint_rows step %c1 {
        %wanted = arith.addi %j, %i : index
        %offset = arith.minui %wanted, %last : index
        %row = arith.addi %base, %offset : index
        %start = arith.muli %row, %width : index
        %keys = arith.addi %start, %key : index
        %at = arith.addi %keys, %k : index
        %c = func.call @load_cache(%cache, %at) : (!llvm.ptr, index) -> !V
        scf.for %g = %c0 to %joint_heads step %c1 {
          %h = arith.addi %head, %g : index
          %first = arith.muli %h, %key_width : index
          %column = arith.addi %first, %k : index
          %value = vector.load %query[%t, %column] : !QUERY, !V
          %before = memref.load %partial[%g, %i] : !PARTIAL
          %after = vector.fma %value, %c, %before : !V
          memref.store %after, %partial[%g, %i] : !PARTIAL
        } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    }
    scf.for %g = %c0 to %joint_heads step %c1 {
      scf.for %i = %c0 to %joint_rows step %c1 {
        %at = arith.addi %j, %i : index
        %products = memref.load %partial[%g, %i] : !PARTIAL
        // A tree of shuffles: fixed by #LANES.
        %sum = vector.reduction <add>, %products fastmath<reassoc> : !V into f32
        %score = arith.mulf %sum, %scale : f32
        memref.store %score, %scores[%g, %at] : !SCORES
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  }
  scf.for %g = %c0 to %joint_heads step %c1 {
    scf.for %j = %c0 to %begin step %c1 {
      memref.store %lowest, %scores[%g, %j] : !SCORES
    }
    scf.for %j = %end to %page_size step %c1 {
      memref.store %lowest, %scores[%g, %j] : !SCORES
    }
  }
  return
}

// A page of the online softmax: scores become weights e^(score - max) under the new
// maximum, sums grow by theirs, and what was summed under the old maximum has to be
// multiplied by drops. %maxima and %sums are those of the heads from %first on.
func.func private @weigh_page(%scores: !SCORES, %maxima: !HEAD_VALUES,
                              %sums: !HEAD_VALUES, %first: index,
                              %drops: !JOINT_VALUES) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %joint_heads = arith.constant #JOINT_HEADS
  scf.for %g = %c0 to %joint_heads step %c1 {
    %h = arith.addi %first, %g : index
    %max = memref.load %maxima[%h] : !HEAD_VALUES
    %sum = memref.load %sums[%h] : !HEAD_VALUES
    %new_max, %new_sum, %drop = func.call @weigh_scores(%scores, %g, %max, %sum)
      : (!SCORES, index, f32, f32) -> (f32, f32, f32)
    memref.store %new_max, %maxima[%h] : !HEAD_VALUES
    memref.store %new_sum, %sums[%h] : !HEAD_VALUES
    memref.store %drop, %drops[%g] : !JOINT_VALUES
  }
  return
}

// y = drop * y + sum_j weights[j] * values of row base + j for each head.
func.func private @add_page(%cache: !llvm.ptr, %base: index, %value: index,
                            %begin: index, %end: index, %weights: !SCORES,
                            %drops: !JOINT_VALUES, %t: index, %head: index, %y: !Y) {
  %c0 = arith.constant 0 : index
  %value_width = arith.constant #VALUE_WIDTH
  %strip = arith.constant #STRIP
  scf.for %k = %c0 to %value_width step %strip {
    %column = arith.addi %value, %k : index
    func.call @add_strip(%cache, %base, %column, %begin, %end, %weights, %drops, %t, %head, %k, %y)
      : (!llvm.ptr, index, index, index, index, !SCORES, !JOINT_VALUES, index, index, index, !Y) -> ()
  }
  return
}

// The #STRIP values from %k on, which begin at column %from of a cache row,
// accumulated in registers over the page.
func.func private @add_strip(%cache: !llvm.ptr, %base: index, %from: index,
                             %begin: index, %end: index, %weights: !SCORES,
                             %drops: !JOINT_VALUES, %t: index, %head: index,
                             %k: index, %y: !Y) {
  %sums = memref.alloca() : !STRIPS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #WIDTH
  %lanes = arith.constant #LANES
  %vectors = arith.constant #VECTORS
  %joint_heads = arith.constant #JOINT_HEADS
  scf.for %g = %c0 to %joint_heads step %c1 {
    %drop = memref.load %drops[%g] : !JOINT_VALUES
    %factor = vector.broadcast %drop : f32 to !V
    %first = func.call @first_column(%head, %g) : (index, index) -> index
    scf.for %v = %c0 to %vectors step %c1 {
      %offset = arith.muli %v, %lanes : index
      %start = arith.addi %first, %k : index
      %column = arith.addi %start, %offset : index
      %before = vector.load %y[%t, %column] : !Y, !V
      %after = arith.mulf %before, %factor : !V
      memref.store %after, %sums[%g, %v] : !STRIPS
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  scf.for %j = %begin to %end step %c1 {
    %row = arith.addi %base, %j : index
    %first = arith.muli %row, %width : index
    %start = arith.addi %first, %from : index
    scf.for %v = %c0 to %vectors step %c1 {
      %offset = arith.muli %v, %lanes : index
      %at = arith.addi %start, %offset : index
      %c = func.call @load_cache(%cache, %at) : (!llvm.ptr, index) -> !V
      scf.for %g = %c0 to %joint_heads step %c1 {
        %weight = memref.load %weights[%g, %j] : !SCORES
        %w = vector.broadcast %weight : f32 to !V
        %before = memref.load %sums[%g, %v] : !STRIPS
        %after = vector.fma %w, %c, %before : !V
        memref.store %after, %sums[%g, %v] : !STRIPS
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  }
  scf.for %g = %c0 to %joint_heads step %c1 {
    %first = func.call @first_column(%head, %g) : (index, index) -> index
    scf.for %v = %c0 to %vectors step %c1 {
      %offset = arith.muli %v, %lanes : index
      %start = arith.addi %first, %k : index
      %column = arith.addi %start, %offset : index
      %value = memref.load %sums[%g, %v] : !STRIPS
      vector.store %value, %y[%t, %column] : !Y, !V
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  return
}

// y = #UNIT * y / sum for each head; %sums are those of the heads from %first on.
func.func private @normalise(%sums: !HEAD_VALUES, %first: index, %t: index,
                             %head: index, %y: !Y) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #VALUE_WIDTH
  %lanes = arith.constant #LANES
  %joint_heads = arith.constant #JOINT_HEADS
  %unit = arith.constant #UNIT
  scf.for %g = %c0 to %joint_heads step %c1 {
    %h = arith.addi %first, %g : index
    %sum = memref.load %sums[%h] : !HEAD_VALUES
    %inverse = arith.divf %unit, %sum : f32
    %factor = vector.broadcast %inverse : f32 to !V
    %begin = func.call @first_column(%head, %g) : (index, index) -> index
    %end = arith.addi %begin, %width : index
    scf.for %k = %begin to %end step %lanes {
      %value = vector.load %y[%t, %k] : !Y, !V
      %normal = arith.mulf %value, %factor : !V
      vector.store %normal, %y[%t, %k] : !Y, !V
    }
  }
  return
}
