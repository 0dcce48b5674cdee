//===- Integrity.cpp - is it what was compiled? ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/integrity/Integrity.h"
#include "runtime/eval/SessionEvaluated.h"
#include "runtime/exec/ModelImpl.h"
#include "runtime/exec/WeightFiles.h"
#include "runtime/plan/ContentSample.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/Messages.h"

namespace ingot {

using Bytes = std::span<const std::byte>;

/// Compares all of `parts` with the hash that the plan has, if it has one.
static Status checkContent(const std::string &name,
                           flatbuffers::Optional<uint64_t> expected,
                           std::span<const Bytes> parts) {
  if (!expected)
    return incompatible(name + ": expects a hash of all bytes in the plan to "
                               "verify it in full; ingotc --hash-weights "
                               "stores one");
  if (uint64_t got = hashContent(parts); got != *expected)
    return incompatible(name +
                        ": changed since it was compiled: plan expects "
                        "content hash " +
                        storage::hex(*expected) + ", got " + storage::hex(got));
  return {};
}

/// The embedded weights, view by view.
static std::vector<Bytes> embeddedViews(const PlanFile &file) {
  std::vector<Bytes> views;
  for (const fb::Weight *weight : *file.plan().weights())
    for (const fb::View *view : *weight->views())
      if (view->file() == kEmbedded)
        views.push_back(file.blob(view->offset(), view->size()));
  return views;
}

Result<std::vector<CheckedWeights>>
checkWeights(const PlanFile &file, const std::string &weightsDirectory,
             bool full) {
  const fb::Plan &plan = file.plan();
  auto mapped = openWeightFiles(
      plan, listWeightFolders(plan, file.path(), weightsDirectory));
  if (!mapped)
    return mapped.status();
  std::vector<CheckedWeights> checked;
  for (uint32_t i = 0; i < plan.files()->size(); ++i) {
    Bytes bytes = (*mapped)[i].bytes();
    if (full)
      if (Status status =
              checkContent((*mapped)[i].path(),
                           plan.files()->Get(i)->content_hash(), {&bytes, 1});
          !status.ok())
        return status;
    checked.push_back({plan.files()->Get(i)->name()->str(), bytes.size()});
  }
  std::vector<Bytes> embedded = embeddedViews(file);
  if (!full || embedded.empty())
    return checked;
  if (Status status = checkContent(file.path() + ": embedded weights",
                                   plan.embedded_hash(), embedded);
      !status.ok())
    return status;
  CheckedWeights all{"embedded weights"};
  for (Bytes view : embedded)
    all.bytes += view.size();
  checked.push_back(std::move(all));
  return checked;
}

Result<std::optional<GoldenOutcome>> checkGolden(Session &session) {
  const fb::GoldenCheck *check = session.model().impl().plan().golden_check();
  if (!check)
    return std::optional<GoldenOutcome>();
  eval::SessionEvaluated model(session);
  eval::LogitComparison comparison;
  for (const fb::GoldenPrompt *prompt : *check->prompts()) {
    auto out = model.run({prompt->tokens()->data(), prompt->tokens()->size()},
                         /*rows=*/1, /*taps=*/false);
    if (!out)
      return out.status();
    comparison.add({prompt->logits()->data(), prompt->logits()->size()},
                   out->logits, model.vocabSize());
  }
  return std::optional(GoldenOutcome{comparison.agreement(), check->max_kl()});
}

} // namespace ingot
