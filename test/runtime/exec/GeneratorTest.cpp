//===- GeneratorTest.cpp - greedy text of the sample plan -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Generator.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <algorithm>

using namespace ingot;
using namespace ingot::test;

namespace {

/// Continues `tokens` by the best token `count` times.
std::vector<int32_t> continueGreedily(std::vector<int32_t> tokens, int count) {
  std::vector<int32_t> drawn;
  for (int i = 0; i < count; ++i) {
    ReferenceRows rows = computeReference(tokens);
    auto last = rows.logits.end() - kVocab;
    drawn.push_back(int32_t(std::max_element(last, rows.logits.end()) - last));
    tokens.push_back(drawn.back());
  }
  return drawn;
}

std::string spell(std::span<const int32_t> ids) {
  std::string text;
  for (int32_t id : ids)
    text += char('a' + id);
  return text;
}

class GeneratorTest : public SampleModel {
protected:
  GeneratorTest() : session(start()), sequence(*session.addSequence()) {
    options.sampling.temperature = 0;
  }

  GenerateResult run() {
    auto result = generate(session, sequence, prompt, options,
                           [&](std::string_view text) { streamed += text; });
    EXPECT_TRUE(result) << result.status().message();
    return result ? *result : GenerateResult();
  }

  std::string refusal() {
    auto result = generate(session, sequence, prompt, options, nullptr);
    EXPECT_FALSE(result);
    return result.status().message();
  }

  // Longer than a step.
  std::vector<int32_t> prompt = {3, 1, 4, 1, 5, 2};
  GenerateOptions options;
  Session session;
  int sequence;
  std::string streamed;
};

TEST_F(GeneratorTest, GreedyTokensAreThoseOfTheReference) {
  options.maxTokens = 4;
  GenerateResult result = run();
  EXPECT_EQ(result.ids, continueGreedily(prompt, 4));
  EXPECT_EQ(result.text, spell(result.ids));
  EXPECT_EQ(streamed, result.text);
  EXPECT_EQ(result.reason, FinishReason::MaxTokens);
  // The last token was drawn, not run.
  EXPECT_EQ(session.length(sequence), 9);
}

TEST_F(GeneratorTest, TimingsCountTokens) {
  options.maxTokens = 3;
  GenerateTimings timings = run().timings;
  EXPECT_EQ(timings.promptTokens, 6);
  EXPECT_EQ(timings.newTokens, 3);
  EXPECT_GT(timings.prefillTokensPerSecond(), 0);
  EXPECT_GT(timings.decodeTokensPerSecond(), 0);
  EXPECT_GE(timings.firstTokenSeconds, timings.prefillSeconds);
}

TEST_F(GeneratorTest, StopIdEndsTheAnswerAndIsNotPartOfIt) {
  std::vector<int32_t> greedy = continueGreedily(prompt, 4);
  options.stopIds = {greedy[1]};
  size_t expected = greedy[0] == greedy[1] ? 0 : 1;
  GenerateResult result = run();
  EXPECT_EQ(result.reason, FinishReason::StopId);
  EXPECT_EQ(result.ids.size(), expected);
}

TEST_F(GeneratorTest, StopStringEndsTheAnswerAndIsNotPartOfIt) {
  options.maxTokens = 5;
  std::string greedy = spell(continueGreedily(prompt, 5));
  options.stopStrings = {greedy.substr(1, 2)};
  std::string expected = greedy.substr(0, greedy.find(options.stopStrings[0]));
  GenerateResult result = run();
  EXPECT_EQ(result.reason, FinishReason::StopString);
  EXPECT_EQ(result.text, expected);
  EXPECT_EQ(streamed, expected);
}

TEST_F(GeneratorTest, FullContextEndsTheAnswer) {
  options.maxTokens = 100;
  GenerateResult result = run();
  EXPECT_EQ(result.reason, FinishReason::MaxContext);
  EXPECT_EQ(session.length(sequence), kMaxContext);
  EXPECT_EQ(result.ids, continueGreedily(prompt, 6));
}

TEST_F(GeneratorTest, SecondTurnContinuesTheSequence) {
  options.maxTokens = 2;
  std::vector<int32_t> all = prompt;
  std::vector<int32_t> first = run().ids;
  all.insert(all.end(), first.begin(), first.end());
  // The turn brings the token that has not run yet, and its own.
  prompt = {first.back(), 4};
  all.push_back(4);
  EXPECT_EQ(run().ids, continueGreedily(all, 2));
}

TEST_F(GeneratorTest, SamplingDependsOnSeedAndPositionOnly) {
  options.sampling.temperature = 1000; // nearly uniform
  options.maxTokens = 5;
  std::vector<int32_t> first = run().ids;
  ASSERT_TRUE(session.truncate(sequence, 0).ok());
  EXPECT_EQ(run().ids, first);
  ASSERT_TRUE(session.truncate(sequence, 0).ok());
  options.sampling.seed = 1;
  EXPECT_NE(run().ids, first);
}

TEST_F(GeneratorTest, EmptyPrompt) {
  prompt.clear();
  EXPECT_EQ(refusal(), "prompt expects at least 1 token, got 0");
}

TEST_F(GeneratorTest, NoNewTokens) {
  options.maxTokens = 0;
  EXPECT_EQ(refusal(), "generation expects at least 1 new token, got 0");
}

TEST_F(GeneratorTest, PromptLongerThanTheContext) {
  prompt.assign(12, 1);
  EXPECT_EQ(refusal(), "prompt expects at most 11 tokens, got 12");
  EXPECT_EQ(session.length(sequence), 0);
}

TEST(FinishReason, NamesAreThoseOfTheApi) {
  EXPECT_EQ(name(FinishReason::StopId), "stop");
  EXPECT_EQ(name(FinishReason::StopString), "stop_string");
  EXPECT_EQ(name(FinishReason::MaxTokens), "length");
  EXPECT_EQ(name(FinishReason::MaxContext), "context");
}

} // namespace
