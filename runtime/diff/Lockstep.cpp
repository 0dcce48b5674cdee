//===- Lockstep.cpp - runs two sessions over the same rows ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Lockstep.h"

#include "runtime/exec/ModelImpl.h"
#include "runtime/plan/StepCost.h"

#include <algorithm>

namespace ingot::diff {

/// Most bytes of A's results that are kept at a time.
static constexpr size_t kKeptBytes = size_t(1) << 30;

static const fb::Plan &planOf(const Session &session) {
  return session.model().impl().plan();
}

Lockstep::Lockstep(Session &a, Session &b, const DiffOptions &options)
    : a(a), b(b), options(options) {
  match(planOf(a), planOf(b));
  a.observe([this](const Written &written) { keep(written); });
  b.observe([this](const Written &written) { compareWith(written); });
}

Lockstep::~Lockstep() {
  a.observe(nullptr);
  b.observe(nullptr);
}

/// Whether a step for which one plan runs `left` may be one for which the other
/// runs `right`: an entry for single tokens stands for what decodes where one
/// of the plans lacks it.
static bool pairs(const fb::Plan &planA, std::string_view left,
                  const fb::Plan &planB, std::string_view right) {
  if (left == right)
    return true;
  return left == decodeEntryFor(planA, 1) && right == decodeEntryFor(planB, 1);
}

void Lockstep::match(const fb::Plan &planA, const fb::Plan &planB) {
  for (const fb::Entry *right : *planB.entries())
    for (const fb::Entry *left : *planA.entries()) {
      if (!pairs(planA, left->name()->string_view(), planB,
                 right->name()->string_view()))
        continue;
      Entry &entry = entries.emplace_back();
      entry.nameA = left->name()->string_view();
      entry.nameB = right->name()->string_view();
      entry.launchesA = left->steps()->size();
      entry.launchesB = right->steps()->size();
      for (const Common &common : matchEntries(planA, *left, planB, *right)) {
        entry.byA[{common.a, common.result}] = entry.tracked.size();
        entry.byB[{common.b, common.result}] = entry.tracked.size();
        entry.tracked.push_back({common, {}, {}});
      }
    }
}

Status Lockstep::check() const {
  bool any = false, named = options.stopAfter.empty();
  for (const Entry &entry : entries)
    for (const Tracked &tracked : entry.tracked) {
      any = true;
      named |= tracked.common.name == options.stopAfter;
    }
  if (!any)
    return incompatible("the artifacts have no step of one name and size");
  if (!named)
    return notFound("no step '" + options.stopAfter +
                    "' that both artifacts have; --all lists them");
  return {};
}

int64_t Lockstep::maxStepTokens() const {
  size_t perToken = 1;
  for (const Entry &entry : entries) {
    size_t bytes = 0;
    for (const Tracked &tracked : entry.tracked)
      bytes += tracked.common.rowBytes;
    perToken = std::max(perToken, bytes);
  }
  const int64_t most =
      std::min(a.model().info().maxStepTokens, b.model().info().maxStepTokens);
  return std::clamp<int64_t>(int64_t(kKeptBytes / perToken), 1, most);
}

static Values valuesOf(const Written &written) {
  size_t count = 1;
  for (int64_t size : written.shape)
    count *= size_t(size);
  return {written.type, written.data, count};
}

Lockstep::Entry *Lockstep::entryOf(std::string_view nameA,
                                   std::string_view nameB) {
  auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry &e) {
        return e.nameA == nameA && e.nameB == nameB;
      });
  return found == entries.end() ? nullptr : &*found;
}

void Lockstep::keep(const Written &written) {
  ranA = written.entry;
  for (Entry &entry : entries) {
    auto found = entry.byA.find({written.launch, written.result});
    if (entry.nameA != written.entry || found == entry.byA.end())
      continue;
    Tracked &tracked = entry.tracked[found->second];
    const Values values = valuesOf(written);
    tracked.copy.assign(values.data,
                        values.data + values.count * sizeOf(values.type));
  }
}

