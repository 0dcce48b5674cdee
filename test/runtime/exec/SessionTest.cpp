//===- SessionTest.cpp - steps of a hand-made plan ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Sampler.h"
#include "test/runtime/exec/ReferenceModel.h"

using namespace ingot;
using namespace ingot::test;

namespace {

class SessionTest : public SampleModel {};

const std::vector<int32_t> kText = {3, 1, 4, 1, 5, 2, 6, 5, 3};

TEST_F(SessionTest, AStepComputesThePlan) {
  Session session = start();
  int sequence = *session.addSequence();
  std::vector<int32_t> tokens(kText.begin(), kText.begin() + 5);
  StepOutput out = stepOne(session, sequence, tokens, LogitRows::All);
  ReferenceRows expected = computeReference(tokens);
  EXPECT_EQ(toVector(out.hidden), expected.hidden);
  EXPECT_EQ(toVector(out.logits), expected.logits);
  EXPECT_EQ(session.length(sequence), 5);
}

TEST_F(SessionTest, ChunksOfAnySizeComputeTheSame) {
  Session session = start();
  ReferenceRows expected = computeReference(kText);
  for (int64_t first = 1; first <= 4; ++first) {
    int sequence = *session.addSequence();
    for (int64_t begin = 0; begin < 9;) {
      int64_t end = std::min<int64_t>(begin + first, 9);
      StepOutput out =
          stepOne(session, sequence,
                  std::span(kText).subspan(begin, end - begin), LogitRows::All);
      EXPECT_EQ(toVector(out.hidden), expected.hiddenOf(begin, end));
      EXPECT_EQ(toVector(out.logits), expected.logitsOf(begin, end));
      begin = end;
    }
    session.removeSequence(sequence);
  }
}

TEST_F(SessionTest, SequencesOfABatchDoNotSeeEachOther) {
  Session session = start();
  int a = *session.addSequence(), b = *session.addSequence();
  std::vector<int32_t> first = {1, 2}, second = {5, 6, 7}, more = {3};
  stepOne(session, a, first, LogitRows::None);
  Rows rows[] = {{b, second, LogitRows::None}, {a, more, LogitRows::Last}};
  auto out = session.score(rows);
  ASSERT_TRUE(out);
  std::vector<int32_t> all = {1, 2, 3};
  EXPECT_EQ(toVector(out->hidden.subspan(3 * kHidden)),
            computeReference(all).hiddenOf(2, 3));
  EXPECT_EQ(toVector(out->hidden.first(3 * kHidden)),
            computeReference(second).hidden);
  EXPECT_EQ(toVector(out->logits), computeReference(all).logitsOf(2, 3));
}

TEST_F(SessionTest, OnlyTheRowsAskedForHaveLogits) {
  Session session = start();
  int a = *session.addSequence(), b = *session.addSequence();
  std::vector<int32_t> first = {1, 2}, second = {5, 6};
  Rows rows[] = {{a, first, LogitRows::All}, {b, second, LogitRows::Last}};
  auto out = session.score(rows);
  ASSERT_TRUE(out);
  std::vector<float> expected = computeReference(first).logits;
  std::vector<float> last = computeReference(second).logitsOf(1, 2);
  expected.insert(expected.end(), last.begin(), last.end());
  EXPECT_EQ(toVector(out->logits), expected);
  EXPECT_TRUE(stepOne(session, a, first, LogitRows::None).logits.empty());
}

TEST_F(SessionTest, AnyNumberOfThreadsComputesTheSame) {
  for (int threads : {0, 1, 4}) {
    Session session = start(threads);
    std::span<const int32_t> tokens = std::span(kText).first(4);
    StepOutput out =
        stepOne(session, *session.addSequence(), tokens, LogitRows::All);
    EXPECT_EQ(toVector(out.logits), computeReference(tokens).logits);
  }
}

TEST_F(SessionTest, ObserverSeesWhatEveryLaunchWrites) {
  Session session = start();
  std::vector<std::string> launches;
  std::vector<int64_t> logitsShape;
  session.observe([&](const Written &written) {
    launches.push_back(std::string(written.entry) + " " +
                       std::to_string(written.launch) + "." +
                       std::to_string(written.result));
    logitsShape.assign(written.shape.begin(), written.shape.end());
  });
  std::vector<int32_t> tokens = {2, 7};
  stepOne(session, *session.addSequence(), tokens, LogitRows::Last);
  // One result a launch, and the logits of one row at the end.
  std::vector<std::string> expected;
  for (size_t i = 0; i < plan.entries[0]->steps.size(); ++i)
    expected.push_back("score " + std::to_string(i) + ".0");
  EXPECT_EQ(launches, expected);
  EXPECT_EQ(logitsShape, (std::vector<int64_t>{1, kVocab}));
}

TEST_F(SessionTest, ObserverSeesTheTappedRows) {
  Session session = start();
  std::vector<float> seen;
  session.observe([&](const Written &written) {
    if (written.tap.empty())
      return;
    EXPECT_EQ(written.tap, "hidden.0");
    seen = toVector(written.floats());
  });
  std::vector<int32_t> tokens = {2, 7};
  int sequence = *session.addSequence();
  stepOne(session, sequence, tokens, LogitRows::None);
  std::vector<float> expected;
  for (int32_t token : tokens)
    for (int64_t n = 0; n < kHidden; ++n)
      expected.push_back(tableValue(token, n));
  EXPECT_EQ(seen, expected);

  seen.clear();
  session.observe(nullptr);
  stepOne(session, sequence, tokens, LogitRows::None);
  EXPECT_TRUE(seen.empty());
}

TEST_F(SessionTest, HiddenRowsCanBeLeftOut) {
  auto session = Session::create(load(), {.hiddenRows = false});
  ASSERT_TRUE(session);
  std::vector<int32_t> tokens = {1, 2};
  StepOutput out =
      stepOne(*session, *session->addSequence(), tokens, LogitRows::Last);
  EXPECT_TRUE(out.hidden.empty());
  EXPECT_EQ(toVector(out.logits), computeReference(tokens).logitsOf(1, 2));
}

TEST_F(SessionTest, RowsWithDrawsGetTokens) {
  Session session = start();
  const std::vector<int32_t> tokens = {3, 1, 4};
  const TokenDraw draws[] = {{.temperature = 0},
                             {.temperature = 2, .bits = 7},
                             {.temperature = 2, .bits = ~uint64_t(0)}};
  Rows rows{*session.addSequence(), tokens, LogitRows::All, draws};
  auto out = session.score({&rows, 1});
  ASSERT_TRUE(out) << out.status().message();
  EXPECT_TRUE(out->logits.empty());
  ASSERT_EQ(out->chosen.size(), 3u);
  for (int64_t t = 0; t < 3; ++t)
    EXPECT_EQ(out->chosen[size_t(t)],
              *choose(computeReference(tokens).logitsOf(t, t + 1), draws[t]));
}

TEST_F(SessionTest, DraftHasItsOwnLengthAndCache) {
  Session session = start();
  int sequence = *session.addSequence();
  std::vector<int32_t> tokens = {1, 2, 3, 4}, next = {2, 3, 4};
  StepOutput main = stepOne(session, sequence, tokens, LogitRows::None);
  std::vector<float> hidden = toVector(main.hidden.first(3 * kHidden));
  ReferenceRows expected = computeReference(next, hidden);

  // The first two from the step's own output, which the draft may overwrite.
  Rows rows{sequence, std::span(next).first(2), LogitRows::All};
  auto out = session.draft({&rows, 1}, main.hidden.first(2 * kHidden));
  ASSERT_TRUE(out) << out.status().message();
  EXPECT_EQ(toVector(out->logits), expected.logitsOf(0, 2));
  rows.tokens = std::span(next).last(1);
  out = session.draft({&rows, 1}, std::span(hidden).last(kHidden));
  ASSERT_TRUE(out) << out.status().message();
  EXPECT_EQ(toVector(out->logits), expected.logitsOf(2, 3));

  EXPECT_EQ(session.length(sequence), 4);
  std::vector<int32_t> all = {1, 2, 3, 4, 5};
  StepOutput after =
      stepOne(session, sequence, std::span(all).last(1), LogitRows::Last);
  EXPECT_EQ(toVector(after.logits), computeReference(all).logitsOf(4, 5));
}

TEST_F(SessionTest, TruncateForgetsTokensOfBoth) {
  Session session = start();
  int sequence = *session.addSequence();
  std::vector<int32_t> tokens = {1, 2, 3, 4, 5}, again = {1, 2, 6};
  StepOutput main = stepOne(session, sequence, tokens, LogitRows::None);
  std::vector<float> hidden = toVector(main.hidden);
  Rows rows{sequence, tokens, LogitRows::None};
  ASSERT_TRUE(session.draft({&rows, 1}, hidden));
  ASSERT_TRUE(session.truncate(sequence, 2).ok());
  EXPECT_EQ(session.length(sequence), 2);
  StepOutput out =
      stepOne(session, sequence, std::span(again).last(1), LogitRows::Last);
  EXPECT_EQ(toVector(out.logits), computeReference(again).logitsOf(2, 3));
  rows = {sequence, std::span(again).last(1), LogitRows::Last};
  std::vector<float> row = toVector(std::span(hidden).subspan(8, 4));
  auto draft = session.draft({&rows, 1}, row);
  ASSERT_TRUE(draft);
  EXPECT_EQ(
      toVector(draft->logits),
      computeReference(again, std::span(hidden).first(12)).logitsOf(2, 3));
}

TEST_F(SessionTest, RemovedSequencesGiveTheirPagesBack) {
  Session session = start();
  // 6 pages in all, 3 for each: the third round would not find any.
  for (int round = 0; round < 3; ++round) {
    int a = *session.addSequence(), b = *session.addSequence();
    for (int sequence : {a, b})
      for (std::span<const int32_t> part :
           {std::span(kText).first(5), std::span(kText).last(4)})
        stepOne(session, sequence, part, LogitRows::None);
    session.removeSequence(a);
    session.removeSequence(b);
  }
}

TEST_F(SessionTest, MemoryUseAddsUpArenasAndWeights) {
  Session session = start();
  MemoryUse use = session.memoryUse();
  EXPECT_EQ(use.kvCache, plan.arenas[2]->bytes);
  EXPECT_EQ(use.io, plan.arenas[1]->bytes);
  EXPECT_EQ(use.workspace, plan.arenas[0]->bytes);
  EXPECT_EQ(use.mappedWeights, 2u * 128 + 16);
}

/// Steps that are refused, each by its message, and change nothing.
class RefusedStep : public SampleModel {
protected:
  RefusedStep() : session(start()), sequence(*session.addSequence()) {
    stepOne(session, sequence, before, LogitRows::None);
  }

