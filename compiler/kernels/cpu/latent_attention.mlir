//===- latent_attention.mlir - attention over a shared latent -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ingot.latent_attention, reassociated: q_nope . (W_UK c_j) = (q_nope W_UK) . c_j, so a
// head's query meets the cache rows [c_j, k_j] themselves, and W_UV is applied to
// the weighted sum of the c_j. The softmax is computed online, a page at a time
// (Milakov and Gimelshein 2018). A tile is one head of one row; the order of
// every sum depends on the row's position only.
//
//===----------------------------------------------------------------------===//

func.func private @body(%q: !Q, %cache: !CACHE, %kv_b: !llvm.ptr, %scales: !llvm.ptr,
                        %pages: !PAGES, %sequences: !LIST, %positions: !LIST,
                        %y: !Y, %t: index, %h: index, %tz: index) {
  %query = memref.alloca() : !QUERY
  %latent = memref.alloca() : !X
  %scores = memref.alloca() : !SCORES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %lanes = arith.constant #LANES
  %page_size = arith.constant #PAGE_SIZE
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %zeros = arith.constant dense<0.0> : !V

  func.call @absorb_query(%q, %kv_b, %scales, %t, %h, %query)
    : (!Q, !llvm.ptr, !llvm.ptr, index, index, !QUERY) -> ()
  scf.for %k = %c0 to %rank step %lanes {
    vector.store %zeros, %latent[%c0, %k] : !X, !V
  }

  %sequence_i32 = memref.load %sequences[%t] : !LIST
  %sequence = arith.index_cast %sequence_i32 : i32 to index
  %position_i32 = memref.load %positions[%t] : !LIST
  %position = arith.index_cast %position_i32 : i32 to index
  %count = arith.addi %position, %c1 : index
  %rounded = arith.addi %position, %page_size : index
  %page_count = arith.divui %rounded, %page_size : index
  %state:2 = scf.for %p = %c0 to %page_count step %c1
      iter_args(%max = %lowest, %sum = %zero) -> (f32, f32) {
    %page_i32 = memref.load %pages[%sequence, %p] : !PAGES
    %page = arith.index_cast %page_i32 : i32 to index
    %base = arith.muli %page, %page_size : index
    %done = arith.muli %p, %page_size : index
    %left = arith.subi %count, %done : index
    %size = arith.minui %left, %page_size : index

    %page_max = func.call @score_page(%query, %cache, %base, %size, %scores)
      : (!QUERY, !CACHE, index, index, !SCORES) -> f32
    %new_max = arith.maximumf %max, %page_max : f32
    %drop = arith.subf %max, %new_max : f32
    %alpha = func.call @exp(%drop) : (f32) -> f32
    %page_sum = func.call @weigh_page(%scores, %size, %new_max)
      : (!SCORES, index, f32) -> f32
    func.call @add_page(%cache, %base, %size, %scores, %alpha, %latent)
      : (!CACHE, index, index, !SCORES, f32, !X) -> ()
    %new_sum = math.fma %sum, %alpha, %page_sum : f32
    scf.yield %new_max, %new_sum : f32, f32
  }

  %inverse = arith.divf %one, %state#1 : f32
  %factor = vector.broadcast %inverse : f32 to !V
  scf.for %k = %c0 to %rank step %lanes {
    %value = vector.load %latent[%c0, %k] : !X, !V
    %normal = arith.mulf %value, %factor : !V
    vector.store %normal, %latent[%c0, %k] : !X, !V
  }
  func.call @project_values(%latent, %kv_b, %scales, %t, %h, %y)
    : (!X, !llvm.ptr, !llvm.ptr, index, index, !Y) -> ()
  return
}

