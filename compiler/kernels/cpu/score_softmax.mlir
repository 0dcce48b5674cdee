//===- score_softmax.mlir - router scores, normalised over all experts ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// scores = softmax(logits[t]), the largest logit subtracted first.
//
//===----------------------------------------------------------------------===//

func.func private @score(%logits: !LOGITS, %t: index, %scores: !SCORES) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %experts = arith.constant #EXPERTS
  %zero = arith.constant 0.0 : f32
  %lowest = arith.constant 0xFF800000 : f32
  %largest = scf.for %e = %c0 to %experts step %c1 iter_args(%best = %lowest) -> (f32) {
    %logit = memref.load %logits[%t, %e] : !LOGITS
    %better = arith.maximumf %best, %logit : f32
    scf.yield %better : f32
  }
  scf.for %e = %c0 to %experts step %c1 {
    %logit = memref.load %logits[%t, %e] : !LOGITS
    %shifted = arith.subf %logit, %largest : f32
    %value = func.call @exp(%shifted) : (f32) -> f32
    memref.store %value, %scores[%e] : !SCORES
  }
  %sum = scf.for %e = %c0 to %experts step %c1 iter_args(%before = %zero) -> (f32) {
    %value = memref.load %scores[%e] : !SCORES
    %after = arith.addf %before, %value : f32
    scf.yield %after : f32
  }
  scf.for %e = %c0 to %experts step %c1 {
    %value = memref.load %scores[%e] : !SCORES
    %score = arith.divf %value, %sum : f32
    memref.store %score, %scores[%e] : !SCORES
  }
  return
}
