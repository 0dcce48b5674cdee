//===- ReferenceModel.h - the sample plan, computed by hand -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What SamplePlan.h says the plan computes, in plain loops without pages,
// chunks or batches; and a fixture that loads the plan.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_EXEC_REFERENCEMODEL_H
#define INGOT_TEST_EXEC_REFERENCEMODEL_H

#include "ingot/Runtime.h"
#include "test/runtime/plan/SamplePlan.h"
#include "test/runtime/storage/TempFolder.h"

#include <cstdint>
#include <span>
#include <vector>

namespace ingot::test {

/// Of one sequence from its start: [t, n] and [t, v].
struct ReferenceRows {
  std::vector<float> hidden, logits;

  /// Values of rows [begin, end).
  std::vector<float> hiddenOf(int64_t begin, int64_t end) const;
  std::vector<float> logitsOf(int64_t begin, int64_t end) const;
};

/// The step entry, or the draft entry if `hiddenIn` is not empty.
ReferenceRows computeReference(std::span<const int32_t> tokens,
                               std::span<const float> hiddenIn = {});

inline std::vector<float> toVector(std::span<const float> values) {
  return {values.begin(), values.end()};
}

/// Bytes of the shared object with the sample plan's kernels.
std::string readSampleKernels();

/// A folder with the sample's weights and artifact. Tests may change the plan
/// before it is written.
class SampleModel : public testing::Test {
protected:
  SampleModel();

  /// Writes `plan` and loads it.
  std::shared_ptr<const Model> load();
  /// The same with a session of `threads` threads.
  Session start(int threads = 2);

  storage::test::TempFolder folder;
  fb::PlanT plan;
};

/// Steps one sequence; fails the test if the session refuses.
StepOutput stepOne(Session &session, int sequence,
                   std::span<const int32_t> tokens, LogitRows logits);

} // namespace ingot::test

#endif // INGOT_TEST_EXEC_REFERENCEMODEL_H
