//===- latent_attention.mlir - attention over expanded keys and values ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ingot.latent_attention as it is written, for steps with many rows of a sequence:
// a page's keys and values are expanded from the latent once for all of them. A
// tile is one head of one sequence. The expanded page stays on the stack, that is
// in the second-level cache, and rows are taken #QUERY_ROWS at a time. The softmax
// is computed online, a page at a time (Milakov and Gimelshein 2018), the result
// growing in %y. The order of every sum depends on the row's position only: what a
// row must not see has weight 0, and is 0 where the sequence has no row yet.
//
//===----------------------------------------------------------------------===//

func.func private @body(%q: !Q, %cache: !llvm.ptr, %kv_b: !llvm.ptr,
                        %scales: !llvm.ptr, %pages: !PAGES, %query_ends: !LIST,
                        %positions: !LIST, %y: !Y, %h: index, %s: index, %tz: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %i0 = arith.constant 0 : i32
  %block = arith.constant #BLOCK_QUERIES
  %first = arith.cmpi eq, %s, %c0 : index
  %before = arith.subi %s, %c1 : index
  %begin_i32 = scf.if %first -> (i32) {
    scf.yield %i0 : i32
  } else {
    %end_before = memref.load %query_ends[%before] : !LIST
    scf.yield %end_before : i32
  }
  %begin = arith.index_cast %begin_i32 : i32 to index
  %end_i32 = memref.load %query_ends[%s] : !LIST
  %end = arith.index_cast %end_i32 : i32 to index
  scf.for %t = %begin to %end step %block {
    %left = arith.subi %end, %t : index
    %count = arith.minui %left, %block : index
    func.call @attend(%q, %cache, %kv_b, %scales, %pages, %positions, %y, %h, %s, %t, %count)
      : (!Q, !llvm.ptr, !llvm.ptr, !llvm.ptr, !PAGES, !LIST, !Y, index, index, index, index) -> ()
  }
  return
}

// %count rows from %t on, which have positions one after the other.
func.func private @attend(%q: !Q, %cache: !llvm.ptr, %kv_b: !llvm.ptr,
                          %scales: !llvm.ptr, %pages: !PAGES, %positions: !LIST,
                          %y: !Y, %h: index, %s: index, %t: index, %count: index) {
  %latents = memref.alloca() {alignment = 64} : !X
  %keys = memref.alloca() {alignment = 64} : !KEYS
  %values = memref.alloca() {alignment = 64} : !VALUES
  %maxima = memref.alloca() : !QUERY_VALUES
  %sums = memref.alloca() : !QUERY_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %page_size = arith.constant #PAGE_SIZE
  %query_rows = arith.constant #QUERY_ROWS
  %position_i32 = memref.load %positions[%t] : !LIST
  %position = arith.index_cast %position_i32 : i32 to index
  %length = arith.addi %position, %count : index
  %page_count = arith.ceildivui %length, %page_size : index

  func.call @clear_rows(%maxima, %sums, %y, %h, %t, %count)
    : (!QUERY_VALUES, !QUERY_VALUES, !Y, index, index, index) -> ()
  scf.for %p = %c0 to %page_count step %c1 {
    %page_i32 = memref.load %pages[%s, %p] : !PAGES
    %page = arith.index_cast %page_i32 : i32 to index
    %base = arith.muli %page, %page_size : index
    %page_begin = arith.muli %p, %page_size : index
    %left = arith.subi %length, %page_begin : index
    %size = arith.minui %left, %page_size : index
    func.call @load_page(%cache, %base, %size, %latents)
      : (!llvm.ptr, index, index, !X) -> ()
    func.call @expand_page(%kv_b, %scales, %h, %latents, %keys, %values)
      : (!llvm.ptr, !llvm.ptr, index, !X, !KEYS, !VALUES) -> ()

    // Earlier rows do not reach this page.
    %later = arith.maxui %page_begin, %position : index
    %i_begin = arith.subi %later, %position : index
    %reaching = arith.subi %count, %i_begin : index
    %rest = arith.remui %reaching, %query_rows : index
    %full = arith.subi %count, %rest : index
    scf.for %i = %i_begin to %full step %query_rows {
      func.call @attend_page(%q, %keys, %values, %h, %t, %i, %query_rows, %position, %page_begin, %maxima, %sums, %y)
        : (!Q, !KEYS, !VALUES, index, index, index, index, index, index, !QUERY_VALUES, !QUERY_VALUES, !Y) -> ()
    }
    scf.for %i = %full to %count step %c1 {
      func.call @attend_page(%q, %keys, %values, %h, %t, %i, %c1, %position, %page_begin, %maxima, %sums, %y)
        : (!Q, !KEYS, !VALUES, index, index, index, index, index, index, !QUERY_VALUES, !QUERY_VALUES, !Y) -> ()
    }
  }
  func.call @normalise(%sums, %y, %h, %t, %count)
    : (!QUERY_VALUES, !Y, index, index, index) -> ()
  return
}

