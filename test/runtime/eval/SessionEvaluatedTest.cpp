//===- SessionEvaluatedTest.cpp - running plans under evaluation ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/SessionEvaluated.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <gtest/gtest.h>

namespace ingot::test {
namespace {

/// Longer than one step takes (kMaxTokens), so that it runs in chunks.
const std::vector<int32_t> kLong = {1, 6, 3, 0, 5, 2, 7};

class SessionEvaluated : public SampleModel {};

TEST_F(SessionEvaluated, ChunksGiveTheRowsOfOneRun) {
  Session session = start();
  eval::SessionEvaluated model(session);
  auto output = model.run(kLong, int64_t(kLong.size()), /*taps=*/false);
  ASSERT_TRUE(output) << output.status().message();
  ReferenceRows reference = computeReference(kLong);
  EXPECT_EQ(output->logits, reference.logits);
  EXPECT_EQ(output->hidden, reference.hidden);
  EXPECT_TRUE(output->taps.empty());
}

TEST_F(SessionEvaluated, LastRowsMayBeginInsideAChunk) {
  Session session = start();
  eval::SessionEvaluated model(session);
  ReferenceRows reference = computeReference(kLong);
  for (int64_t rows : {0, 1, 2, 3, 5}) {
    auto output = model.run(kLong, rows, /*taps=*/false);
    ASSERT_TRUE(output) << output.status().message();
    int64_t end = int64_t(kLong.size());
    EXPECT_EQ(output->logits, reference.logitsOf(end - rows, end)) << rows;
  }
}

TEST_F(SessionEvaluated, TapsOfAllChunksAreJoined) {
  Session session = start();
  eval::SessionEvaluated model(session);
  auto output = model.run(kLong, 1, /*taps=*/true);
  ASSERT_TRUE(output) << output.status().message();
  ASSERT_EQ(output->taps.size(), 1u);
  EXPECT_EQ(output->taps[0].name, "hidden.0");
  std::vector<float> embedding;
  for (int32_t token : kLong)
    for (int64_t column = 0; column < kHidden; ++column)
      embedding.push_back(tableValue(token, column));
  EXPECT_EQ(output->taps[0].values, embedding);
}

TEST_F(SessionEvaluated, DraftTakesEachChunkItsHiddenRows) {
  Session session = start();
  eval::SessionEvaluated model(session);
  std::vector<float> hidden;
  for (size_t i = 0; i < kLong.size() * kHidden; ++i)
    hidden.push_back(float(i % 5));
  auto logits = model.draft(kLong, hidden);
  ASSERT_TRUE(logits) << logits.status().message();
  EXPECT_EQ(*logits, computeReference(kLong, hidden).logits);
}

TEST_F(SessionEvaluated, SequencesAreFreedAfterSuccessAndFailure) {
  Session session = start();
  eval::SessionEvaluated model(session);
  std::vector<int32_t> tooLong(size_t(kMaxContext) + 1, 0);
  for (int64_t i = 0; i < kMaxSequences + 1; ++i) {
    EXPECT_TRUE(model.run(kLong, 1, /*taps=*/true));
    EXPECT_FALSE(model.run(tooLong, 1, /*taps=*/false));
  }
}

} // namespace
} // namespace ingot::test
