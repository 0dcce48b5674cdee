//===- BatchGeneratorTest.cpp - several prompts at once -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sample plan takes 3 sequences, 5 tokens a step and 11 a sequence, and has
// 6 pages where 3 sequences can need 9; so few prompts are enough to wait for
// any of these.
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Generator.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <algorithm>

using namespace ingot;
using namespace ingot::test;

namespace {

using Prompts = std::vector<std::vector<int32_t>>;

class BatchGeneratorTest : public SampleModel {
protected:
  BatchGeneratorTest() : session(start()) {
    options.sampling.temperature = 0;
    options.maxTokens = 4;
  }

  std::vector<GenerateResult> run() {
    auto results =
        generateBatch(session, prompts, options,
                      [&](size_t prompt, const GenerateResult &answer) {
                        told.push_back(prompt);
                        toldTexts.push_back(answer.text);
                      });
    EXPECT_TRUE(results) << results.status().message();
    return results ? *results : std::vector<GenerateResult>(prompts.size());
  }

  /// What `generate` makes of each prompt, in a session of its own.
  std::vector<GenerateResult> runAlone() {
    std::vector<GenerateResult> results;
    for (size_t i = 0; i < prompts.size(); ++i) {
      Session own = start();
      GenerateOptions single = options;
      single.drawSequence += i;
      auto result =
          generate(own, *own.addSequence(), prompts[i], single, nullptr);
      EXPECT_TRUE(result) << result.status().message();
      results.push_back(*result);
    }
    return results;
  }

  void expectSameAsAlone() {
    std::vector<GenerateResult> together = run(), alone = runAlone();
    for (size_t i = 0; i < prompts.size(); ++i) {
      EXPECT_EQ(together[i].ids, alone[i].ids) << "prompt " << i;
      EXPECT_EQ(together[i].text, alone[i].text) << "prompt " << i;
      EXPECT_EQ(together[i].reason, alone[i].reason) << "prompt " << i;
    }
  }

  std::string refusal() {
    auto results = generateBatch(session, prompts, options, nullptr);
    EXPECT_FALSE(results);
    return results.status().message();
  }

  /// How many sequences a session can still take.
  int countFreeSequences() {
    int count = 0;
    while (session.addSequence())
      ++count;
    return count;
  }

  Prompts prompts = {{3, 1, 4}, {1}, {5, 2, 6, 5, 3, 5, 1}};
  GenerateOptions options;
  Session session;
  std::vector<size_t> told;
  std::vector<std::string> toldTexts;
};

TEST_F(BatchGeneratorTest, EachAnswerIsTheOneItsPromptGetsAlone) {
  expectSameAsAlone();
}

TEST_F(BatchGeneratorTest, MorePromptsThanSequencesWait) {
  for (int32_t i = 0; i < 8; ++i)
    prompts.push_back({i, 1, i});
  expectSameAsAlone();
}

TEST_F(BatchGeneratorTest, PromptsWaitForPagesOfTheCache) {
  prompts.assign(4, {1, 2, 3, 4, 5, 6});
  options.maxTokens = 100;
  expectSameAsAlone();
}

TEST_F(BatchGeneratorTest, SequencesOfOthersLeaveFewerPlaces) {
  ASSERT_TRUE(session.addSequence());
  ASSERT_TRUE(session.addSequence());
  expectSameAsAlone();
}

TEST_F(BatchGeneratorTest, DrawsDependOnTheIndexOfThePrompt) {
  prompts.assign(3, {1, 2});
  options.sampling.temperature = 1000; // nearly uniform
  options.sampling.seed = 5;
  options.maxTokens = 8;
  expectSameAsAlone();
  std::vector<GenerateResult> results = run();
  EXPECT_NE(results[0].ids, results[1].ids);
  EXPECT_NE(results[1].ids, results[2].ids);
}

TEST_F(BatchGeneratorTest, AnswersAreToldInTheOrderOfThePrompts) {
  // The second is done first: its answer begins with the stop string.
  std::vector<GenerateResult> alone = runAlone();
  options.stopStrings = {alone[1].text.substr(0, 1)};
  std::vector<GenerateResult> results = run();
  EXPECT_EQ(results[1].reason, FinishReason::StopString);
  EXPECT_EQ(told, (std::vector<size_t>{0, 1, 2}));
  for (size_t i = 0; i < results.size(); ++i)
    EXPECT_EQ(toldTexts[i], results[i].text);
}

TEST_F(BatchGeneratorTest, SequencesAreGoneAtTheEnd) {
  run();
  EXPECT_EQ(countFreeSequences(), kMaxSequences);
}

TEST_F(BatchGeneratorTest, SequencesAreGoneAfterAnError) {
  options.sampling.temperature = -1;
  EXPECT_EQ(
      refusal(),
      "sampling expects a finite temperature of at least 0, got -1.000000");
  EXPECT_EQ(countFreeSequences(), kMaxSequences);
}

TEST_F(BatchGeneratorTest, NoFreeSequenceAtAll) {
  countFreeSequences();
  EXPECT_EQ(refusal(),
            "session expects at most 3 live sequences, got one more");
}

TEST_F(BatchGeneratorTest, EmptyPromptIsNamed) {
  prompts[1].clear();
  EXPECT_EQ(refusal(), "prompt 2 expects at least 1 token, got 0");
}

TEST_F(BatchGeneratorTest, PromptLongerThanTheContextIsNamed) {
  prompts[2].assign(12, 1);
  EXPECT_EQ(refusal(), "prompt 3 expects at most 11 tokens, got 12");
}

TEST_F(BatchGeneratorTest, NoNewTokens) {
  options.maxTokens = 0;
  EXPECT_EQ(refusal(), "generation expects at least 1 new token, got 0");
}

TEST_F(BatchGeneratorTest, NoPromptsNoAnswers) {
  prompts.clear();
  EXPECT_TRUE(run().empty());
}

} // namespace
