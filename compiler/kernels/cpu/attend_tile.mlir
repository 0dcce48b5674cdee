//===- attend_tile.mlir - a page for many rows of a head ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What latent_attention.mlir and attention_chunk.mlir do with a page whose keys and
// values are float32 on the stack: keys[d, j] and values[j, d] of position j. Rows
// are taken #QUERY_ROWS at a time, the result growing in %y. scales[i] is what the
// scores of row %t + i are multiplied by. A row's maximum and sum are its state. What
// a row must not see has weight 0, and is 0 where the sequence has no row yet.
//
//===----------------------------------------------------------------------===//

// Before the first page. Rows %t to %t + %count, head %h, whose states are those from
// %state on.
func.func private @clear_rows(%maxima: !QUERY_VALUES, %sums: !QUERY_VALUES,
                              %state: index, %y: !Y, %h: index, %t: index,
                              %count: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %value_count = arith.constant #VALUE_COLUMNS
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %begin = arith.muli %h, %value_count : index
  %end = arith.addi %begin, %value_count : index
  scf.for %i = %c0 to %count step %c1 {
    %at = arith.addi %state, %i : index
    memref.store %lowest, %maxima[%at] : !QUERY_VALUES
    memref.store %zero, %sums[%at] : !QUERY_VALUES
    %row = arith.addi %t, %i : index
    scf.for %v = %begin to %end step %c1 {
      memref.store %zero, %y[%row, %v] : !Y
    }
  }
  return
}

// The page that begins at position %page_begin for the rows from %t + %i_begin to
// before %t + %i_end, all of which see some of it. Row %t has position %position.
func.func private @attend_rows(%q: !Q, %keys: !KEYS, %values: !VALUES, %h: index,
                               %t: index, %i_begin: index, %i_end: index,
                               %position: index, %page_begin: index,
                               %scales: !QUERY_VALUES, %maxima: !QUERY_VALUES,
                               %sums: !QUERY_VALUES, %state: index, %y: !Y) {
  %c1 = arith.constant 1 : index
  %query_rows = arith.constant #QUERY_ROWS
  %reaching = arith.subi %i_end, %i_begin : index
  %rest = arith.remui %reaching, %query_rows : index
  %full = arith.subi %i_end, %rest : index
  scf.for %i = %i_begin to %full step %query_rows {
    func.call @attend_page(%q, %keys, %values, %h, %t, %i, %query_rows, %position, %page_begin, %scales, %maxima, %sums, %state, %y)
      : (!Q, !KEYS, !VALUES, index, index, index, index, index, index, !QUERY_VALUES, !QUERY_VALUES, !QUERY_VALUES, index, !Y) -> ()
  }
  scf.for %i = %full to %i_end step %c1 {
    func.call @attend_page(%q, %keys, %values, %h, %t, %i, %c1, %position, %page_begin, %scales, %maxima, %sums, %state, %y)
      : (!Q, !KEYS, !VALUES, index, index, index, index, index, index, !QUERY_VALUES, !QUERY_VALUES, !QUERY_VALUES, index, !Y) -> ()
  }
  return
}

// The same for %rows rows from %t + %i on.
func.func private @attend_page(%q: !Q, %keys: !KEYS, %values: !VALUES, %h: index,
                               %t: index, %i: index, %rows: index,
                               %position: index, %page_begin: index,
                               %scales: !QUERY_VALUES, %maxima: !QUERY_VALUES,
                               %sums: !QUERY_VALUES, %state: index, %y: !Y) {
  %scores = memref.alloca() {alignment = 64} : !SCORES
  %drops = memref.alloca() : !ROW_VALUES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %page_size = arith.constant #PAGE_SIZE
  %lowest = arith.constant 0xFF800000 : f32
  %first = arith.addi %t, %i : index
  func.call @score_rows(%q, %keys, %h, %first, %rows, %scales, %i, %scores)
    : (!Q, !KEYS, index, index, index, !QUERY_VALUES, index, !SCORES) -> ()
  scf.for %r = %c0 to %rows step %c1 {
    %row = arith.addi %i, %r : index
    %own = arith.addi %position, %row : index
    %next = arith.addi %own, %c1 : index
    %end = arith.subi %next, %page_begin : index
    scf.for %j = %end to %page_size step %c1 {
      memref.store %lowest, %scores[%r, %j] : !SCORES
    }
    %seen = func.call @first_seen(%own) : (index) -> index
    %later = arith.maxui %seen, %page_begin : index
    %begin = arith.subi %later, %page_begin : index
    scf.for %j = %c0 to %begin step %c1 {
      memref.store %lowest, %scores[%r, %j] : !SCORES
    }
    %at = arith.addi %state, %row : index
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

// scores[r, j] = scales[i + r] * q of row %t + r . keys[:, j].
func.func private @score_rows(%q: !Q, %keys: !KEYS, %h: index, %t: index,
                              %rows: index, %scales: !QUERY_VALUES, %i: index,
                              %scores: !SCORES) {
  %partial = memref.alloca() : !PAGE_TILE
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %query_width = arith.constant #QUERY_COLUMNS
  %page_size = arith.constant #PAGE_SIZE
  %strip = arith.constant #PAGE_STRIP
  %lanes = arith.constant #PAGE_LANES
  %vectors = arith.constant #PAGE_VECTORS
  %zeros = arith.constant dense<0.0> : !PAGE_VECTOR
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
      %scaled = arith.addi %i, %r : index
      %scale = memref.load %scales[%scaled] : !QUERY_VALUES
      %factor = vector.broadcast %scale : f32 to !PAGE_VECTOR
      scf.for %v = %c0 to %vectors step %c1 {
        %offset = arith.muli %v, %lanes : index
        %at = arith.addi %j, %offset : index
        %sum = memref.load %partial[%r, %v] : !PAGE_TILE
        %score = arith.mulf %sum, %factor : !PAGE_VECTOR
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
  %value_count = arith.constant #VALUE_COLUMNS
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

// After the last page, for the rows and the head of @clear_rows.
func.func private @normalise_rows(%sums: !QUERY_VALUES, %state: index, %y: !Y,
                                  %h: index, %t: index, %count: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %value_count = arith.constant #VALUE_COLUMNS
  %one = arith.constant 1.0 : f32
  %begin = arith.muli %h, %value_count : index
  %end = arith.addi %begin, %value_count : index
  scf.for %i = %c0 to %count step %c1 {
    %row = arith.addi %t, %i : index
    %at = arith.addi %state, %i : index
    %sum = memref.load %sums[%at] : !QUERY_VALUES
    %inverse = arith.divf %one, %sum : f32
    scf.for %v = %begin to %end step %c1 {
      %value = memref.load %y[%row, %v] : !Y
      %normal = arith.mulf %value, %inverse : f32
      memref.store %normal, %y[%row, %v] : !Y
    }
  }
  return
}
