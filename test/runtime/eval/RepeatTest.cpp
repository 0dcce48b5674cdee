//===- RepeatTest.cpp - the same bits, and what asks for too much ---------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Repeat.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <gtest/gtest.h>

namespace ingot::test {
namespace {

class Repeat : public SampleModel {
protected:
  Repeat() : session(start()) {
    options.runs = 3;
    options.promptTokens = 5;
    options.steps = 3;
  }
  std::string refusal() {
    auto report = eval::checkRepeats(session, options);
    EXPECT_FALSE(report);
    return report.status().message();
  }

  Session session;
  eval::RepeatOptions options;
};

TEST_F(Repeat, ComparesRunsAndABatch) {
  auto report = eval::checkRepeats(session, options);
  ASSERT_TRUE(report) << report.status().message();
  EXPECT_EQ(report->runs, 3);
  EXPECT_EQ(report->differingRuns, 0);
  // No more than the model takes.
  EXPECT_EQ(report->batch, kMaxSequences);
  EXPECT_EQ(report->rows, 3 * kMaxSequences);
  EXPECT_EQ(report->differingRows, 0);
  EXPECT_TRUE(report->passed());
}

TEST_F(Repeat, LeavesNoSequences) {
  ASSERT_TRUE(eval::checkRepeats(session, options));
  for (int64_t i = 0; i < kMaxSequences; ++i)
    EXPECT_TRUE(session.addSequence());
}

TEST_F(Repeat, EitherDifferenceIsAFailure) {
  eval::RepeatReport report;
  EXPECT_TRUE(report.passed());
  report.differingRuns = 1;
  EXPECT_FALSE(report.passed());
  report = {};
  report.differingRows = 1;
  EXPECT_FALSE(report.passed());
}

TEST_F(Repeat, NoRuns) {
  options.runs = 0;
  EXPECT_EQ(refusal(), "repeating expects at least 1 run, got 0");
}

TEST_F(Repeat, NoBatch) {
  options.batch = -1;
  EXPECT_EQ(refusal(), "repeating expects at least 1 sequence, got -1");
}

TEST_F(Repeat, LongerThanTheContext) {
  options.steps = kMaxContext - 4;
  EXPECT_EQ(refusal(), "repeating expects at most 11 tokens in prompt and "
                       "steps, got 5 and 7");
}

} // namespace
} // namespace ingot::test
