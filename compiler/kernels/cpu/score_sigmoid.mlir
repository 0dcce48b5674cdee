//===- score_sigmoid.mlir - router scores, each for itself ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// scores[e] = 1 / (1 + exp(-logits[t, e])).
//
//===----------------------------------------------------------------------===//

func.func private @score(%logits: !LOGITS, %t: index, %scores: !SCORES) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %experts = arith.constant #EXPERTS
  scf.for %e = %c0 to %experts step %c1 {
    %logit = memref.load %logits[%t, %e] : !LOGITS
    %score = func.call @sigmoid(%logit) : (f32) -> f32
    memref.store %score, %scores[%e] : !SCORES
  }
  return
}