// query = [q_nope W_UK, q_rope] of head %h.
func.func private @absorb_query(%q: !Q, %kv_b: !llvm.ptr, %scales: !llvm.ptr,
                                %t: index, %h: index, %query: !QUERY) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %block = arith.constant #BLOCK
  %lanes = arith.constant #LANES
  %nope = arith.constant #NOPE
  %rope = arith.constant #ROPE
  %query_width = arith.constant #QUERY_WIDTH
  %head_rows = arith.constant #HEAD_ROWS
  %zeros = arith.constant dense<0.0> : !V
  %first_column = arith.muli %h, %query_width : index
  %first_row = arith.muli %h, %head_rows : index

  scf.for %k = %c0 to %rank step %lanes {
    vector.store %zeros, %query[%k] : !QUERY, !V
  }
  scf.for %d = %c0 to %nope step %c1 {
    %column = arith.addi %first_column, %d : index
    %row = arith.addi %first_row, %d : index
    %start = arith.muli %row, %rank : index
    %value = memref.load %q[%t, %column] : !Q
    scf.for %b = %c0 to %rank step %block {
      %scale = func.call @load_scale(%scales, %row, %b) : (!llvm.ptr, index, index) -> f32
      %scaled = arith.mulf %value, %scale : f32
      %factor = vector.broadcast %scaled : f32 to !V
      %block_end = arith.addi %b, %block : index
      %end = arith.minui %block_end, %rank : index
      scf.for %k = %b to %end step %lanes {
        %at = arith.addi %start, %k : index
        %w = func.call @load_weights(%kv_b, %at) : (!llvm.ptr, index) -> !V
        %before = vector.load %query[%k] : !QUERY, !V
        %after = vector.fma %w, %factor, %before : !V
        vector.store %after, %query[%k] : !QUERY, !V
      }
    }
  }
  %first_rotated = arith.addi %first_column, %nope : index
  scf.for %d = %c0 to %rope step %c1 {
    %column = arith.addi %first_rotated, %d : index
    %to = arith.addi %rank, %d : index
    %value = memref.load %q[%t, %column] : !Q
    memref.store %value, %query[%to] : !QUERY
  }
  return
}

// scores[j] = #SCALE * query . cache[base + j] for j < size; returns the largest.
// #JOINT rows run together to hide latency; rows from %size on repeat the last.
func.func private @score_page(%query: !QUERY, %cache: !CACHE, %base: index,
                              %size: index, %scores: !SCORES) -> f32 {
  %partial = memref.alloca() : !JOINT
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %width = arith.constant #WIDTH
  %lanes = arith.constant #LANES
  %joint = arith.constant #JOINT_ROWS
  %scale = arith.constant #SCALE
  %zeros = arith.constant dense<0.0> : !V
  %lowest = arith.constant 0xFF800000 : f32
  %last = arith.subi %size, %c1 : index
  %max = scf.for %j = %c0 to %size step %joint iter_args(%outer = %lowest) -> (f32) {
    scf.for %i = %c0 to %joint step %c1 {
      memref.store %zeros, %partial[%i] : !JOINT
    }
    scf.for %k = %c0 to %width step %lanes {
      %value = vector.load %query[%k] : !QUERY, !V
      scf.for %i = %c0 to %joint step %c1 {
        %wanted = arith.addi %j, %i : index
        %offset = arith.minui %wanted, %last : index
        %row = arith.addi %base, %offset : index
        %c = vector.load %cache[%row, %k] : !CACHE, !V
        %before = memref.load %partial[%i] : !JOINT
        %after = vector.fma %value, %c, %before : !V
        memref.store %after, %partial[%i] : !JOINT
      }
    }
    %best = scf.for %i = %c0 to %joint step %c1 iter_args(%inner = %outer) -> (f32) {
      %at = arith.addi %j, %i : index
      %sums = memref.load %partial[%i] : !JOINT
      %sum = vector.reduction <add>, %sums fastmath<reassoc> : !V into f32
      %score = arith.mulf %sum, %scale : f32
      memref.store %score, %scores[%at] : !SCORES
      %better = arith.maximumf %inner, %score : f32
      scf.yield %better : f32
    }
    scf.yield %best : f32
  }
  return %max : f32
}

