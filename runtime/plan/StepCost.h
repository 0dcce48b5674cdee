//===- StepCost.h - what a step of a plan costs -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Launches say in the plan what they cost (Cost in plan.fbs). Here that becomes
// numbers for a step:
//
//   StepShape step = shapeOfStep(/*sequences=*/1, /*tokens=*/1, /*past=*/4096);
//   StepCost cost = costOf(plan, entry, step);
//
// Pure functions over verified plans. What does not fit 64 bits is the largest
// number that does.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_STEPCOST_H
#define INGOT_PLAN_STEPCOST_H

#include "runtime/plan/plan_generated.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace ingot {

/// How much a step has of what costs grow with.
struct StepShape {
  int64_t tokens = 0, sequences = 0, logitRows = 0;
  /// Tokens in the KV cache, those of the step included, over all sequences.
  int64_t cached = 0;
  /// Tokens that the step's tokens attend to, themselves included, over all of
  /// them.
  int64_t pairs = 0;
};

/// The entry, which a plan may have, for one sequence's newest token alone.
inline constexpr std::string_view kSingleDecodeEntry = "decode_single";

/// The name of the entry that continues answers by `tokens` tokens in all.
std::string_view decodeEntryFor(const fb::Plan &plan, int64_t tokens);

/// A step in which `sequences` sequences of `past` tokens each take `tokens`
/// more, one row of logits for each sequence.
StepShape shapeOfStep(int64_t sequences, int64_t tokens, int64_t past);

/// What a step reads and computes at the least.
struct StepCost {
  uint64_t weightBytes = 0, activationBytes = 0, cacheBytes = 0, flops = 0;
  /// Whether weightBytes is a bound: which parts of a weight several rows read
  /// is not known, so each row counts as if it read others than the rest.
  bool atMost = false;

  uint64_t bytes() const;
  StepCost &operator+=(const StepCost &other);
};

/// A launch without rows in `step`, or without a cost, costs nothing.
StepCost costOf(const fb::Plan &plan, const fb::Launch &launch,
                const StepShape &step);
/// The sum over the launches of `entry`.
StepCost costOf(const fb::Plan &plan, const fb::Entry &entry,
                const StepShape &step);

/// Whether `launch` writes the logits of `entry`.
bool writesLogits(const fb::Entry &entry, const fb::Launch &launch);

/// A number of a cost under its name in plan.fbs.
struct CostTerm {
  std::string_view name;
  int64_t value;
};
/// All numbers of a cost, in the order of plan.fbs.
std::array<CostTerm, 9> termsOf(const fb::Cost &cost);

} // namespace ingot

#endif // INGOT_PLAN_STEPCOST_H
