//===- Golden.h - a model against its golden outputs ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A golden file (safetensors) holds what a trusted implementation computed:
//   prompt_ids        i32 [p, t]       prompt_logits    f32 [p, t, v]
//   long_ids          i32 [1, t]       long_last_logits f32 [1, r, v]
//   greedyK_prompt    i32 [t]          greedyK_ids      i32 [s]
//   greedyK_margin    f32 [s]          best minus second logit of each step
//   prompt0_hidden    f32 [l, t, n]    the states "hidden.0" ... of prompt 0
//   mtp0_logits       f32 [p, t-1, v]  the draft's (optional)
// K counts from 0. test/models/README.md says how the ones there were made.
//
//   auto report = eval::compareWithGolden(model, *file, {}, nullptr);
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_GOLDEN_H
#define INGOT_EVAL_GOLDEN_H

#include "ingot/Status.h"
#include "runtime/eval/Evaluated.h"
#include "runtime/eval/Hidden.h"
#include "runtime/eval/Logits.h"
#include "runtime/storage/SafeTensors.h"

#include <cstdint>
#include <optional>

namespace ingot::eval {

struct GoldenOptions {
  /// A greedy mismatch counts as beyond the margin where the golden's best and
  /// second logit differ by more than this.
  double margin = 1e-3;
  /// Compare the hidden states of prompt 0 too.
  bool hidden = false;
};

/// A step at which our best token is another than the golden one.
struct GreedyMismatch {
  /// Which K, and which of its steps.
  int64_t sequence = 0, step = 0;
  int32_t golden = 0, ours = 0;
  double margin = 0;
};

/// Greedy choices, teacher-forced: each step sees the golden tokens before it,
/// so that one mismatch does not cause the next.
struct GreedyAgreement {
  int64_t steps = 0;
  int64_t mismatches = 0;
  int64_t mismatchesBeyondMargin = 0;
  /// The mismatch with the widest margin.
  std::optional<GreedyMismatch> worst;
};

struct GoldenReport {
  LogitAgreement prompt;
  /// The last positions of a long context.
  LogitAgreement longContext;
  /// Present if both the file and the model have a draft.
  std::optional<LogitAgreement> draft;
  GreedyAgreement greedy;
  /// Present if asked for.
  std::optional<HiddenAgreement> hidden;
};

/// Runs the model over everything in `golden`. InvalidInput if the file lacks a
/// tensor or has one of another type or shape; else the model's own failures.
Result<GoldenReport> compareWithGolden(Evaluated &model,
                                       const storage::SafeTensors &golden,
                                       const GoldenOptions &options,
                                       const Progress &progress);

} // namespace ingot::eval

#endif // INGOT_EVAL_GOLDEN_H
