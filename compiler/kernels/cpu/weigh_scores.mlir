//===- weigh_scores.mlir - one page of an online softmax ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is left of the softmax between the scores of a page and their use as
// weights. A score of -inf weighs 0: it stands for a position that the row does
// not see. At least one score of a row's first page is larger.
//
//===----------------------------------------------------------------------===//

// scores[r, :] = e^(scores[r, :] - new maximum). Returns the new maximum, the sum of
// all weights so far, and the factor that old weights get.
func.func private @weigh_scores(%scores: !SCORES, %r: index, %max: f32,
                                %sum: f32) -> (f32, f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %page_size = arith.constant #PAGE_SIZE
  %lanes = arith.constant #PAGE_LANES
  %zeros = arith.constant dense<0.0> : !PAGE_VECTOR
  %new_max = scf.for %j = %c0 to %page_size step %lanes iter_args(%best = %max) -> (f32) {
    %some = vector.load %scores[%r, %j] : !SCORES, !PAGE_VECTOR
    %top = vector.reduction <maximumf>, %some : !PAGE_VECTOR into f32
    %better = arith.maximumf %best, %top : f32
    scf.yield %better : f32
  }
  scf.for %j = %c0 to %page_size step %c1 {
    %score = memref.load %scores[%r, %j] : !SCORES
    %shifted = arith.subf %score, %new_max : f32
    %weight = func.call @exp(%shifted) : (f32) -> f32
    memref.store %weight, %scores[%r, %j] : !SCORES
  }
  %totals = scf.for %j = %c0 to %page_size step %lanes iter_args(%before = %zeros) -> (!PAGE_VECTOR) {
    %some = vector.load %scores[%r, %j] : !SCORES, !PAGE_VECTOR
    %after = arith.addf %before, %some : !PAGE_VECTOR
    scf.yield %after : !PAGE_VECTOR
  }
  // A tree of shuffles: fixed by #PAGE_LANES.
  %page_sum = vector.reduction <add>, %totals fastmath<reassoc> : !PAGE_VECTOR into f32
  %fall = arith.subf %max, %new_max : f32
  %drop = func.call @exp(%fall) : (f32) -> f32
  %new_sum = math.fma %sum, %drop, %page_sum : f32
  return %new_max, %new_sum, %drop : f32, f32, f32
}
