//===- attention.mlir - attention of one row at a time --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.attention. A tile is one row and the query heads of one key and value
// head, which share each load of a cache row, #JOINT_HEADS in registers at a time.
// The softmax is computed online, a page at a time (Milakov and Gimelshein 2018): see
// attend_row.mlir. Pages that the mask hides are not visited. The order of every sum
// depends on the row's position only.
//
//===----------------------------------------------------------------------===//

func.func private @body(%query: !QUERY, %cache: !llvm.ptr, %pages: !PAGES,
                        %sequences: !LIST, %positions: !LIST, %y: !Y,
                        %t: index, %kv_head: index, %tz: index) {
  %maxima = memref.alloca() : !HEAD_VALUES
  %sums = memref.alloca() : !HEAD_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %group = arith.constant #GROUP
  %joint_heads = arith.constant #JOINT_HEADS
  %page_size = arith.constant #PAGE_SIZE
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32

  %head = arith.muli %kv_head, %group : index
  scf.for %g = %c0 to %group step %joint_heads {
    %h = arith.addi %head, %g : index
    func.call @clear(%y, %t, %h) : (!Y, index, index) -> ()
  }
  scf.for %g = %c0 to %group step %c1 {
    memref.store %lowest, %maxima[%g] : !HEAD_VALUES
    memref.store %zero, %sums[%g] : !HEAD_VALUES
  }
  %sequence_i32 = memref.load %sequences[%t] : !LIST
  %sequence = arith.index_cast %sequence_i32 : i32 to index
  %position_i32 = memref.load %positions[%t] : !LIST
  %position = arith.index_cast %position_i32 : i32 to index
  %scale = func.call @row_scale(%position) : (index) -> f32
  %seen = func.call @first_seen(%position) : (index) -> index
  %count = arith.addi %position, %c1 : index
  %page_begin = arith.divui %seen, %page_size : index
  %page_end = arith.ceildivui %count, %page_size : index
  scf.for %p = %page_begin to %page_end step %c1 {
    %page_i32 = memref.load %pages[%sequence, %p] : !PAGES
    %page = arith.index_cast %page_i32 : i32 to index
    %base = arith.muli %page, %page_size : index
    %done = arith.muli %p, %page_size : index
    %left = arith.subi %count, %done : index
    %end = arith.minui %left, %page_size : index
    %later = arith.maxui %seen, %done : index
    %begin = arith.subi %later, %done : index
    scf.for %g = %c0 to %group step %joint_heads {
      func.call @attend(%query, %cache, %t, %kv_head, %g, %base, %begin, %end, %scale, %maxima, %sums, %y)
        : (!QUERY, !llvm.ptr, index, index, index, index, index, index, f32, !HEAD_VALUES, !HEAD_VALUES, !Y) -> ()
    }
  }
  scf.for %g = %c0 to %group step %joint_heads {
    %h = arith.addi %head, %g : index
    func.call @normalise(%sums, %g, %t, %h, %y)
      : (!HEAD_VALUES, index, index, index, !Y) -> ()
  }
  return
}

// One page, of whose rows the first is %base, for the heads from %g on of a group.
func.func private @attend(%query: !QUERY, %cache: !llvm.ptr, %t: index,
                          %kv_head: index, %g: index, %base: index, %begin: index,
                          %end: index, %scale: f32, %maxima: !HEAD_VALUES,
                          %sums: !HEAD_VALUES, %y: !Y) {
  %scores = memref.alloca() : !SCORES
  %drops = memref.alloca() : !JOINT_VALUES
  %group = arith.constant #GROUP
  %head_width = arith.constant #KEY_WIDTH
  %values = arith.constant #VALUE_BEGIN
  %first = arith.muli %kv_head, %group : index
  %head = arith.addi %first, %g : index
  %key = arith.muli %kv_head, %head_width : index
  %value = arith.addi %values, %key : index
  func.call @score_page(%query, %cache, %t, %head, %base, %key, %begin, %end, %scale, %scores)
    : (!QUERY, !llvm.ptr, index, index, index, index, index, index, f32, !SCORES) -> ()
  func.call @weigh_page(%scores, %maxima, %sums, %g, %drops)
    : (!SCORES, !HEAD_VALUES, !HEAD_VALUES, index, !JOINT_VALUES) -> ()
  func.call @add_page(%cache, %base, %value, %begin, %end, %scores, %drops, %t, %head, %y)
    : (!llvm.ptr, index, index, index, index, !SCORES, !JOINT_VALUES, index, index, !Y) -> ()
  return
}