func.func private @clear_rows(%maxima: !QUERY_VALUES, %sums: !QUERY_VALUES, %y: !Y,
                         %h: index, %t: index, %count: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %value_count = arith.constant #VALUES
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %begin = arith.muli %h, %value_count : index
  %end = arith.addi %begin, %value_count : index
  scf.for %i = %c0 to %count step %c1 {
    memref.store %lowest, %maxima[%i] : !QUERY_VALUES
    memref.store %zero, %sums[%i] : !QUERY_VALUES
    %row = arith.addi %t, %i : index
    scf.for %v = %begin to %end step %c1 {
      memref.store %zero, %y[%row, %v] : !Y
    }
  }
  return
}

// latents[j] = cache[base + j] for j < size, 0 for the rest of the page.
func.func private @load_page(%cache: !llvm.ptr, %base: index, %size: index,
                             %latents: !X) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #WIDTH
  %lanes = arith.constant #LANES
  %page_size = arith.constant #PAGE_SIZE
  %zeros = arith.constant dense<0.0> : !V
  %unit = arith.constant #UNIT
  %units = vector.broadcast %unit : f32 to !V
  scf.for %j = %c0 to %size step %c1 {
    %row = arith.addi %base, %j : index
    %start = arith.muli %row, %width : index
    scf.for %k = %c0 to %width step %lanes {
      %at = arith.addi %start, %k : index
      %loaded = func.call @load_cache(%cache, %at) : (!llvm.ptr, index) -> !V
      %value = arith.mulf %loaded, %units : !V
      vector.store %value, %latents[%j, %k] : !X, !V
    }
  }
  scf.for %j = %size to %page_size step %c1 {
    scf.for %k = %c0 to %width step %lanes {
      vector.store %zeros, %latents[%j, %k] : !X, !V
    }
  }
  return
}

// keys[:, j] = [W_UK c_j, k_j] and values[j, :] = W_UV c_j of head %h.
func.func private @expand_page(%kv_b: !llvm.ptr, %scales: !llvm.ptr, %h: index,
                               %latents: !X, %keys: !KEYS, %values: !VALUES) {
  %sums = memref.alloca() : !TILE_SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %nope = arith.constant #NOPE
  %rope = arith.constant #ROPE
  %value_count = arith.constant #VALUES
  %head_rows = arith.constant #HEAD_ROWS
  %page_size = arith.constant #PAGE_SIZE
  %tile_rows = arith.constant #TILE_ROWS
  %key_row = arith.muli %h, %head_rows : index
  %value_row = arith.addi %key_row, %nope : index
  %end_row = arith.addi %value_row, %value_count : index
  scf.for %n = %key_row to %value_row step %tile_rows {
    %limit = arith.addi %n, %tile_rows : index
    %n_end = arith.minui %limit, %value_row : index
    func.call @tile_products(%kv_b, %scales, %n, %n_end, %latents, %kv_b, %c0, %page_size, %sums)
      : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, index, !TILE_SUMS) -> ()
    scf.for %row = %n to %n_end step %c1 {
      %r = arith.subi %row, %n : index
      %d = arith.subi %row, %key_row : index
      scf.for %j = %c0 to %page_size step %c1 {
        %sum = memref.load %sums[%j, %r] : !TILE_SUMS
        memref.store %sum, %keys[%d, %j] : !KEYS
      }
    }
  }
  scf.for %d = %c0 to %rope step %c1 {
    %to = arith.addi %nope, %d : index
    %from = arith.addi %rank, %d : index
    scf.for %j = %c0 to %page_size step %c1 {
      %value = memref.load %latents[%j, %from] : !X
      memref.store %value, %keys[%to, %j] : !KEYS
    }
  }
  scf.for %n = %value_row to %end_row step %tile_rows {
    %limit = arith.addi %n, %tile_rows : index
    %n_end = arith.minui %limit, %end_row : index
    func.call @tile_products(%kv_b, %scales, %n, %n_end, %latents, %kv_b, %c0, %page_size, %sums)
      : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, index, !TILE_SUMS) -> ()
    scf.for %j = %c0 to %page_size step %c1 {
      scf.for %row = %n to %n_end step %c1 {
        %r = arith.subi %row, %n : index
        %v = arith.subi %row, %value_row : index
        %sum = memref.load %sums[%j, %r] : !TILE_SUMS
        memref.store %sum, %values[%j, %v] : !VALUES
      }
    }
  }
  return
}