  void expectRefused(std::span<const Rows> rows, StatusCode code,
                     const std::string &message) {
    auto out = session.score(rows);
    ASSERT_FALSE(out);
    EXPECT_EQ(out.status().code(), code);
    EXPECT_EQ(out.status().message(), message);
    EXPECT_EQ(session.length(sequence), 2);
    // What was there still is, and goes on.
    StepOutput next =
        stepOne(session, sequence, std::span(after).last(1), LogitRows::Last);
    EXPECT_EQ(toVector(next.logits), computeReference(after).logitsOf(2, 3));
  }

  void expectRefused(std::span<const int32_t> tokens, StatusCode code,
                     const std::string &message) {
    Rows rows{sequence, tokens, LogitRows::None};
    expectRefused({&rows, 1}, code, message);
  }

  const std::vector<int32_t> before = {4, 2}, after = {4, 2, 1};
  Session session;
  int sequence;
};

TEST_F(RefusedStep, NoRows) {
  expectRefused(std::span<const Rows>(), StatusCode::InvalidInput,
                "score expects 1 to 3 sequences, got 0");
}

TEST_F(RefusedStep, UnknownSequence) {
  Rows rows{2, before, LogitRows::None};
  expectRefused({&rows, 1}, StatusCode::InvalidInput,
                "rows 0 expect a live sequence, got 2");
}

TEST_F(RefusedStep, SequenceTwice) {
  Rows rows[] = {{sequence, before, LogitRows::None},
                 {sequence, before, LogitRows::None}};
  expectRefused(rows, StatusCode::InvalidInput,
                "rows 1 expect a sequence of their own, got 0 twice");
}

TEST_F(RefusedStep, DrawsForSomeOfItsLogits) {
  const int other = *session.addSequence();
  const TokenDraw draw;
  Rows rows[] = {{sequence, before, LogitRows::Last, {&draw, 1}},
                 {other, before, LogitRows::Last}};
  expectRefused(rows, StatusCode::InvalidInput,
                "rows 1 expect 1 draws, as their step has some, got 0");
}

TEST_F(RefusedStep, NoTokens) {
  expectRefused(std::span<const int32_t>(), StatusCode::InvalidInput,
                "rows 0 expect at least 1 token, got 0");
}

TEST_F(RefusedStep, TokenOutsideTheVocabulary) {
  expectRefused(std::vector<int32_t>{1, 8}, StatusCode::InvalidInput,
                "rows 0 expect token ids below 8, got 8");
  EXPECT_TRUE(session.truncate(sequence, 2).ok());
  expectRefused(std::vector<int32_t>{-1}, StatusCode::InvalidInput,
                "rows 0 expect token ids below 8, got -1");
}

TEST_F(RefusedStep, TooManyTokens) {
  expectRefused(std::vector<int32_t>(6, 1), StatusCode::InvalidInput,
                "score expects at most 5 tokens, got 6");
}

TEST_F(RefusedStep, SequenceOutgrowsTheContext) {
  expectRefused(std::vector<int32_t>(10, 1), StatusCode::OutOfMemory,
                "sequence 0 expects at most 11 tokens, got 2 and 10 more");
}

TEST_F(RefusedStep, TruncateBeyondTheEnd) {
  Status status = session.truncate(sequence, 3);
  EXPECT_EQ(status.message(), "sequence 0 expects a length of 0 to 2, got 3");
  EXPECT_EQ(session.truncate(1, 0).message(),
            "truncate expects a live sequence, got 1");
}

TEST_F(RefusedStep, DraftWithTheWrongNumberOfHiddenRows) {
  Rows rows{sequence, before, LogitRows::None};
  auto out = session.draft({&rows, 1}, std::vector<float>(4));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().message(), "draft expects 8 hidden values, got 4");
}

