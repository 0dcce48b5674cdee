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
// (Milakov and Gimelshein 2018): see attend_row.mlir. The order of every sum depends
// on the row's position only.
//
//===----------------------------------------------------------------------===//

func.func private @body(%query: !QUERY, %cache: !llvm.ptr, %pages: !PAGES,
                        %sequences: !LIST, %positions: !LIST, %y: !Y,
                        %t: index, %group: index, %tz: index) {
  %scores = memref.alloca() : !SCORES
  %maxima = memref.alloca() : !HEAD_VALUES
  %sums = memref.alloca() : !HEAD_VALUES
  %drops = memref.alloca() : !JOINT_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %joint_heads = arith.constant #JOINT_HEADS
  %page_size = arith.constant #PAGE_SIZE
  %scale = arith.constant #SCALE
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
    func.call @score_page(%query, %cache, %t, %head, %base, %c0, %c0, %size, %scale, %scores)
      : (!QUERY, !llvm.ptr, index, index, index, index, index, index, f32, !SCORES) -> ()
    func.call @weigh_page(%scores, %maxima, %sums, %c0, %drops)
      : (!SCORES, !HEAD_VALUES, !HEAD_VALUES, index, !JOINT_VALUES) -> ()
    func.call @add_page(%cache, %base, %c0, %c0, %size, %scores, %drops, %t, %head, %y)
      : (!llvm.ptr, index, index, index, index, !SCORES, !JOINT_VALUES, index, index, !Y) -> ()
  }
  func.call @normalise(%sums, %c0, %t, %head, %y)
    : (!HEAD_VALUES, index, index, index, !Y) -> ()
  return
}