// One page for %rows rows from %t + %i on: %i is relative to the position
// %position.
func.func private @attend_page(%q: !Q, %keys: !KEYS, %values: !VALUES, %h: index,
                               %t: index, %i: index, %rows: index,
                               %position: index, %page_begin: index,
                               %maxima: !QUERY_VALUES, %sums: !QUERY_VALUES, %y: !Y) {
  %scores = memref.alloca() {alignment = 64} : !SCORES
  %drops = memref.alloca() : !ROW_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %page_size = arith.constant #PAGE_SIZE
  %lowest = arith.constant 0xFF800000 : f32
  %first = arith.addi %t, %i : index
  func.call @score_rows(%q, %keys, %h, %first, %rows, %scores)
    : (!Q, !KEYS, index, index, index, !SCORES) -> ()
  scf.for %r = %c0 to %rows step %c1 {
    %at = arith.addi %i, %r : index
    %own = arith.addi %position, %at : index
    %next = arith.addi %own, %c1 : index
    %visible = arith.subi %next, %page_begin : index
    scf.for %j = %visible to %page_size step %c1 {
      memref.store %lowest, %scores[%r, %j] : !SCORES
    }
    %max = memref.load %maxima[%at] : !QUERY_VALUES
    %sum = memref.load %sums[%at] : !QUERY_VALUES
    %new_max, %new_sum, %drop = func.call @weigh_scores(%scores, %r, %max, %sum)
      : (!SCORES, index, f32, f32) -> (f32, f32, f32)
    memref.store %new_max, %maxima[%at] : !QUERY_VALUES
    memref.store %new_sum, %sums[%at] : !QUERY_VALUES
    memref.store %drop, %drops[%r] : !ROW_VALUES
  }
  func.call @add_rows(%scores, %values, %drops, %h, %first, %rows, %y)
    : (!SCORES, !VALUES, !ROW_VALUES, index, index, index, !Y) -> ()
  return
}

