//===- attend_latent.mlir - attention of all heads over one latent --------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.attend_latent. A tile is #JOINT_HEADS heads of one row, which share
// each load of a cache row. The softmax is computed online, a page at a time
// (Milakov and Gimelshein 2018), the result growing in %y. The order of every
// sum depends on the row's position only. A cache value as loaded is the
// #UNIT-th part of what it stands for; #SCALE has the factor in it.
//
//===----------------------------------------------------------------------===//

func.func private @body(%query: !QUERY, %cache: !llvm.ptr, %pages: !PAGES,
                        %sequences: !LIST, %positions: !LIST, %y: !Y,
                        %t: index, %group: index, %tz: index) {
  %scores = memref.alloca() : !SCORES
  %maxima = memref.alloca() : !HEAD_VALUES
  %sums = memref.alloca() : !HEAD_VALUES
  %drops = memref.alloca() : !HEAD_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %joint_heads = arith.constant #JOINT_HEADS
  %page_size = arith.constant #PAGE_SIZE
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32

  %head = arith.muli %group, %joint_heads : index
  func.call @clear(%y, %t, %head) : (!Y, index, index) -> ()
  scf.for %g = %c0 to %joint_heads step %c1 {
    memref.store %lowest, %maxima[%g] : !HEAD_VALUES
    memref.store %zero, %sums[%g] : !HEAD_VALUES
  }
  %sequence_i32 = memref.load %sequences[%t] : !LIST
  %sequence = arith.index_cast %sequence_i32 : i32 to index
  %position_i32 = memref.load %positions[%t] : !LIST
  %position = arith.index_cast %position_i32 : i32 to index
  %count = arith.addi %position, %c1 : index
  %page_count = arith.ceildivui %count, %page_size : index
  scf.for %p = %c0 to %page_count step %c1 {
    %page_i32 = memref.load %pages[%sequence, %p] : !PAGES
    %page = arith.index_cast %page_i32 : i32 to index
    %base = arith.muli %page, %page_size : index
    %done = arith.muli %p, %page_size : index
    %left = arith.subi %count, %done : index
    %size = arith.minui %left, %page_size : index
    func.call @score_page(%query, %cache, %t, %head, %base, %size, %scores)
      : (!QUERY, !llvm.ptr, index, index, index, index, !SCORES) -> ()
    func.call @weigh_page(%scores, %maxima, %sums, %drops)
      : (!SCORES, !HEAD_VALUES, !HEAD_VALUES, !HEAD_VALUES) -> ()
    func.call @add_page(%cache, %base, %size, %scores, %drops, %t, %head, %y)
      : (!llvm.ptr, index, index, !SCORES, !HEAD_VALUES, index, index, !Y) -> ()
  }
  func.call @normalise(%sums, %t, %head, %y) : (!HEAD_VALUES, index, index, !Y) -> ()
  return
}

// The columns of head %head + %g in a row of %y.
func.func private @first_column(%head: index, %g: index) -> index {
  %rank = arith.constant #K
  %h = arith.addi %head, %g : index
  %column = arith.muli %h, %rank : index
  return %column : index
}

func.func private @clear(%y: !Y, %t: index, %head: index) {
  %c0 = arith.constant 0 : index
  %rank = arith.constant #K
  %joint_heads = arith.constant #JOINT_HEADS
  %lanes = arith.constant #LANES
  %zeros = arith.constant dense<0.0> : !V
  %begin = arith.muli %head, %rank : index
  %size = arith.muli %joint_heads, %rank : index
  %end = arith.addi %begin, %size : index
  scf.for %k = %begin to %end step %lanes {
    vector.store %zeros, %y[%t, %k] : !Y, !V
  }
  return
}

