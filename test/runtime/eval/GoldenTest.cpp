//===- GoldenTest.cpp - comparing a model with golden outputs -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Golden.h"
#include "test/runtime/eval/EvalFixtures.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace ingot::eval {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

GoldenReport compare(TableModel &model, const GoldenBuilder &golden,
                     GoldenOptions options = {}) {
  auto report = compareWithGolden(model, golden.open(), options, nullptr);
  EXPECT_TRUE(report) << report.status().message();
  return report ? *report : GoldenReport();
}

/// The message with which the file is refused, after its path.
std::string refusal(const GoldenBuilder &golden, GoldenOptions options = {}) {
  TableModel model;
  auto report = compareWithGolden(model, golden.open(), options, nullptr);
  EXPECT_FALSE(report);
  EXPECT_TRUE(model.runs.empty()) << "a bad file must be refused at once";
  std::string message = report ? "" : report.status().message();
  size_t at = message.find("golden.safetensors");
  return at == std::string::npos ? message : message.substr(at);
}

TEST(Golden, EqualModelDiffersNowhere) {
  TableModel model;
  GoldenReport report = compare(model, GoldenBuilder());
  EXPECT_EQ(report.prompt.positions, 6);
  EXPECT_EQ(report.prompt.maxAbsDiff, 0);
  EXPECT_EQ(report.prompt.meanKl, 0);
  EXPECT_EQ(report.prompt.top1Agreement, 1);
  EXPECT_EQ(report.longContext.positions, 2);
  EXPECT_EQ(report.longContext.maxAbsDiff, 0);
  ASSERT_TRUE(report.draft);
  EXPECT_EQ(report.draft->positions, 4);
  EXPECT_EQ(report.draft->maxAbsDiff, 0);
  EXPECT_EQ(report.greedy.steps, 3);
  EXPECT_EQ(report.greedy.mismatches, 0);
  EXPECT_FALSE(report.greedy.worst);
  EXPECT_FALSE(report.hidden);
}

TEST(Golden, MeanKlIsOfGoldenAgainstOursInNats) {
  // One row of six says {0, 0, 0, 0} where ours says {0, 1, 0, 0}:
  // KL = log((3 + e) / 4) - 1/4.
  GoldenBuilder golden;
  golden.poke("prompt_logits", 1, 0);
  TableModel model;
  GoldenReport report = compare(model, golden);
  EXPECT_NEAR(report.prompt.meanKl,
              (std::log((3 + std::exp(1.0)) / 4) - 0.25) / 6, 1e-12);
  EXPECT_EQ(report.prompt.maxAbsDiff, 1);
  EXPECT_NEAR(report.prompt.top1Agreement, 5.0 / 6, 1e-12);
}

TEST(Golden, NaNLogitIsNotAgreement) {
  TableModel model;
  model.fault = [](Evaluation &evaluation) {
    evaluation.logits.front() = kNaN;
  };
  GoldenReport report = compare(model, GoldenBuilder());
  EXPECT_TRUE(std::isnan(report.prompt.maxAbsDiff));
  EXPECT_TRUE(std::isnan(report.prompt.meanKl));
}

TEST(Golden, ModelWithoutDraftReportsNone) {
  TableModel model;
  model.draftEnabled = false;
  EXPECT_FALSE(compare(model, GoldenBuilder()).draft);
}

TEST(Golden, FileWithoutDraftReportsNone) {
  GoldenBuilder golden;
  golden.erase("mtp0_logits");
  TableModel model;
  EXPECT_FALSE(compare(model, golden).draft);
}

TEST(Golden, GreedyIsTeacherForcedAlongGoldenTokens) {
  // The golden path leaves the model's own at step 1 (token 0 instead of 2);
  // step 2 sees the golden 0 and agrees on 1 again.
  GoldenBuilder golden;
  golden.setIds("greedy0_ids", {3}, {1, 0, 1});
  TableModel model;
  GoldenReport report = compare(model, golden);
  EXPECT_EQ(report.greedy.mismatches, 1);
  ASSERT_TRUE(report.greedy.worst);
  EXPECT_EQ(report.greedy.worst->step, 1);
  EXPECT_EQ(report.greedy.worst->golden, 0);
  EXPECT_EQ(report.greedy.worst->ours, 2);
  EXPECT_EQ(model.runs.back(), (std::vector<int32_t>{3, 0, 1, 0}));
}

