//===- attention_chunk.mlir - attention of a chunk of a sequence ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.attention: for steps with many rows of a sequence. A tile is a block of
// #BLOCK_QUERIES rows of one sequence and the query heads of one key and value head.
// A page's keys and values are loaded once for all of them, and stay on the stack,
// that is in the second-level cache. The softmax is computed online, a page at a time
// (Milakov and Gimelshein 2018): see attend_tile.mlir. Pages that the mask hides from
// all rows of the block are not visited. The order of every sum depends on the row's
// position only.
//
//===----------------------------------------------------------------------===//

func.func private @body(%q: !Q, %cache: !llvm.ptr, %pages: !PAGES,
                        %query_ends: !LIST, %positions: !LIST, %y: !Y,
                        %kv_head: index, %s: index, %block: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %i0 = arith.constant 0 : i32
  %size = arith.constant #BLOCK_QUERIES
  %is_first = arith.cmpi eq, %s, %c0 : index
  %before = arith.subi %s, %c1 : index
  %begin_i32 = scf.if %is_first -> (i32) {
    scf.yield %i0 : i32
  } else {
    %end_before = memref.load %query_ends[%before] : !LIST
    scf.yield %end_before : i32
  }
  %begin = arith.index_cast %begin_i32 : i32 to index
  %end_i32 = memref.load %query_ends[%s] : !LIST
  %end = arith.index_cast %end_i32 : i32 to index
  %skipped = arith.muli %block, %size : index
  %t = arith.addi %begin, %skipped : index
  %is_some = arith.cmpi ult, %t, %end : index
  scf.if %is_some {
    %left = arith.subi %end, %t : index
    %count = arith.minui %left, %size : index
    func.call @attend(%q, %cache, %pages, %positions, %y, %kv_head, %s, %t, %count)
      : (!Q, !llvm.ptr, !PAGES, !LIST, !Y, index, index, index, index) -> ()
  }
  return
}

// %count rows from %t on, which have positions one after the other.
func.func private @attend(%q: !Q, %cache: !llvm.ptr, %pages: !PAGES,
                          %positions: !LIST, %y: !Y, %kv_head: index, %s: index,
                          %t: index, %count: index) {
  %keys = memref.alloca() {alignment = 64} : !KEYS
  %values = memref.alloca() {alignment = 64} : !VALUES
  %scales = memref.alloca() : !QUERY_VALUES
  %maxima = memref.alloca() : !QUERY_VALUES
  %sums = memref.alloca() : !QUERY_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %page_size = arith.constant #PAGE_SIZE
  %group = arith.constant #GROUP
  %block = arith.constant #BLOCK_QUERIES
  %position_i32 = memref.load %positions[%t] : !LIST
  %position = arith.index_cast %position_i32 : i32 to index
  %length = arith.addi %position, %count : index
  %first_head = arith.muli %kv_head, %group : index

  scf.for %i = %c0 to %count step %c1 {
    %own = arith.addi %position, %i : index
    %scale = func.call @row_scale(%own) : (index) -> f32
    memref.store %scale, %scales[%i] : !QUERY_VALUES
  }
  scf.for %g = %c0 to %group step %c1 {
    %h = arith.addi %first_head, %g : index
    %state = arith.muli %g, %block : index
    func.call @clear_rows(%maxima, %sums, %state, %y, %h, %t, %count)
      : (!QUERY_VALUES, !QUERY_VALUES, index, !Y, index, index, index) -> ()
  }
  %seen = func.call @first_seen(%position) : (index) -> index
  %page_first = arith.divui %seen, %page_size : index
  %page_count = arith.ceildivui %length, %page_size : index
  scf.for %p = %page_first to %page_count step %c1 {
    %page_i32 = memref.load %pages[%s, %p] : !PAGES
    %page = arith.index_cast %page_i32 : i32 to index
    %base = arith.muli %page, %page_size : index
    %page_begin = arith.muli %p, %page_size : index
    %left = arith.subi %length, %page_begin : index
    %size = arith.minui %left, %page_size : index
    func.call @load_page(%cache, %base, %size, %kv_head, %keys, %values)
      : (!llvm.ptr, index, index, index, !KEYS, !VALUES) -> ()

    // Earlier rows do not reach this page, and later ones may be beyond it.
    %later = arith.maxui %page_begin, %position : index
    %i_begin = arith.subi %later, %position : index
    %page_end = arith.addi %page_begin, %page_size : index
    %page_last = arith.subi %page_end, %c1 : index
    %until = func.call @seen_until(%page_last) : (index) -> index
    %earlier = arith.minui %until, %length : index
    %i_end = arith.subi %earlier, %position : index
    scf.for %g = %c0 to %group step %c1 {
      %h = arith.addi %first_head, %g : index
      %state = arith.muli %g, %block : index
      func.call @attend_rows(%q, %keys, %values, %h, %t, %i_begin, %i_end, %position, %page_begin, %scales, %maxima, %sums, %state, %y)
        : (!Q, !KEYS, !VALUES, index, index, index, index, index, index, !QUERY_VALUES, !QUERY_VALUES, !QUERY_VALUES, index, !Y) -> ()
    }
  }
  scf.for %g = %c0 to %group step %c1 {
    %h = arith.addi %first_head, %g : index
    %state = arith.muli %g, %block : index
    func.call @normalise_rows(%sums, %state, %y, %h, %t, %count)
      : (!QUERY_VALUES, index, !Y, index, index, index) -> ()
  }
  return
}

// keys[:, j] and values[j, :] of row base + j for j < size, 0 for the rest of the page.
func.func private @load_page(%cache: !llvm.ptr, %base: index, %size: index,
                             %kv_head: index, %keys: !KEYS, %values: !VALUES) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #WIDTH
  %head_width = arith.constant #QUERY_COLUMNS
  %value_begin = arith.constant #VALUE_BEGIN
  %lanes = arith.constant #LANES
  %page_size = arith.constant #PAGE_SIZE
  %zero = arith.constant 0.0 : f32
  %zeros = arith.constant dense<0.0> : !V
  %unit = arith.constant #UNIT
  %units = vector.broadcast %unit : f32 to !V
  %key_column = arith.muli %kv_head, %head_width : index
  %value_column = arith.addi %value_begin, %key_column : index
  scf.for %j = %c0 to %size step %c1 {
    %row = arith.addi %base, %j : index
    %start = arith.muli %row, %width : index
    %key_start = arith.addi %start, %key_column : index
    %value_start = arith.addi %start, %value_column : index
    scf.for %d = %c0 to %head_width step %lanes {
      %key_at = arith.addi %key_start, %d : index
      %key_loaded = func.call @load_cache(%cache, %key_at) : (!llvm.ptr, index) -> !V
      %key = arith.mulf %key_loaded, %units : !V
      scf.for %l = %c0 to %lanes step %c1 {
        %to = arith.addi %d, %l : index
        %one = vector.extract %key[%l] : f32 from !V
        memref.store %one, %keys[%to, %j] : !KEYS
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
      %value_at = arith.addi %value_start, %d : index
      %value_loaded = func.call @load_cache(%cache, %value_at) : (!llvm.ptr, index) -> !V
      %value = arith.mulf %value_loaded, %units : !V
      vector.store %value, %values[%j, %d] : !VALUES, !V
    }
  }
  scf.for %j = %size to %page_size step %c1 {
    scf.for %d = %c0 to %head_width step %c1 {
      memref.store %zero, %keys[%d, %j] : !KEYS
    }
    scf.for %d = %c0 to %head_width step %lanes {
      vector.store %zeros, %values[%j, %d] : !VALUES, !V
    }
  }
  return
}
