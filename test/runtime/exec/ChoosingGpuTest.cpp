//===- ChoosingGpuTest.cpp - tokens that a GPU draws ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/exec/GpuModel.h"

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace ingot;
using namespace ingot::test;

namespace {

/// Plans whose entries choose tokens.
class ChoosingGpuTest : public GpuTest {
protected:
  ChoosingGpuTest() {
    plan = makeSamplePlan(folder.path());
    chooseInSample(plan);
    moveToGpu(plan);
  }
  Result<StepOutput> decode(Session &session, int sequence, int32_t token,
                            const TokenDraw &draw) {
    Rows rows{sequence, {&token, 1}, LogitRows::Last, {&draw, 1}};
    return session.decode({&rows, 1});
  }
};

TEST_F(ChoosingGpuTest, TokensComeBackInPlaceOfLogits) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  for (int64_t t = 0; t < 3; ++t) {
    auto out = decode(session, sequence, text[size_t(t)], {.temperature = 0});
    ASSERT_TRUE(out) << out.status().message();
    EXPECT_TRUE(out->logits.empty());
    auto logits = computeReference(text).logitsOf(t, t + 1);
    auto best = std::max_element(logits.begin(), logits.end());
    ASSERT_EQ(out->chosen.size(), 1u);
    EXPECT_EQ(out->chosen[0], best - logits.begin());
  }
  // One graph, which copies the tokens and the hidden rows.
  EXPECT_EQ(count("cuGraphInstantiateWithFlags"), 1);
}

TEST_F(ChoosingGpuTest, TheGpuIsGivenTheDraw) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  for (uint64_t bits : {5, 2}) {
    auto out = decode(session, sequence, 3, {.temperature = 1, .bits = bits});
    ASSERT_TRUE(out) << out.status().message();
    EXPECT_EQ(out->chosen[0], int32_t(bits));
  }
}

TEST_F(ChoosingGpuTest, EachRowHasItsDraw) {
  Session session = startOnGpu();
  int a = *session.addSequence(), b = *session.addSequence();
  const TokenDraw draws[] = {{.temperature = 1, .bits = 6},
                             {.temperature = 1, .bits = 1}};
  Rows rows[] = {
      {a, std::span(text).first(2), LogitRows::Last, {draws, 1}},
      {b, std::span(text).first(1), LogitRows::Last, {draws + 1, 1}}};
  auto out = session.prefill(rows);
  ASSERT_TRUE(out) << out.status().message();
  EXPECT_EQ(std::vector(out->chosen.begin(), out->chosen.end()),
            (std::vector<int32_t>{6, 1}));
}

TEST_F(ChoosingGpuTest, LogitsAreStillToBeHad) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  for (int64_t t = 0; t < 4; ++t) {
    Rows rows{sequence, std::span(text).subspan(t, 1), LogitRows::Last};
    auto out = session.decode({&rows, 1});
    ASSERT_TRUE(out) << out.status().message();
    EXPECT_EQ(toVector(out->logits), computeReference(text).logitsOf(t, t + 1));
    EXPECT_TRUE(out->chosen.empty());
  }
}

TEST_F(ChoosingGpuTest, WithoutDrawsTheBestIsChosen) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  ASSERT_TRUE(decode(session, sequence, 3, {.temperature = 1, .bits = 6}));
  int32_t chosen = -1;
  session.observe([&](const Written &written) {
    if (written.launch == 5)
      chosen = *reinterpret_cast<const int32_t *>(written.data);
  });
  Rows rows{sequence, std::span(text).subspan(1, 1), LogitRows::Last};
  auto out = session.decode({&rows, 1});
  ASSERT_TRUE(out) << out.status().message();
  auto best = std::max_element(out->logits.begin(), out->logits.end());
  EXPECT_EQ(chosen, best - out->logits.begin());
}

TEST_F(ChoosingGpuTest, WhatTheGpuCannotChooseTheHostExplains) {
  // The embedding of token 3 begins with NaN. Behind the table lies as much.
  const int64_t table = kVocab * kHidden * 4;
  std::fstream file(folder.path() + "/model.safetensors",
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-2 * table + 3 * kHidden * 4, std::ios::end);
  const float nan = std::nanf("");
  file.write(reinterpret_cast<const char *>(&nan), sizeof nan);
  file.close();
  plan = makeSamplePlan(folder.path());
  chooseInSample(plan);
  moveToGpu(plan);
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  ASSERT_TRUE(decode(session, sequence, 2, {.temperature = 0}));
  auto out = decode(session, sequence, 3, {.temperature = 0});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().message(), "logit 0 expects a number, got nan");
}

} // namespace
