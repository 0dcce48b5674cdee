//===- tile_products.mlir - the products of a tile of rows and tokens -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels with a weight are made of: all sums of some weight rows and some
// input rows. One token alone reads the weights straight through @products. For
// more of them a panel, #PANEL_ROWS weight rows times #SPAN columns, is decoded
// once into the first-level cache and multiplied with every token of the tile.
//
// Either way a sum is made of the same operations in the same order: lane i
// takes the columns that are i modulo #LANES, block by block.
//
//===----------------------------------------------------------------------===//

// sums[i, r] = sum_k weight[row + r, k] * x[rows[token + i], k] for the rows
// from %row to before %row_end, at most #TILE_ROWS, and %tokens tokens, at most
// #TILE_TOKENS. What lies behind the rows and tokens asked for is undefined.
func.func private @tile_products(%weights: !llvm.ptr, %scales: !llvm.ptr,
                                 %row: index, %row_end: index, %x: !X,
                                 %rows: !llvm.ptr, %token: index, %tokens: index,
                                 %sums: !TILE_SUMS) {
  %c1 = arith.constant 1 : index
  %alone = arith.cmpi eq, %tokens, %c1 : index
  scf.if %alone {
    func.call @sums_of_one(%weights, %scales, %row, %row_end, %x, %rows, %token, %sums)
      : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, !TILE_SUMS) -> ()
  }
  %several = arith.cmpi sgt, %tokens, %c1 : index
  scf.if %several {
    func.call @sums_of_many(%weights, %scales, %row, %row_end, %x, %rows, %token, %tokens, %sums)
      : (!llvm.ptr, !llvm.ptr, index, index, !X, !llvm.ptr, index, index, !TILE_SUMS) -> ()
  }
  return
}

func.func private @sums_of_one(%weights: !llvm.ptr, %scales: !llvm.ptr,
                               %row: index, %row_end: index, %x: !X,
                               %rows: !llvm.ptr, %token: index, %sums: !TILE_SUMS) {
  %few = memref.alloca() : !SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %row_count = arith.constant #ROWS
  scf.for %n = %row to %row_end step %row_count {
    func.call @products(%weights, %scales, %n, %x, %rows, %token, %c1, %few)
      : (!llvm.ptr, !llvm.ptr, index, !X, !llvm.ptr, index, index, !SUMS) -> ()
    %first = arith.subi %n, %row : index
    scf.for %r = %c0 to %row_count step %c1 {
      %to = arith.addi %first, %r : index
      %sum = memref.load %few[%r, %c0] : !SUMS
      memref.store %sum, %sums[%c0, %to] : !TILE_SUMS
    }
  }
  return
}

func.func private @sums_of_many(%weights: !llvm.ptr, %scales: !llvm.ptr,
                                %row: index, %row_end: index, %x: !X,
                                %rows: !llvm.ptr, %token: index, %tokens: index,
                                %sums: !TILE_SUMS) {
  %totals = memref.alloca() {alignment = 64} : !TOTALS
  %panel = memref.alloca() {alignment = 64} : !PANEL
  %marks = memref.alloca() : !TILE_MARKS
  %c0 = arith.constant 0 : index
  %k_count = arith.constant #K
  %span = arith.constant #SPAN
  %panel_rows = arith.constant #PANEL_ROWS
  %row_count = arith.constant #MICRO_ROWS
  %token_count = arith.constant #MICRO_TOKENS

  func.call @clear(%totals, %marks, %tokens) : (!TOTALS, !TILE_MARKS, index) -> ()
  scf.for %k = %c0 to %k_count step %span {
    %k_limit = arith.addi %k, %span : index
    %k_end = arith.minui %k_limit, %k_count : index
    scf.for %n = %row to %row_end step %panel_rows {
      %first = arith.subi %n, %row : index
      func.call @fill_panel(%weights, %n, %k, %k_end, %first, %panel, %marks)
        : (!llvm.ptr, index, index, index, index, !PANEL, !TILE_MARKS) -> ()
      scf.for %i = %c0 to %tokens step %token_count {
        scf.for %r = %c0 to %panel_rows step %row_count {
          func.call @multiply(%panel, %r, %scales, %n, %first, %k, %k_end, %x, %rows, %token, %tokens, %i, %totals)
            : (!PANEL, index, !llvm.ptr, index, index, index, index, !X, !llvm.ptr, index, index, index, !TOTALS) -> ()
        }
      }
    }
  }
  func.call @reduce(%totals, %marks, %scales, %row, %row_end, %tokens, %sums)
    : (!TOTALS, !TILE_MARKS, !llvm.ptr, index, index, index, !TILE_SUMS) -> ()
  return
}