void Lockstep::compareWith(const Written &written) {
  Entry *entry = entryOf(ranA, written.entry);
  if (!entry || report.stopped)
    return;
  entry->ran = true;
  auto found = entry->byB.find({written.launch, written.result});
  if (found == entry->byB.end())
    return;
  Tracked &tracked = entry->tracked[found->second];
  const Common &common = tracked.common;
  const Values values = valuesOf(written);
  StepDifference difference;
  difference.name = common.name;
  if (common.result > 0)
    difference.name += ", result " + std::to_string(common.result);
  difference.entry = written.entry;
  difference.firstPosition = firstPosition;
  difference.lastPosition = lastPosition;
  difference.kernelA = common.kernelA;
  difference.kernelB = common.kernelB;
  const Values before = {common.typeA, tracked.copy.data(), values.count};
  difference.distance = distanceBetween(before, values);
  difference.coordinate = coordinate(difference.distance.index, written.shape);
  difference.differs = difference.distance.maxAbsDiff > 0 &&
                       (isInteger(values.type) ||
                        !(difference.distance.relative() <= options.tolerance));
  if (!report.stopped && common.name == options.stopAfter)
    report.stopped = {difference.name, statisticsOf(before, written.shape),
                      statisticsOf(values, written.shape)};
  note(tracked, std::move(difference));
}

void Lockstep::note(Tracked &tracked, StepDifference difference) {
  if (difference.differs && !report.first)
    report.first = difference;
  // What differs in this run comes first, then what differs most.
  auto rank = [](const StepDifference &d) {
    return std::pair(d.differs, d.distance.relative());
  };
  if (!tracked.worst || rank(*tracked.worst) < rank(difference))
    tracked.worst = std::move(difference);
}

bool Lockstep::done() const {
  return report.stopped || (report.first && !options.all);
}

/// The place of the largest score; the first of several.
static int32_t best(std::span<const float> logits) {
  return int32_t(std::max_element(logits.begin(), logits.end()) -
                 logits.begin());
}

Result<int32_t> Lockstep::run(const Chunk &chunk) {
  firstPosition = chunk.begin;
  lastPosition = chunk.begin + int64_t(chunk.tokens.size()) - 1;
  auto step = [&](Session &session, int sequence) {
    Rows rows{sequence, chunk.tokens, LogitRows::Last};
    return chunk.isPrompt ? session.prefill({&rows, 1})
                          : session.decode({&rows, 1});
  };
  auto outA = step(a, chunk.sequenceA);
  if (!outA)
    return outA.status();
  auto outB = step(b, chunk.sequenceB);
  if (!outB)
    return outB.status();
  report.tokens += int64_t(chunk.tokens.size());
  const int32_t next = chunk.next ? *chunk.next : best(outA->logits);
  if (a.model().info().hasDraft && b.model().info().hasDraft && !done())
    if (Status status = runDraft(chunk, next, *outA, *outB); !status.ok())
      return status;
  return next;
}

Status Lockstep::runDraft(const Chunk &chunk, int32_t next,
                          const StepOutput &outA, const StepOutput &outB) {
  // Each token's draft takes the token after it.
  std::vector<int32_t> tokens(chunk.tokens.begin() + 1, chunk.tokens.end());
  tokens.push_back(next);
  Rows rows{chunk.sequenceA, tokens, LogitRows::Last};
  if (auto out = a.draft({&rows, 1}, outA.hidden); !out)
    return out.status();
  rows.sequence = chunk.sequenceB;
  return b.draft({&rows, 1}, outB.hidden).status();
}

DiffReport Lockstep::finish() {
  for (Entry &entry : entries) {
    if (!entry.ran)
      continue;
    report.launchesA += entry.launchesA;
    report.launchesB += entry.launchesB;
    for (Tracked &tracked : entry.tracked)
      if (tracked.worst)
        report.steps.push_back(std::move(*tracked.worst));
  }
  return std::move(report);
}

} // namespace ingot::diff
