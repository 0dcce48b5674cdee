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
// in the second-level cache. The softmax is computed online, a page at a time
// (Milakov and Gimelshein 2018): see attend_tile.mlir. The order of every sum depends
// on the row's position only.
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
  %factors = memref.alloca() : !QUERY_VALUES
  %maxima = memref.alloca() : !QUERY_VALUES
  %sums = memref.alloca() : !QUERY_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %page_size = arith.constant #PAGE_SIZE
  %scale = arith.constant #SCALE
  %position_i32 = memref.load %positions[%t] : !LIST
  %position = arith.index_cast %position_i32 : i32 to index
  %length = arith.addi %position, %count : index
  %page_count = arith.ceildivui %length, %page_size : index

  scf.for %i = %c0 to %count step %c1 {
    memref.store %scale, %factors[%i] : !QUERY_VALUES
  }
  func.call @clear_rows(%maxima, %sums, %c0, %y, %h, %t, %count)
    : (!QUERY_VALUES, !QUERY_VALUES, index, !Y, index, index, index) -> ()
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
    func.call @attend_rows(%q, %keys, %values, %h, %t, %i_begin, %count, %position, %page_begin, %factors, %maxima, %sums, %c0, %y)
      : (!Q, !KEYS, !VALUES, index, index, index, index, index, index, !QUERY_VALUES, !QUERY_VALUES, !QUERY_VALUES, index, !Y) -> ()
  }
  func.call @normalise_rows(%sums, %c0, %y, %h, %t, %count)
    : (!QUERY_VALUES, index, !Y, index, index, index) -> ()
  return
}

func.func private @first_seen(%position: index) -> index {
  %c0 = arith.constant 0 : index
  return %c0 : index
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