TEST_F(SessionTest, RowsWithLogitsAreLimitedByThePlan) {
  for (auto &entry : plan.entries)
    entry->bucket[2] = 2;
  for (uint32_t i : {LogitRow, Logits})
    plan.buffers[i]->shape[0] = fb::Dim(2, 2);
  Session session = start();
  std::vector<int32_t> tokens = {1, 2, 3};
  Rows rows{*session.addSequence(), tokens, LogitRows::All};
  auto out = session.score({&rows, 1});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().message(),
            "score expects at most 2 rows with logits, got 3");
}

TEST_F(SessionTest, PagesRunOut) {
  Session session = start();
  int a = *session.addSequence(), b = *session.addSequence(),
      c = *session.addSequence();
  for (int sequence : {a, b})
    for (std::span<const int32_t> part :
         {std::span(kText).first(5), std::span(kText).last(4)})
      stepOne(session, sequence, part, LogitRows::None);
  Rows rows{c, kText, LogitRows::None};
  rows.tokens = rows.tokens.first(5);
  auto out = session.score({&rows, 1});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().code(), StatusCode::OutOfMemory);
  EXPECT_EQ(out.status().message(),
            "score expects 2 free pages of the kv cache, got 0");
}

TEST_F(SessionTest, DraftNeedsADraftEntry) {
  plan.entries.pop_back();
  Session session = start();
  EXPECT_FALSE(session.model().info().hasDraft);
  std::vector<int32_t> tokens = {1};
  Rows rows{*session.addSequence(), tokens, LogitRows::None};
  auto out = session.draft({&rows, 1}, std::vector<float>(4));
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().message(),
            "draft expects a plan with an entry 'draft', got none");
}

TEST_F(SessionTest, TimesEveryLaunch) {
  Session session = start();
  std::vector<std::string> timed;
  session.timeLaunches(
      [&](std::string_view entry, size_t launch, double seconds) {
        timed.push_back(std::string(entry) + " " + std::to_string(launch));
        EXPECT_GE(seconds, 0);
      });
  const int32_t token = 1;
  Rows rows{*session.addSequence(), {&token, 1}, LogitRows::Last};
  ASSERT_TRUE(session.prefill({&rows, 1}));
  session.timeLaunches(nullptr);
  ASSERT_TRUE(session.decode({&rows, 1}));
  EXPECT_EQ(timed,
            (std::vector<std::string>{"prefill 0", "prefill 1", "prefill 2",
                                      "prefill 3", "prefill 4"}));
}

} // namespace
