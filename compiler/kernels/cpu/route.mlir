//===- route.mlir - the choice of experts ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From logits [t, #EXPERTS] to the #TOP_K winners and their weights: see
// ingot.route. A tile is one row.
//
//===----------------------------------------------------------------------===//

func.func private @body(%logits: !LOGITS, %bias: !llvm.ptr, %weights: !CHOICE,
                        %indices: !INDICES, %t: index, %ty: index, %tz: index) {
  %scores = memref.alloca() : !SCORES
  %choice = memref.alloca() : !SCORES
  func.call @score(%logits, %t, %scores) : (!LOGITS, index, !SCORES) -> ()
  func.call @bias_choice(%logits, %t, %scores, %bias, %choice)
    : (!LOGITS, index, !SCORES, !llvm.ptr, !SCORES) -> ()
  func.call @mask_groups(%choice) : (!SCORES) -> ()
  func.call @choose(%t, %scores, %choice, %weights, %indices)
    : (index, !SCORES, !SCORES, !CHOICE, !INDICES) -> ()
  return
}

// choice = scores + bias, or logits + bias if #BY_LOGITS; the bias has no part in the
// weights.
func.func private @bias_choice(%logits: !LOGITS, %t: index, %scores: !SCORES,
                               %bias: !llvm.ptr, %choice: !SCORES) {
  %c0 = arith.constant 0 : index
  %experts = arith.constant #EXPERTS
  %lanes = arith.constant #LANES
  %biased = arith.constant #BIASED
  %by_logits = arith.constant #BY_LOGITS
  scf.for %e = %c0 to %experts step %lanes {
    %of_score = vector.load %scores[%e] : !SCORES, !V
    %of_logit = vector.load %logits[%t, %e] : !LOGITS, !V
    %score = arith.select %by_logits, %of_logit, %of_score : !V
    %value = scf.if %biased -> (!V) {
      %b = func.call @load_weights(%bias, %e) : (!llvm.ptr, index) -> !V
      %sum = arith.addf %score, %b : !V
      scf.yield %sum : !V
    } else {
      scf.yield %score : !V
    }
    vector.store %value, %choice[%e] : !SCORES, !V
  }
  return
}

// Leaves the experts of the #TOP_GROUPS best groups in the choice. The others
// become minus infinity, not 0: a biased score may be negative.
func.func private @mask_groups(%choice: !SCORES) {
  %ranks = memref.alloca() : !SCORES
  %kept = memref.alloca() : !SCORES
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %experts = arith.constant #EXPERTS
  %groups = arith.constant #GROUPS
  %group_size = arith.constant #GROUP_SIZE
  %top_groups = arith.constant #TOP_GROUPS
  %two = arith.constant #TOP2_SUM

  scf.for %g = %c0 to %groups step %c1 {
    %begin = arith.muli %g, %group_size : index
    %end = arith.addi %begin, %group_size : index
    %best:2 = scf.for %e = %begin to %end step %c1
        iter_args(%first = %lowest, %second = %lowest) -> (f32, f32) {
      %value = memref.load %choice[%e] : !SCORES
      %new_first = arith.maximumf %first, %value : f32
      %loser = arith.minimumf %first, %value : f32
      %new_second = arith.maximumf %second, %loser : f32
      scf.yield %new_first, %new_second : f32, f32
    }
    %sum = arith.addf %best#0, %best#1 : f32
    %rank = arith.select %two, %sum, %best#0 : f32
    memref.store %rank, %ranks[%g] : !SCORES
    memref.store %zero, %kept[%g] : !SCORES
  }
  scf.for %i = %c0 to %top_groups step %c1 {
    %g = func.call @largest(%ranks, %groups) : (!SCORES, index) -> index
    memref.store %lowest, %ranks[%g] : !SCORES
    memref.store %one, %kept[%g] : !SCORES
  }
  scf.for %e = %c0 to %experts step %c1 {
    %g = arith.divui %e, %group_size : index
    %keep = memref.load %kept[%g] : !SCORES
    %in = arith.cmpf ogt, %keep, %zero : f32
    %value = memref.load %choice[%e] : !SCORES
    %masked = arith.select %in, %value, %lowest : f32
    memref.store %masked, %choice[%e] : !SCORES
  }
  return
}

func.func private @choose(%t: index, %scores: !SCORES, %choice: !SCORES,
                          %weights: !CHOICE, %indices: !INDICES) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %tiny = arith.constant 1.0e-20 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %experts = arith.constant #EXPERTS
  %top_k = arith.constant #TOP_K
  %scale = arith.constant #SCALE
  %renormalize = arith.constant #RENORMALIZE

  %sum = scf.for %j = %c0 to %top_k step %c1 iter_args(%before = %zero) -> (f32) {
    %e = func.call @largest(%choice, %experts) : (!SCORES, index) -> index
    memref.store %lowest, %choice[%e] : !SCORES
    %score = memref.load %scores[%e] : !SCORES
    memref.store %score, %weights[%t, %j] : !CHOICE
    %index = arith.index_cast %e : index to i32
    memref.store %index, %indices[%t, %j] : !INDICES
    %after = arith.addf %before, %score : f32
    scf.yield %after : f32
  }
  %shifted = arith.addf %sum, %tiny : f32
  %divisor = arith.select %renormalize, %shifted, %one : f32
  scf.for %j = %c0 to %top_k step %c1 {
    %score = memref.load %weights[%t, %j] : !CHOICE
    %share = arith.divf %score, %divisor : f32
    %weight = arith.mulf %share, %scale : f32
    memref.store %weight, %weights[%t, %j] : !CHOICE
  }
  return
}

// Where the largest of the first %count values is; the lowest index among
// equals, and 0 if none is above minus infinity (NaN included).
func.func private @largest(%values: !SCORES, %count: index) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %lowest = arith.constant 0xFF800000 : f32
  %best:2 = scf.for %i = %c0 to %count step %c1
      iter_args(%at = %c0, %value = %lowest) -> (index, f32) {
    %candidate = memref.load %values[%i] : !SCORES
    %better = arith.cmpf ogt, %candidate, %value : f32
    %new_at = arith.select %better, %i, %at : index
    %new_value = arith.select %better, %candidate, %value : f32
    scf.yield %new_at, %new_value : index, f32
  }
  return %best#0 : index
}