// scores[g, j] = #SCALE * query of head + g . cache[base + j] for j < size, -inf for
// the rest of the page. #JOINT_ROWS rows run together; rows from %size on repeat
// the last.
func.func private @score_page(%query: !QUERY, %cache: !llvm.ptr, %t: index,
                              %head: index, %base: index, %size: index,
                              %scores: !SCORES) {
  %partial = memref.alloca() : !PARTIAL
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #WIDTH
  %lanes = arith.constant #LANES
  %page_size = arith.constant #PAGE_SIZE
  %joint_heads = arith.constant #JOINT_HEADS
  %joint_rows = arith.constant #JOINT_ROWS
  %scale = arith.constant #SCALE
  %zeros = arith.constant dense<0.0> : !V
  %lowest = arith.constant 0xFF800000 : f32
  %last = arith.subi %size, %c1 : index
  scf.for %j = %c0 to %size step %joint_rows {
    scf.for %g = %c0 to %joint_heads step %c1 {
      scf.for %i = %c0 to %joint_rows step %c1 {
        memref.store %zeros, %partial[%g, %i] : !PARTIAL
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    scf.for %k = %c0 to %width step %lanes {
      scf.for %i = %c0 to %joint_rows step %c1 {
        %wanted = arith.addi %j, %i : index
        %offset = arith.minui %wanted, %last : index
        %row = arith.addi %base, %offset : index
        %start = arith.muli %row, %width : index
        %at = arith.addi %start, %k : index
        %c = func.call @load_cache(%cache, %at) : (!llvm.ptr, index) -> !V
        scf.for %g = %c0 to %joint_heads step %c1 {
          %h = arith.addi %head, %g : index
          %first = arith.muli %h, %width : index
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
    scf.for %j = %size to %page_size step %c1 {
      memref.store %lowest, %scores[%g, %j] : !SCORES
    }
  }
  return
}

// A page of the online softmax: scores become weights e^(score - max) under the new
// maximum, sums grow by theirs, and what was summed under the old maximum has to be
// multiplied by drops.
func.func private @weigh_page(%scores: !SCORES, %maxima: !HEAD_VALUES,
                              %sums: !HEAD_VALUES, %drops: !HEAD_VALUES) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %joint_heads = arith.constant #JOINT_HEADS
  scf.for %g = %c0 to %joint_heads step %c1 {
    %max = memref.load %maxima[%g] : !HEAD_VALUES
    %sum = memref.load %sums[%g] : !HEAD_VALUES
    %new_max, %new_sum, %drop = func.call @weigh_scores(%scores, %g, %max, %sum)
      : (!SCORES, index, f32, f32) -> (f32, f32, f32)
    memref.store %new_max, %maxima[%g] : !HEAD_VALUES
    memref.store %new_sum, %sums[%g] : !HEAD_VALUES
    memref.store %drop, %drops[%g] : !HEAD_VALUES
  }
  return
}

// y = drop * y + sum_j weights[j] * c_j for each head.
func.func private @add_page(%cache: !llvm.ptr, %base: index, %size: index,
                            %weights: !SCORES, %drops: !HEAD_VALUES,
                            %t: index, %head: index, %y: !Y) {
  %c0 = arith.constant 0 : index
  %rank = arith.constant #K
  %strip = arith.constant #STRIP
  scf.for %k = %c0 to %rank step %strip {
    func.call @add_strip(%cache, %base, %size, %weights, %drops, %t, %head, %k, %y)
      : (!llvm.ptr, index, index, !SCORES, !HEAD_VALUES, index, index, index, !Y) -> ()
  }
  return
}

// The #STRIP columns from %k on, accumulated in registers over the page.
func.func private @add_strip(%cache: !llvm.ptr, %base: index, %size: index,
                             %weights: !SCORES, %drops: !HEAD_VALUES,
                             %t: index, %head: index, %k: index, %y: !Y) {
  %latents = memref.alloca() : !LATENTS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #WIDTH
  %lanes = arith.constant #LANES
  %vectors = arith.constant #VECTORS
  %joint_heads = arith.constant #JOINT_HEADS
  scf.for %g = %c0 to %joint_heads step %c1 {
    %drop = memref.load %drops[%g] : !HEAD_VALUES
    %factor = vector.broadcast %drop : f32 to !V
    %first = func.call @first_column(%head, %g) : (index, index) -> index
    scf.for %v = %c0 to %vectors step %c1 {
      %offset = arith.muli %v, %lanes : index
      %start = arith.addi %first, %k : index
      %column = arith.addi %start, %offset : index
      %before = vector.load %y[%t, %column] : !Y, !V
      %after = arith.mulf %before, %factor : !V
      memref.store %after, %latents[%g, %v] : !LATENTS
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  scf.for %j = %c0 to %size step %c1 {
    %row = arith.addi %base, %j : index
    %first = arith.muli %row, %width : index
    %start = arith.addi %first, %k : index
    scf.for %v = %c0 to %vectors step %c1 {
      %offset = arith.muli %v, %lanes : index
      %at = arith.addi %start, %offset : index
      %c = func.call @load_cache(%cache, %at) : (!llvm.ptr, index) -> !V
      scf.for %g = %c0 to %joint_heads step %c1 {
        %weight = memref.load %weights[%g, %j] : !SCORES
        %w = vector.broadcast %weight : f32 to !V
        %before = memref.load %latents[%g, %v] : !LATENTS
        %after = vector.fma %w, %c, %before : !V
        memref.store %after, %latents[%g, %v] : !LATENTS
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  }
  scf.for %g = %c0 to %joint_heads step %c1 {
    %first = func.call @first_column(%head, %g) : (index, index) -> index
    scf.for %v = %c0 to %vectors step %c1 {
      %offset = arith.muli %v, %lanes : index
      %start = arith.addi %first, %k : index
      %column = arith.addi %start, %offset : index
      %value = memref.load %latents[%g, %v] : !LATENTS
      vector.store %value, %y[%t, %column] : !Y, !V
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  return
}

// y = #UNIT * y / sum for each head.
func.func private @normalise(%sums: !HEAD_VALUES, %t: index, %head: index, %y: !Y) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %lanes = arith.constant #LANES
  %joint_heads = arith.constant #JOINT_HEADS
  %unit = arith.constant #UNIT
  scf.for %g = %c0 to %joint_heads step %c1 {
    %sum = memref.load %sums[%g] : !HEAD_VALUES
    %inverse = arith.divf %unit, %sum : f32
    %factor = vector.broadcast %inverse : f32 to !V
    %begin = func.call @first_column(%head, %g) : (index, index) -> index
    %end = arith.addi %begin, %rank : index
    scf.for %k = %begin to %end step %lanes {
      %value = vector.load %y[%t, %k] : !Y, !V
      %normal = arith.mulf %value, %factor : !V
      vector.store %normal, %y[%t, %k] : !Y, !V
    }
  }
  return
}
