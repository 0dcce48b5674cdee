//===- StepCost.cpp - what a step of a plan costs -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/StepCost.h"

#include <algorithm>
#include <limits>

namespace ingot {

namespace {

constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

uint64_t plus(uint64_t a, uint64_t b) {
  uint64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? kMost : sum;
}

/// Factors of verified plans and of steps are not negative.
uint64_t times(int64_t a, int64_t b) {
  uint64_t product;
  return __builtin_mul_overflow(uint64_t(a), uint64_t(b), &product) ? kMost
                                                                    : product;
}

/// How many rows a launch has in `step`.
int64_t rowsOf(const fb::Plan &plan, const fb::Cost &cost,
               const StepShape &step) {
  if (cost.rows() < 0)
    return 1;
  std::string_view symbol =
      plan.symbols()->Get(uint32_t(cost.rows()))->name()->string_view();
  return symbol == "T"   ? step.tokens
         : symbol == "S" ? step.sequences
                         : step.logitRows;
}

uint64_t partsRead(const fb::Cost &cost, int64_t rows) {
  return std::min(uint64_t(cost.parts()), times(cost.row_parts(), rows));
}

} // namespace

std::string_view decodeEntryFor(const fb::Plan &plan, int64_t tokens) {
  for (const fb::Entry *entry : *plan.entries())
    if (tokens == 1 && entry->name()->string_view() == kSingleDecodeEntry)
      return kSingleDecodeEntry;
  return "decode";
}

StepShape shapeOfStep(int64_t sequences, int64_t tokens, int64_t past) {
  StepShape step;
  step.tokens = sequences * tokens;
  step.sequences = sequences;
  step.logitRows = sequences;
  step.cached = sequences * (past + tokens);
  step.pairs = sequences * (tokens * past + tokens * (tokens + 1) / 2);
  return step;
}

uint64_t StepCost::bytes() const {
  return plus(weightBytes, plus(activationBytes, cacheBytes));
}

StepCost &StepCost::operator+=(const StepCost &other) {
  weightBytes = plus(weightBytes, other.weightBytes);
  activationBytes = plus(activationBytes, other.activationBytes);
  cacheBytes = plus(cacheBytes, other.cacheBytes);
  flops = plus(flops, other.flops);
  atMost |= other.atMost;
  return *this;
}

StepCost costOf(const fb::Plan &plan, const fb::Launch &launch,
                const StepShape &step) {
  StepCost total;
  if (!launch.cost())
    return total;
  const fb::Cost &cost = *launch.cost();
  const int64_t rows = rowsOf(plan, cost, step);
  if (rows == 0)
    return total;
  const uint64_t parts = partsRead(cost, rows);
  total.weightBytes = plus(uint64_t(cost.weight_bytes()),
                           times(cost.part_bytes(), int64_t(parts)));
  total.activationBytes = times(cost.row_bytes(), rows);
  total.cacheBytes = times(cost.cached_bytes(), step.cached);
  total.flops = plus(times(cost.row_flops(), rows),
                     plus(times(cost.cached_flops(), step.cached),
                          times(cost.pair_flops(), step.pairs)));
  total.atMost = rows > 1 && parts > uint64_t(cost.row_parts());
  return total;
}

StepCost costOf(const fb::Plan &plan, const fb::Entry &entry,
                const StepShape &step) {
  StepCost total;
  for (const fb::Launch *launch : *entry.steps())
    total += costOf(plan, *launch, step);
  return total;
}

bool writesLogits(const fb::Entry &entry, const fb::Launch &launch) {
  for (const fb::Binding *output : *entry.outputs())
    if (output->name()->string_view() == "logits")
      return std::find(launch.results()->begin(), launch.results()->end(),
                       output->buffer()) != launch.results()->end();
  return false;
}

std::array<CostTerm, 9> termsOf(const fb::Cost &cost) {
  return {{{"weight_bytes", cost.weight_bytes()},
           {"parts", cost.parts()},
           {"part_bytes", cost.part_bytes()},
           {"row_parts", cost.row_parts()},
           {"row_bytes", cost.row_bytes()},
           {"row_flops", cost.row_flops()},
           {"cached_bytes", cost.cached_bytes()},
           {"cached_flops", cost.cached_flops()},
           {"pair_flops", cost.pair_flops()}}};
}

} // namespace ingot