func.func private @clear(%totals: !TOTALS, %marks: !TILE_MARKS, %tokens: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant dense<0.0> : !V
  %unmarked = arith.constant dense<0> : !CODES
  %tile_rows = arith.constant #TILE_ROWS
  %token_count = arith.constant #MICRO_TOKENS
  scf.for %r = %c0 to %tile_rows step %c1 {
    memref.store %unmarked, %marks[%r] : !TILE_MARKS
    scf.for %i = %c0 to %tokens step %token_count {
      %group = arith.divui %i, %token_count : index
      scf.for %j = %c0 to %token_count step %c1 {
        memref.store %zero, %totals[%group, %r, %j] : !TOTALS
      }
    }
  }
  return
}

// panel[r, c] = weight[row + r, k + c]; rows from #N on repeat the last one.
func.func private @fill_panel(%weights: !llvm.ptr, %row: index, %k: index,
                              %k_end: index, %first: index, %panel: !PANEL,
                              %marks: !TILE_MARKS) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %last = arith.constant #LAST_ROW
  %k_count = arith.constant #K
  %panel_rows = arith.constant #PANEL_ROWS
  %wide = arith.constant #WIDE
  %ahead = arith.constant #PANEL_CODES
  scf.for %r = %c0 to %panel_rows step %c1 {
    %wanted = arith.addi %row, %r : index
    %n = arith.minui %wanted, %last : index
    %start = arith.muli %n, %k_count : index
    %tile_row = arith.addi %first, %r : index
    %marks_before = memref.load %marks[%tile_row] : !TILE_MARKS
    %marks_after = scf.for %c = %k to %k_end step %wide iter_args(%found = %marks_before) -> !CODES {
      %at = arith.addi %start, %c : index
      %codes = func.call @load_codes(%weights, %at, %ahead) : (!llvm.ptr, index, index) -> !CODES
      %decoded = func.call @decode(%codes) : (!CODES) -> !WIDE
      %to = arith.subi %c, %k : index
      vector.store %decoded, %panel[%r, %to] : !PANEL, !WIDE
      %found_now = func.call @mark(%found, %codes) : (!CODES, !CODES) -> !CODES
      scf.yield %found_now : !CODES
    }
    memref.store %marks_after, %marks[%tile_row] : !TILE_MARKS
  }
  return
}