// scores[r, j] = #SCALE * q of row %t + r . keys[:, j].
func.func private @score_rows(%q: !Q, %keys: !KEYS, %h: index, %t: index,
                              %rows: index, %scores: !SCORES) {
  %partial = memref.alloca() : !PAGE_TILE
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %query_width = arith.constant #QUERY_WIDTH
  %page_size = arith.constant #PAGE_SIZE
  %strip = arith.constant #PAGE_STRIP
  %lanes = arith.constant #PAGE_LANES
  %vectors = arith.constant #PAGE_VECTORS
  %zeros = arith.constant dense<0.0> : !PAGE_VECTOR
  %scale = arith.constant #SCALE
  %scales = vector.broadcast %scale : f32 to !PAGE_VECTOR
  %first_column = arith.muli %h, %query_width : index
  scf.for %j = %c0 to %page_size step %strip {
    scf.for %r = %c0 to %rows step %c1 {
      scf.for %v = %c0 to %vectors step %c1 {
        memref.store %zeros, %partial[%r, %v] : !PAGE_TILE
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    scf.for %d = %c0 to %query_width step %c1 {
      %column = arith.addi %first_column, %d : index
      scf.for %r = %c0 to %rows step %c1 {
        %row = arith.addi %t, %r : index
        %value = memref.load %q[%row, %column] : !Q
        %factor = vector.broadcast %value : f32 to !PAGE_VECTOR
        scf.for %v = %c0 to %vectors step %c1 {
          %offset = arith.muli %v, %lanes : index
          %at = arith.addi %j, %offset : index
          %key = vector.load %keys[%d, %at] : !KEYS, !PAGE_VECTOR
          %before = memref.load %partial[%r, %v] : !PAGE_TILE
          %after = vector.fma %factor, %key, %before : !PAGE_VECTOR
          memref.store %after, %partial[%r, %v] : !PAGE_TILE
        } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    }
    scf.for %r = %c0 to %rows step %c1 {
      scf.for %v = %c0 to %vectors step %c1 {
        %offset = arith.muli %v, %lanes : index
        %at = arith.addi %j, %offset : index
        %sum = memref.load %partial[%r, %v] : !PAGE_TILE
        %score = arith.mulf %sum, %scales : !PAGE_VECTOR
        vector.store %score, %scores[%r, %at] : !SCORES, !PAGE_VECTOR
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  }
  return
}

// y of row %t + r = drops[r] * y + sum_j weights[r, j] * values[j].
func.func private @add_rows(%weights: !SCORES, %values: !VALUES,
                            %drops: !ROW_VALUES, %h: index, %t: index,
                            %rows: index, %y: !Y) {
  %partial = memref.alloca() : !VALUE_TILE
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %value_count = arith.constant #VALUES
  %page_size = arith.constant #PAGE_SIZE
  %strip = arith.constant #VALUE_STRIP
  %lanes = arith.constant #VALUE_LANES
  %vectors = arith.constant #VALUE_VECTORS
  %first_column = arith.muli %h, %value_count : index
  scf.for %w = %c0 to %value_count step %strip {
    %start = arith.addi %first_column, %w : index
    scf.for %r = %c0 to %rows step %c1 {
      %row = arith.addi %t, %r : index
      %drop = memref.load %drops[%r] : !ROW_VALUES
      %factor = vector.broadcast %drop : f32 to !VALUE_VECTOR
      scf.for %v = %c0 to %vectors step %c1 {
        %offset = arith.muli %v, %lanes : index
        %column = arith.addi %start, %offset : index
        %before = vector.load %y[%row, %column] : !Y, !VALUE_VECTOR
        %kept = arith.mulf %before, %factor : !VALUE_VECTOR
        memref.store %kept, %partial[%r, %v] : !VALUE_TILE
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    scf.for %j = %c0 to %page_size step %c1 {
      scf.for %r = %c0 to %rows step %c1 {
        %weight = memref.load %weights[%r, %j] : !SCORES
        %factor = vector.broadcast %weight : f32 to !VALUE_VECTOR
        scf.for %v = %c0 to %vectors step %c1 {
          %offset = arith.muli %v, %lanes : index
          %at = arith.addi %w, %offset : index
          %value = vector.load %values[%j, %at] : !VALUES, !VALUE_VECTOR
          %before = memref.load %partial[%r, %v] : !VALUE_TILE
          %after = vector.fma %factor, %value, %before : !VALUE_VECTOR
          memref.store %after, %partial[%r, %v] : !VALUE_TILE
        } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    }
    scf.for %r = %c0 to %rows step %c1 {
      %row = arith.addi %t, %r : index
      scf.for %v = %c0 to %vectors step %c1 {
        %offset = arith.muli %v, %lanes : index
        %column = arith.addi %start, %offset : index
        %sum = memref.load %partial[%r, %v] : !VALUE_TILE
        vector.store %sum, %y[%row, %column] : !Y, !VALUE_VECTOR
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
  }
  return
}

func.func private @normalise(%sums: !QUERY_VALUES, %y: !Y, %h: index, %t: index,
                             %count: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %value_count = arith.constant #VALUES
  %one = arith.constant 1.0 : f32
  %begin = arith.muli %h, %value_count : index
  %end = arith.addi %begin, %value_count : index
  scf.for %i = %c0 to %count step %c1 {
    %row = arith.addi %t, %i : index
    %sum = memref.load %sums[%i] : !QUERY_VALUES
    %inverse = arith.divf %one, %sum : f32
    scf.for %v = %begin to %end step %c1 {
      %value = memref.load %y[%row, %v] : !Y
      %normal = arith.mulf %value, %inverse : f32
      memref.store %normal, %y[%row, %v] : !Y
    }
  }
  return
}
