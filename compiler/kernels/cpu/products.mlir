//===- products.mlir - the dot products that every product is made of -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One micro-tile: #ROWS weight rows times %tokens input rows, the accumulators
// in registers. It is inlined with a constant %tokens, so that the inner loops
// unroll and the buffers dissolve. For each pair of rows the order of the sum
// depends on nothing but #K, #BLOCK and #LANES: a row has the same bits alone
// and among others.
//
// With one token the time is that of reading the weights. So codes are read a
// register (#WIDE of them) at a time, what is rare (NaN codes) is looked for
// once a register and acted on once a row, and each row fetches what the same
// row of the next micro-tile will need: the processor's own prefetchers stop at
// the end of a page, which is often the end of a row.
//
//===----------------------------------------------------------------------===//

// sums[r, i] = sum_k weight[row + r, k] * x[token + i, k]; weight is [#N, #K].
// Rows from #N on repeat the last one.
func.func private @products(%weights: !llvm.ptr, %scales: !llvm.ptr, %row: index,
                            %x: !X, %rows: !llvm.ptr, %token: index,
                            %tokens: index, %sums: !SUMS) {
  %one = arith.constant 1 : i64
  %values = llvm.alloca %one x !WIDE : (i64) -> !llvm.ptr
  %marks = memref.alloca() : !MARKS
  %totals = memref.alloca() : !TILE
  %partial = memref.alloca() : !TILE
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant dense<0.0> : !V
  %unmarked = arith.constant dense<0> : !CODES
  %last = arith.constant #LAST_ROW
  %row_count = arith.constant #ROWS
  %k_count = arith.constant #K
  %lanes = arith.constant #LANES
  %wide = arith.constant #WIDE
  %ahead = arith.constant #TILE_CODES
  %block = arith.constant #BLOCK

  scf.for %r = %c0 to %row_count step %c1 {
    memref.store %unmarked, %marks[%r] : !MARKS
    scf.for %i = %c0 to %tokens step %c1 {
      memref.store %zero, %totals[%r, %i] : !TILE
    }
  }
  scf.for %b = %c0 to %k_count step %block {
    // Within a block the scale is constant: it multiplies the block's sum.
    scf.for %r = %c0 to %row_count step %c1 {
      scf.for %i = %c0 to %tokens step %c1 {
        memref.store %zero, %partial[%r, %i] : !TILE
      }
    }
    %block_end = arith.addi %b, %block : index
    %end = arith.minui %block_end, %k_count : index
    scf.for %k = %b to %end step %wide {
      scf.for %r = %c0 to %row_count step %c1 {
        %wanted = arith.addi %row, %r : index
        %n = arith.minui %wanted, %last : index
        %start = arith.muli %n, %k_count : index
        %at = arith.addi %start, %k : index
        %codes = func.call @load_codes(%weights, %at, %ahead)
          : (!llvm.ptr, index, index) -> !CODES
        %marks_before = memref.load %marks[%r] : !MARKS
        %marks_after = func.call @mark(%marks_before, %codes) : (!CODES, !CODES) -> !CODES
        memref.store %marks_after, %marks[%r] : !MARKS
        %decoded = func.call @decode(%codes) : (!CODES) -> !WIDE
        llvm.store %decoded, %values : !WIDE, !llvm.ptr
        scf.for %p = %c0 to %wide step %lanes {
          %offset = arith.index_cast %p : index to i64
          %piece = llvm.getelementptr %values[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, f32
          %w = llvm.load %piece {alignment = 4 : i64} : !llvm.ptr -> !V
          %column = arith.addi %k, %p : index
          scf.for %i = %c0 to %tokens step %c1 {
            %t = arith.addi %token, %i : index
            %source = func.call @input_row(%rows, %t) : (!llvm.ptr, index) -> index
            %v = vector.load %x[%source, %column] : !X, !V
            %before = memref.load %partial[%r, %i] : !TILE
            %after = vector.fma %w, %v, %before : !V
            memref.store %after, %partial[%r, %i] : !TILE
          } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
        } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    }
    scf.for %r = %c0 to %row_count step %c1 {
      %wanted = arith.addi %row, %r : index
      %n = arith.minui %wanted, %last : index
      %scale = func.call @load_scale(%scales, %n, %b) : (!llvm.ptr, index, index) -> f32
      %factor = vector.broadcast %scale : f32 to !V
      scf.for %i = %c0 to %tokens step %c1 {
        %sum = memref.load %partial[%r, %i] : !TILE
        %before = memref.load %totals[%r, %i] : !TILE
        %after = vector.fma %sum, %factor, %before : !V
        memref.store %after, %totals[%r, %i] : !TILE
      }
    }
  }
  scf.for %r = %c0 to %row_count step %c1 {
    scf.for %i = %c0 to %tokens step %c1 {
      %total = memref.load %totals[%r, %i] : !TILE
      // A tree of shuffles: fixed by #LANES.
      %plain = vector.reduction <add>, %total fastmath<reassoc> : !V into f32
      %found = memref.load %marks[%r] : !MARKS
      %sum = func.call @apply_marks(%found, %plain) : (!CODES, f32) -> f32
      memref.store %sum, %sums[%r, %i] : !SUMS
    }
  }
  return
}