// scores[j] = e^(scores[j] - max) for j < size, 0 from there to the next multiple of
// #JOINT_ROWS; returns their sum.
func.func private @weigh_page(%scores: !SCORES, %size: index, %max: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %joint = arith.constant #JOINT_ROWS
  %zero = arith.constant 0.0 : f32
  %groups = arith.ceildivui %size, %joint : index
  %end = arith.muli %groups, %joint : index
  scf.for %j = %c0 to %size step %c1 {
    %score = memref.load %scores[%j] : !SCORES
    %shifted = arith.subf %score, %max : f32
    %weight = func.call @exp(%shifted) : (f32) -> f32
    memref.store %weight, %scores[%j] : !SCORES
  }
  scf.for %j = %size to %end step %c1 {
    memref.store %zero, %scores[%j] : !SCORES
  }
  %sum = scf.for %j = %c0 to %size step %c1 iter_args(%before = %zero) -> (f32) {
    %weight = memref.load %scores[%j] : !SCORES
    %after = arith.addf %before, %weight : f32
    scf.yield %after : f32
  }
  return %sum : f32
}

// latent = alpha * latent + sum_j weights[j] * c_j.
func.func private @add_page(%cache: !CACHE, %base: index, %size: index,
                            %weights: !SCORES, %alpha: f32, %latent: !X) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rank = arith.constant #K
  %lanes = arith.constant #LANES
  %joint = arith.constant #JOINT_ROWS
  %last = arith.subi %size, %c1 : index
  %factor = vector.broadcast %alpha : f32 to !V
  scf.for %k = %c0 to %rank step %lanes {
    %before = vector.load %latent[%c0, %k] : !X, !V
    %after = arith.mulf %before, %factor : !V
    vector.store %after, %latent[%c0, %k] : !X, !V
  }
  scf.for %j = %c0 to %size step %joint {
    scf.for %k = %c0 to %rank step %lanes {
      %before = vector.load %latent[%c0, %k] : !X, !V
      %after = scf.for %i = %c0 to %joint step %c1 iter_args(%sum = %before) -> (!V) {
        %wanted = arith.addi %j, %i : index
        %offset = arith.minui %wanted, %last : index
        %row = arith.addi %base, %offset : index
        %c = vector.load %cache[%row, %k] : !CACHE, !V
        %weight = memref.load %weights[%wanted] : !SCORES
        %w = vector.broadcast %weight : f32 to !V
        %next = vector.fma %w, %c, %sum : !V
        scf.yield %next : !V
      }
      vector.store %after, %latent[%c0, %k] : !X, !V
    }
  }
  return
}

// y of head %h = W_UV latent.
func.func private @project_values(%latent: !X, %kv_b: !llvm.ptr, %scales: !llvm.ptr,
                                  %t: index, %h: index, %y: !Y) {
  %sums = memref.alloca() : !SUMS
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %rows = arith.constant #ROWS
  %nope = arith.constant #NOPE
  %values = arith.constant #VALUES
  %head_rows = arith.constant #HEAD_ROWS
  %head_start = arith.muli %h, %head_rows : index
  %first_row = arith.addi %head_start, %nope : index
  %first_column = arith.muli %h, %values : index
  scf.for %v = %c0 to %values step %rows {
    %row = arith.addi %first_row, %v : index
    %column = arith.addi %first_column, %v : index
    func.call @products(%kv_b, %scales, %row, %latent, %kv_b, %c0, %c1, %sums)
      : (!llvm.ptr, !llvm.ptr, index, !X, !llvm.ptr, index, index, !SUMS) -> ()
    scf.for %r = %c0 to %rows step %c1 {
      %to = arith.addi %column, %r : index
      %sum = memref.load %sums[%r, %c0] : !SUMS
      memref.store %sum, %y[%t, %to] : !Y
    }
  }
  return
}
