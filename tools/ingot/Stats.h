//===- Stats.h - what a generation took -------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Times and memory of a run, for people and as JSON.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_INGOT_STATS_H
#define INGOT_TOOLS_INGOT_STATS_H

#include "runtime/exec/Generator.h"

#include <optional>
#include <string>

namespace ingot::tool {

/// Resident memory of this process in bytes, as /proc/self/status has it; zeros
/// where the system has no such file.
struct ResidentMemory {
  uint64_t total = 0;
  /// Private memory, and pages of mapped files, which the system may drop.
  uint64_t anonymous = 0, file = 0;
  /// The most that was resident at a time.
  uint64_t peak = 0;
};
ResidentMemory residentMemory();

struct Stats {
  double loadSeconds = 0;
  GenerateTimings timings;
  MemoryUse memory;
  LoadTimes load;
  KeptSteps kept;
  /// From before the model was loaded, where it was loaded for this answer.
  std::optional<double> startToFirstToken = {};
};

/// Lines "name: value" for stderr.
std::string asText(const Stats &stats);

/// One JSON object with the generation and its stats.
std::string asJson(const GenerateResult &result, const Stats &stats);

} // namespace ingot::tool

#endif // INGOT_TOOLS_INGOT_STATS_H
