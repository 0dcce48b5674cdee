//===- TextTest.cpp - scoring a text --------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Text.h"
#include "test/runtime/eval/EvalFixtures.h"

#include <cmath>
#include <gtest/gtest.h>

namespace ingot::eval {
namespace {

constexpr int32_t kBos = 3;

TextOptions windowsOf(int64_t window, int64_t windows) {
  TextOptions options;
  options.window = window;
  options.windows = windows;
  return options;
}

TEST(Text, WindowsStartWithBosAndDropTheRest) {
  TableModel model;
  std::vector<int32_t> tokens = {0, 1, 2, 3, 0};
  auto report = scoreText(model, tokens, kBos, windowsOf(3, 24), nullptr);
  ASSERT_TRUE(report) << report.status().message();
  EXPECT_EQ(report->windows, 2);
  EXPECT_EQ(report->tokens, 4);
  EXPECT_EQ(model.runs,
            (std::vector<std::vector<int32_t>>{{kBos, 0, 1}, {kBos, 2, 3}}));
}

TEST(Text, LossIsTheMeanOfEveryPrediction) {
  // After 3 the model expects 0, and gets it: -log(e / (e + 3)). After that 0
  // it expects 1 and gets 2: -log(1 / (e + 3)).
  TableModel model;
  std::vector<int32_t> tokens = {0, 2};
  auto report = scoreText(model, tokens, kBos, windowsOf(3, 1), nullptr);
  ASSERT_TRUE(report) << report.status().message();
  double norm = std::log(std::exp(1.0) + 3);
  EXPECT_NEAR(report->nllPerToken, (norm - 1 + norm) / 2, 1e-12);
  EXPECT_NEAR(report->perplexity, std::exp(report->nllPerToken), 1e-12);
}

TEST(Text, AtMostTheWindowsAskedFor) {
  TableModel model;
  std::vector<int32_t> tokens(20, 0);
  auto report = scoreText(model, tokens, kBos, windowsOf(3, 4), nullptr);
  ASSERT_TRUE(report) << report.status().message();
  EXPECT_EQ(report->tokens, 8);
}

TEST(Text, DraftAgreesWhereBothChooseTheSameToken) {
  // The draft is right only where a token follows its predecessor: for 0 after
  // the 3, not for 2 after 0, where it says 0 and the main model 3.
  TableModel model;
  std::vector<int32_t> tokens = {0, 2};
  auto report = scoreText(model, tokens, kBos, windowsOf(3, 1), nullptr);
  ASSERT_TRUE(report) << report.status().message();
  ASSERT_TRUE(report->draftAgreement);
  EXPECT_EQ(*report->draftAgreement, 0.5);
}

TEST(Text, NoDraftNoAgreement) {
  TableModel model;
  model.draftEnabled = false;
  std::vector<int32_t> tokens = {0, 2};
  auto report = scoreText(model, tokens, kBos, windowsOf(3, 1), nullptr);
  ASSERT_TRUE(report) << report.status().message();
  EXPECT_FALSE(report->draftAgreement);
}

TEST(Text, TextShorterThanAWindowIsRefused) {
  TableModel model;
  std::vector<int32_t> tokens = {0, 1};
  auto report = scoreText(model, tokens, kBos, windowsOf(4, 1), nullptr);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.status().message(),
            "the text expects at least 3 tokens to fill a window, got 2");
}

TEST(Text, WindowOfOneTokenIsRefused) {
  TableModel model;
  std::vector<int32_t> tokens = {0, 1};
  auto report = scoreText(model, tokens, kBos, windowsOf(1, 2), nullptr);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.status().message(), "a text is scored in windows of at "
                                       "least 2 tokens, got 2 windows of 1");
}

} // namespace
} // namespace ingot::eval