TEST(Golden, GreedyMismatchWithinMarginIsExcused) {
  GoldenBuilder golden;
  golden.setIds("greedy0_ids", {3}, {0, 0, 0});
  golden.setFloats("greedy0_margin", {3}, {0.5f, 0.25f, 0.25f});
  TableModel model;
  GoldenOptions options;
  options.margin = 0.25;
  GoldenReport report = compare(model, golden, options);
  EXPECT_EQ(report.greedy.mismatches, 3);
  EXPECT_EQ(report.greedy.mismatchesBeyondMargin, 1);
  EXPECT_EQ(report.greedy.worst->margin, 0.5);
}

TEST(Golden, EveryGreedySequenceCounts) {
  GoldenBuilder golden;
  golden.setIds("greedy1_prompt", {1}, {0});
  golden.setIds("greedy1_ids", {2}, {1, 2});
  golden.setFloats("greedy1_margin", {2}, {1, 1});
  TableModel model;
  EXPECT_EQ(compare(model, golden).greedy.steps, 5);
}

TEST(Golden, ProgressCountsEveryRun) {
  TableModel model;
  std::vector<int64_t> seen;
  auto report = compareWithGolden(
      model, GoldenBuilder().open(), {}, [&](int64_t done, int64_t total) {
        EXPECT_EQ(total, 6); // 2 prompts, their drafts, long, greedy
        seen.push_back(done);
      });
  ASSERT_TRUE(report);
  EXPECT_EQ(seen, (std::vector<int64_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Golden, MissingTensorIsNamed) {
  GoldenBuilder golden;
  golden.erase("long_ids");
  EXPECT_EQ(refusal(golden), "golden.safetensors: no tensor 'long_ids'");
}

TEST(Golden, WrongTypeIsNamed) {
  GoldenBuilder golden;
  golden.setFloats("prompt_ids", {2, 3}, {0, 1, 2, 1, 2, 3});
  EXPECT_EQ(refusal(golden), "golden.safetensors: tensor 'prompt_ids' expects "
                             "type I32, got F32");
}

TEST(Golden, WrongShapeIsNamed) {
  GoldenBuilder golden;
  golden.setFloats("prompt_logits", {2, 3, 1}, {0, 0, 0, 0, 0, 0});
  EXPECT_EQ(refusal(golden), "golden.safetensors: tensor 'prompt_logits' "
                             "expects shape [2, 3, 4], got [2, 3, 1]");
}

TEST(Golden, EmptyPromptIsRefused) {
  GoldenBuilder golden;
  golden.setIds("greedy0_prompt", {0}, {});
  EXPECT_EQ(refusal(golden), "golden.safetensors: tensor 'greedy0_prompt' "
                             "expects shape [?], got [0]");
}

TEST(Golden, MarginOfAnotherLengthIsRefused) {
  GoldenBuilder golden;
  golden.setFloats("greedy0_margin", {2}, {1, 1});
  EXPECT_EQ(refusal(golden), "golden.safetensors: tensor 'greedy0_margin' "
                             "expects shape [3], got [2]");
}

TEST(Golden, IdOutsideTheVocabularyIsRefused) {
  for (int32_t bad : {-1, 4}) {
    GoldenBuilder golden;
    golden.setIds("long_ids", {1, 6}, {0, 1, 2, 3, 0, bad});
    EXPECT_EQ(refusal(golden), "golden.safetensors: tensor 'long_ids' expects "
                               "ids in [0, 4), got " +
                                   std::to_string(bad));
  }
}

TEST(Golden, MoreLongLogitsThanPositionsAreRefused) {
  GoldenBuilder golden;
  golden.setIds("long_ids", {1, 1}, {0});
  EXPECT_EQ(refusal(golden), "golden.safetensors: tensor 'long_last_logits' "
                             "expects at most 1 positions, got 2");
}

TEST(Golden, HiddenOfAnotherWidthIsRefused) {
  GoldenBuilder golden;
  golden.setFloats("prompt0_hidden", {1, 3, 1}, {0, 0, 0});
  GoldenOptions options;
  options.hidden = true;
  EXPECT_EQ(refusal(golden, options),
            "golden.safetensors: tensor 'prompt0_hidden' expects shape [?, 3, "
            "2], got [1, 3, 1]");
}

TEST(Golden, FailureOfTheModelIsPassedOn) {
  class Failing : public TableModel {
    Result<std::vector<float>> draft(std::span<const int32_t>,
                                     std::span<const float>) override {
      return outOfMemory("no pages");
    }
  } model;
  auto report = compareWithGolden(model, GoldenBuilder().open(), {}, nullptr);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.status().code(), StatusCode::OutOfMemory);
}

} // namespace
} // namespace ingot::eval
