//===- VerifyGoldenTest.cpp - golden prompts that no model has ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/plan/BrokenPlan.h"

#include <cmath>
#include <limits>

using namespace ingot;
using namespace ingot::test;

namespace {

class VerifyGoldenTest : public BrokenPlan {
protected:
  VerifyGoldenTest() {
    plan.golden_check = std::make_unique<fb::GoldenCheckT>();
    plan.golden_check->max_kl = 1e-6;
    auto prompt = std::make_unique<fb::GoldenPromptT>();
    prompt->tokens = {0, 7, 3};
    prompt->logits.assign(kVocab, 0.5f);
    plan.golden_check->prompts.push_back(std::move(prompt));
  }
  fb::GoldenPromptT &prompt() { return *plan.golden_check->prompts[0]; }
};

TEST_F(VerifyGoldenTest, AcceptsTheSample) {
  EXPECT_TRUE(PlanFile::open(writeSampleArtifact(folder.path(), plan)));
}

TEST_F(VerifyGoldenTest, NoPrompt) {
  plan.golden_check->prompts.clear();
  expectRefused("golden check expects at least one prompt, got 0");
}

TEST_F(VerifyGoldenTest, LimitThatNothingExceeds) {
  for (double limit : {0.0, -1.0}) {
    plan.golden_check->max_kl = limit;
    expectRefused("golden check expects a finite positive max_kl, got " +
                  std::to_string(limit));
  }
  plan.golden_check->max_kl = std::numeric_limits<double>::infinity();
  expectRefused("golden check expects a finite positive max_kl, got inf");
  plan.golden_check->max_kl = std::numeric_limits<double>::quiet_NaN();
  expectRefused("golden check expects a finite positive max_kl, got nan");
}

TEST_F(VerifyGoldenTest, PromptWithoutTokens) {
  prompt().tokens.clear();
  expectRefused("golden prompt 0 expects a number of tokens of 1 to 11, got 0");
}

TEST_F(VerifyGoldenTest, PromptBeyondTheContext) {
  prompt().tokens.assign(kMaxContext + 1, 1);
  expectRefused(
      "golden prompt 0 expects a number of tokens of 1 to 11, got 12");
}

TEST_F(VerifyGoldenTest, TokenOutsideTheVocabulary) {
  prompt().tokens[1] = 8;
  expectRefused("golden prompt 0 expects tokens of 0 to 7, got 8");
  prompt().tokens[1] = -1;
  expectRefused("golden prompt 0 expects tokens of 0 to 7, got -1");
}

TEST_F(VerifyGoldenTest, LogitsOfAnotherVocabulary) {
  prompt().logits.pop_back();
  expectRefused("golden prompt 0 expects 8 logits, got 7");
}

TEST_F(VerifyGoldenTest, LogitThatIsNoNumber) {
  prompt().logits[3] = NAN;
  expectRefused("golden prompt 0 expects finite logits, got nan");
}

} // namespace
