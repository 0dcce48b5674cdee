//===- Integrity.h - is it what was compiled? ----------------- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opening an artifact compares the hash of its plan and machine code, and
// loading it compares size, header and a sample of each checkpoint file. Here
// is what takes longer: every byte of the weights, and what they compute.
//
//   auto file = PlanFile::open("model.ingot");
//   auto weights = checkWeights(*file, "", /*full=*/true);
//   auto golden = checkGolden(session);
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_INTEGRITY_INTEGRITY_H
#define INGOT_INTEGRITY_INTEGRITY_H

#include "ingot/Runtime.h"
#include "runtime/eval/Logits.h"
#include "runtime/plan/PlanFile.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ingot {

/// Weights that are as they were compiled.
struct CheckedWeights {
  /// A checkpoint file, or "embedded weights".
  std::string name;
  uint64_t bytes = 0;
};

/// Compares the files that the plan refers to, found as LoadOptions says of
/// `weightsDirectory`, with what it says of them; with `full` every byte of
/// them and of embedded weights. Incompatible names what changed, and `full`
/// where the compiler stored no hash of everything.
Result<std::vector<CheckedWeights>>
checkWeights(const PlanFile &file, const std::string &weightsDirectory,
             bool full);

/// How the stored prompts came out.
struct GoldenOutcome {
  eval::LogitAgreement agreement;
  /// What the agreement's meanKl must not exceed.
  double maxKl = 0;

  /// NaN logits are not passed.
  bool passed() const { return agreement.meanKl <= maxKl; }
};

/// Runs the prompts that the artifact stores in sequences of `session`, which
/// must have room for one more; none if it stores none.
Result<std::optional<GoldenOutcome>> checkGolden(Session &session);

} // namespace ingot

#endif // INGOT_INTEGRITY_INTEGRITY_H