// One micro-tile over the columns from %k to before %k_end: #MICRO_ROWS rows from
// %r on of a panel that begins at %row of the weight and %first of the tile,
// times #MICRO_TOKENS tokens from %i on; tokens from %tokens on repeat the last one.
func.func private @multiply(%panel: !PANEL, %r: index, %scales: !llvm.ptr,
                            %row: index, %first: index, %k: index, %k_end: index,
                            %x: !X, %rows: !llvm.ptr, %token: index,
                            %tokens: index, %i: index, %totals: !TOTALS) {
  %sources = memref.alloca() : !SOURCES
  %partial = memref.alloca() : !MICRO
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant dense<0.0> : !V
  %last = arith.constant #LAST_ROW
  %row_count = arith.constant #MICRO_ROWS
  %token_count = arith.constant #MICRO_TOKENS
  %lanes = arith.constant #LANES
  %stretch = arith.constant #STRETCH
  // Whether one block has all columns: then its sum goes on from span to span.
  %one_block = arith.constant #ONE_BLOCK
  %tile_row = arith.addi %first, %r : index
  %last_token = arith.subi %tokens, %c1 : index
  %group = arith.divui %i, %token_count : index

  scf.for %j = %c0 to %token_count step %c1 {
    %wanted = arith.addi %i, %j : index
    %existing = arith.minui %wanted, %last_token : index
    %t = arith.addi %token, %existing : index
    %source = func.call @input_row(%rows, %t) : (!llvm.ptr, index) -> index
    memref.store %source, %sources[%j] : !SOURCES
  }
  scf.for %b = %k to %k_end step %stretch {
    scf.for %p = %c0 to %row_count step %c1 {
      %to_row = arith.addi %tile_row, %p : index
      scf.for %j = %c0 to %token_count step %c1 {
        %total = memref.load %totals[%group, %to_row, %j] : !TOTALS
        %start = arith.select %one_block, %total, %zero : !V
        memref.store %start, %partial[%p, %j] : !MICRO
      }
    }
    %b_limit = arith.addi %b, %stretch : index
    %b_end = arith.minui %b_limit, %k_end : index
    scf.for %c = %b to %b_end step %lanes {
      %from = arith.subi %c, %k : index
      scf.for %p = %c0 to %row_count step %c1 {
        %panel_row = arith.addi %r, %p : index
        %w = vector.load %panel[%panel_row, %from] : !PANEL, !V
        scf.for %j = %c0 to %token_count step %c1 {
          %source = memref.load %sources[%j] : !SOURCES
          %v = vector.load %x[%source, %c] : !X, !V
          %before = memref.load %partial[%p, %j] : !MICRO
          %after = vector.fma %w, %v, %before : !V
          memref.store %after, %partial[%p, %j] : !MICRO
        } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
      } {llvm.loop_annotation = #llvm.loop_annotation<unroll = <full = true>>}
    }
    scf.for %p = %c0 to %row_count step %c1 {
      %n_wanted = arith.addi %row, %r : index
      %wanted = arith.addi %n_wanted, %p : index
      %n = arith.minui %wanted, %last : index
      %scale = func.call @load_scale(%scales, %n, %b) : (!llvm.ptr, index, index) -> f32
      %factor = vector.broadcast %scale : f32 to !V
      %to_row = arith.addi %tile_row, %p : index
      scf.for %j = %c0 to %token_count step %c1 {
        %sum = memref.load %partial[%p, %j] : !MICRO
        %before = memref.load %totals[%group, %to_row, %j] : !TOTALS
        %scaled = vector.fma %sum, %factor, %before : !V
        %after = arith.select %one_block, %sum, %scaled : !V
        memref.store %after, %totals[%group, %to_row, %j] : !TOTALS
      }
    }
  }
  return
}

func.func private @reduce(%totals: !TOTALS, %marks: !TILE_MARKS, %scales: !llvm.ptr,
                          %row: index, %row_end: index, %tokens: index,
                          %sums: !TILE_SUMS) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant dense<0.0> : !V
  %one_block = arith.constant #ONE_BLOCK
  %token_count = arith.constant #MICRO_TOKENS
  %count = arith.subi %row_end, %row : index
  scf.for %r = %c0 to %count step %c1 {
    %n = arith.addi %row, %r : index
    %scale = func.call @load_scale(%scales, %n, %c0) : (!llvm.ptr, index, index) -> f32
    %factor = vector.broadcast %scale : f32 to !V
    %found = memref.load %marks[%r] : !TILE_MARKS
    scf.for %i = %c0 to %tokens step %c1 {
      %group = arith.divui %i, %token_count : index
      %j = arith.remui %i, %token_count : index
      %kept = memref.load %totals[%group, %r, %j] : !TOTALS
      %scaled = vector.fma %kept, %factor, %zero : !V
      %total = arith.select %one_block, %scaled, %kept : !V
      // A tree of shuffles: fixed by #LANES.
      %plain = vector.reduction <add>, %total fastmath<reassoc> : !V into f32
      %sum = func.call @apply_marks(%found, %plain) : (!CODES, f32) -> f32
      memref.store %sum, %sums[%i, %r] : !TILE_SUMS
    }
  }
  return
}
