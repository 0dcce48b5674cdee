//===- PlanReport.h - what a plan will take and do --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The facts by which a compilation is judged before anything runs, computed
// from the plan: `ingotc --report` prints them, and `ingot inspect`, which
// finds them in the artifact. Pure functions over verified plans.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_PLANREPORT_H
#define INGOT_PLAN_PLANREPORT_H

#include "runtime/plan/Exchanges.h"
#include "runtime/plan/MemoryCertificate.h"
#include "runtime/plan/StepCost.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ingot {

/// A step that an entry may run, and what it costs.
struct StepReport {
  int64_t sequences = 0;
  /// New tokens of each sequence, and those that it has.
  int64_t tokens = 0, past = 0;
  int64_t logitRows = 0;
  StepCost cost;
};

/// The form that an entry's latent attention has, and what was weighed: both
/// forms in a step of `tokens` tokens, the most that the entry takes.
struct AbsorptionReport {
  int64_t tokens = 0;
  fb::Absorption forms;
};

struct EntryReport {
  std::string name;
  int64_t launches = 0;
  /// The layer with the longest chain of dependent launches.
  LayerExchanges exchanges;
  /// None without latent attention.
  std::optional<AbsorptionReport> absorption;
  /// A full chunk of one sequence (prefill, score) or one token of one
  /// sequence: without a past, and at the end of the longest context.
  std::vector<StepReport> steps;
};

struct PlanReport {
  /// See Model in plan.fbs.
  int64_t parameters = 0, activeParameters = 0, mtpParameters = 0;
  /// Weights that steps read, with their scales, and those of them that are
  /// computed from others when the plan is loaded.
  uint64_t weightBytes = 0, packedWeightBytes = 0;
  /// The KV cache of one token: all main layers, and those that only
  /// multi-token prediction has.
  uint64_t kvBytesPerToken = 0, mtpKvBytesPerToken = 0;
  /// Tokens that the pool of pages holds.
  int64_t kvTokens = 0;
  uint64_t workspaceBytes = 0;
  /// The artifact without embedded weights.
  uint64_t planBytes = 0;
  /// With one thread.
  std::vector<MemoryNeed> memory;
  std::vector<EntryReport> entries;
};

PlanReport reportOn(const fb::Plan &plan);

/// Lines "name: value", each ended by a newline.
std::string asText(const PlanReport &report);

/// One JSON object, indented, without a newline at the end; bytes, operations
/// and tokens are whole numbers.
std::string asJson(const PlanReport &report);

} // namespace ingot

#endif // INGOT_PLAN_PLANREPORT_H
