//===- CompareTest.cpp - two artifacts, step by step ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Diff.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::diff;
using namespace ingot::test;

namespace {

const std::vector<int32_t> kPrompt = {1, 2, 3, 4, 5, 6, 7};

/// The sample model, and beside it one whose plan a test changes.
class Compare : public SampleModel {
protected:
  DiffReport report() {
    auto result = compare(a, *b, kPrompt, options);
    EXPECT_TRUE(result) << result.status().message();
    return result ? *result : DiffReport();
  }
  std::string error(std::span<const int32_t> prompt = kPrompt) {
    if (!b)
      b = start();
    auto result = compare(a, *b, prompt, options);
    EXPECT_FALSE(result);
    return result.status().message();
  }

  /// Column `column` of the logits is that of another token.
  void plantFaultInLogits(size_t column) {
    auto &views = plan.weights[Unembed]->views;
    views[column] = views[column - 1];
    b = start();
  }

  Session a = start();
  std::optional<Session> b;
  DiffOptions options;
};

} // namespace

TEST_F(Compare, EqualArtifactsDoNotDiffer) {
  b = start();
  DiffReport found = report();
  EXPECT_FALSE(found.first);
  // The prompt goes in two chunks, then four tokens.
  EXPECT_EQ(found.tokens, 11);
  // Five of each of prefill, decode and draft.
  EXPECT_EQ(found.launchesA, 15u);
  std::vector<std::string> names;
  for (const StepDifference &step : found.steps) {
    names.push_back(step.entry + " " + step.name);
    EXPECT_EQ(step.distance.maxAbsDiff, 0) << step.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{
                       "prefill embed", "prefill attend", "prefill add",
                       "prefill logits", "decode embed", "decode attend",
                       "decode add", "decode logits", "draft embed",
                       "draft attend", "draft add", "draft logits"}));
}

TEST_F(Compare, FirstDifferenceHasStepCoordinateAndValues) {
  plantFaultInLogits(3);
  DiffReport found = report();
  ASSERT_TRUE(found.first);
  EXPECT_EQ(found.first->name, "logits");
  EXPECT_EQ(found.first->entry, "prefill");
  EXPECT_EQ(found.first->coordinate, "[0, 3]");
  EXPECT_EQ(found.first->firstPosition, 0);
  EXPECT_EQ(found.first->lastPosition, kMaxTokens - 1);
  EXPECT_EQ(found.first->kernelB, "sample_logits");
  // B's column 3 is what its column 2 is in both.
  std::vector<float> logits =
      computeReference(std::span(kPrompt).first(kMaxTokens))
          .logitsOf(kMaxTokens - 1, kMaxTokens);
  EXPECT_EQ(found.first->distance.a, double(logits[3]));
  EXPECT_EQ(found.first->distance.b, double(logits[2]));
  // Nothing runs after the step of the model in which it was found.
  EXPECT_EQ(found.tokens, kMaxTokens);
}

TEST_F(Compare, AllGoesOn) {
  plantFaultInLogits(3);
  options.all = true;
  DiffReport found = report();
  EXPECT_EQ(found.first->lastPosition, kMaxTokens - 1);
  EXPECT_EQ(found.tokens, 11);
}

TEST_F(Compare, ToleranceIsAShareOfTheRms) {
  plantFaultInLogits(3);
  options.tolerance = 1e6;
  EXPECT_FALSE(report().first);
  options.tolerance = 0;
  EXPECT_TRUE(report().first);
}

TEST_F(Compare, StopsAfterAStepWithItsStatistics) {
  plantFaultInLogits(3);
  options.stopAfter = "add";
  DiffReport found = report();
  ASSERT_TRUE(found.stopped);
  EXPECT_EQ(found.stopped->name, "add");
  EXPECT_EQ(found.stopped->a.shape,
            (std::vector<int64_t>{kMaxTokens, kHidden}));
  EXPECT_EQ(found.stopped->a.first, found.stopped->b.first);
  EXPECT_EQ(found.tokens, kMaxTokens);
  // The fault lies behind it.
  EXPECT_FALSE(found.first);
}

TEST_F(Compare, LeavesNothingInTheSessions) {
  b = start();
  for (int i = 0; i < 5; ++i)
    report();
  EXPECT_EQ(*a.addSequence(), 0);
}

TEST_F(Compare, UnknownStep) {
  options.stopAfter = "nowhere";
  EXPECT_EQ(error(),
            "no step 'nowhere' that both artifacts have; --all lists them");
}

TEST_F(Compare, NothingInCommon) {
  for (auto &entry : plan.entries)
    for (auto &launch : entry->steps)
      launch->name += "_b";
  EXPECT_EQ(error(), "the artifacts have no step of one name and size");
}

TEST_F(Compare, OtherNumberOfHiddenStates) {
  plan.entries[0]->steps[2]->tap = "hidden.1";
  EXPECT_EQ(error(), "the artifacts are of different models: expects a number "
                     "of hidden states of 1, got 2");
}

TEST_F(Compare, EmptyPrompt) {
  EXPECT_EQ(error({}), "diff expects a prompt of at least 1 token, got 0");
}

TEST_F(Compare, NegativeSteps) {
  options.steps = -1;
  EXPECT_EQ(error(), "diff expects at least 0 steps, got -1");
}

TEST_F(Compare, MoreTokensThanTheContext) {
  options.steps = 5;
  EXPECT_EQ(error(), "diff expects prompt and steps of at most 11 tokens, got "
                     "7 and 5");
}

TEST_F(Compare, ErrorsOfTheSessionAreReturned) {
  EXPECT_EQ(error(std::vector<int32_t>{8}),
            "rows 0 expect token ids below 8, got 8");
}
