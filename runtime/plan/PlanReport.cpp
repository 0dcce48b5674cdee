//===- PlanReport.cpp - what a plan will take and do ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/PlanReport.h"
#include "runtime/plan/VerifyParts.h"
#include "runtime/plan/WeightSets.h"

#include <algorithm>
#include <map>

namespace ingot {

namespace {

bool isDraft(const fb::Entry &entry) {
  return entry.name()->string_view() == "draft";
}

/// Bytes of a token in the KV cache: all main layers, and those that only the
/// draft uses.
void countCache(const fb::Plan &plan, PlanReport &report) {
  const uint64_t tokens =
      uint64_t(plan.kv_cache()->pages()) * plan.kv_cache()->page_size();
  // A layer is a range of the arena, which entries share.
  struct Layer {
    uint64_t bytes = 0;
    bool main = false;
  };
  std::map<uint64_t, Layer> layers;
  for (const fb::Entry *entry : *plan.entries())
    for (const fb::Launch *launch : *entry->steps())
      for (const fb::Arg *arg : *launch->args()) {
        if (arg->kind() != fb::ArgKind::Buffer)
          continue;
        const fb::Buffer &buffer = *plan.buffers()->Get(arg->index());
        if (plan.arenas()->Get(buffer.arena())->kind() !=
            fb::ArenaKind::KvCache)
          continue;
        Layer &layer = layers[buffer.offset()];
        layer.bytes = verify::elementSize(buffer.type());
        for (const fb::Dim *dim : *buffer.shape())
          layer.bytes *= uint64_t(dim->size());
        layer.main |= !isDraft(*entry);
      }
  for (const auto &[offset, layer] : layers)
    (layer.main ? report.kvBytesPerToken : report.mtpKvBytesPerToken) +=
        layer.bytes / tokens;
}

/// The largest value of a symbol in `entry`.
int64_t mostOf(const fb::Plan &plan, const fb::Entry &entry,
               std::string_view symbol) {
  return entry.bucket()->Get(uint32_t(verify::findSymbol(plan, symbol)));
}

/// Logits of as many rows as the entry takes: all of them, or the last.
StepReport reportStep(const fb::Plan &plan, const fb::Entry &entry,
                      int64_t tokens, int64_t past) {
  StepShape shape = shapeOfStep(1, tokens, past);
  if (entry.name()->string_view() == "score")
    shape.logitRows = std::min(tokens, mostOf(plan, entry, "R"));
  return {1, tokens, past, shape.logitRows, costOf(plan, entry, shape)};
}

EntryReport reportOn(const fb::Plan &plan, const fb::Entry &entry) {
  EntryReport report;
  report.name = entry.name()->str();
  report.launches = entry.steps()->size();
  report.exchanges = longestExchanges(entry);
  if (const fb::Absorption *forms = entry.absorption())
    report.absorption = {mostOf(plan, entry, "T"), *forms};
  const int64_t context = plan.model()->max_context();
  const bool chunks = report.name == "prefill" || report.name == "score";
  const int64_t tokens =
      chunks ? std::min(mostOf(plan, entry, "T"), context) : 1;
  for (int64_t past : {int64_t(0), context - tokens})
    report.steps.push_back(reportStep(plan, entry, tokens, past));
  return report;
}

} // namespace

PlanReport reportOn(const fb::Plan &plan) {
  PlanReport report;
  report.parameters = plan.model()->parameters();
  report.activeParameters = plan.model()->active_parameters();
  report.mtpParameters = plan.model()->mtp_parameters();
  report.planBytes = planBytes(plan);
  const WeightSet read = listEntryWeights(plan),
                  packed = listPackedWeights(plan);
  for (uint32_t i = 0; i < read.size(); ++i)
    if (read[i]) {
      const uint64_t bytes = countBytes(*plan.weights()->Get(i));
      report.weightBytes += bytes;
      report.packedWeightBytes += packed[i] ? bytes : 0;
    }
  countCache(plan, report);
  report.kvTokens =
      int64_t(plan.kv_cache()->pages() - 1) * plan.kv_cache()->page_size();
  for (const fb::Arena *arena : *plan.arenas())
    if (arena->kind() == fb::ArenaKind::Workspace)
      report.workspaceBytes += arena->bytes();
  const bool drawn =
      std::any_of(plan.weights()->begin(), plan.weights()->end(),
                  [](const fb::Weight *weight) {
                    return weight->views()->Get(0)->file() == kNoFile;
                  });
  report.memory = listMemory(plan, {drawn, 1});
  for (const fb::Entry *entry : *plan.entries())
    report.entries.push_back(reportOn(plan, *entry));
  return report;
}

} // namespace ingot
