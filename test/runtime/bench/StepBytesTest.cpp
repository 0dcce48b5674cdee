//===- StepBytesTest.cpp - bytes of steps, counted by hand ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sample plan's step reads a table of 8 rows of 16 bytes (a row a token), a
// bias of 16 bytes and, for logits, all 8 parts of 16 bytes of `unembed`.
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/StepBytes.h"
#include "test/runtime/plan/SamplePlan.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::test;

namespace {

constexpr uint64_t kRow = 16, kBiasBytes = 16, kHeadBytes = 128;

class StepBytesTest : public testing::Test {
protected:
  StepBytes count(int64_t tokens, int64_t logitRows) {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(fb::CreatePlan(builder, &plan));
    const auto &packed = *fb::GetPlan(builder.GetBufferPointer());
    return countStepBytes(packed, *packed.entries()->Get(0),
                          {tokens, 1, logitRows});
  }

  fb::LaunchT &lastLaunch() { return *plan.entries[0]->steps.back(); }

  /// Makes the last launch one of experts: it takes two parts of `unembed` a
  /// token and writes no logits.
  void chooseTwoParts() {
    auto chosen = std::make_unique<fb::BufferT>();
    chosen->type = fb::ElementType::I32;
    chosen->shape = {fb::Dim(0, kMaxTokens), fb::Dim(-1, 2)};
    plan.buffers.push_back(std::move(chosen));
    lastLaunch().args.emplace_back(fb::ArgKind::Buffer,
                                   uint32_t(plan.buffers.size() - 1));
    lastLaunch().results = {X};
  }

  fb::PlanT plan = makeSamplePlan();
};

TEST_F(StepBytesTest, OneTokenReadsItsRowAndAllElse) {
  StepBytes bytes = count(1, 1);
  EXPECT_EQ(bytes.body, kRow + kBiasBytes);
  EXPECT_EQ(bytes.head, kHeadBytes);
  EXPECT_EQ(bytes.total(), kRow + kBiasBytes + kHeadBytes);
  EXPECT_FALSE(bytes.atMost);
}

TEST_F(StepBytesTest, EachTokenReadsARow) {
  EXPECT_EQ(count(3, 1).body, 3 * kRow + kBiasBytes);
}

TEST_F(StepBytesTest, NoTableIsReadMoreThanOnce) {
  EXPECT_EQ(count(100, 1).body, kVocab * kRow + kBiasBytes);
}

TEST_F(StepBytesTest, NoLogitsNoHead) { EXPECT_EQ(count(3, 0).head, 0u); }

TEST_F(StepBytesTest, AWeightOfTwoLaunchesCountsOnce) {
  plan.entries[0]->steps.push_back(
      std::make_unique<fb::LaunchT>(*plan.entries[0]->steps[3]));
  EXPECT_EQ(count(1, 1).body, kRow + kBiasBytes);
}

TEST_F(StepBytesTest, ATiedTableIsTheHeads) {
  lastLaunch().args.back() = fb::Arg(fb::ArgKind::Weight, Table);
  StepBytes bytes = count(1, 1);
  EXPECT_EQ(bytes.body, kBiasBytes);
  EXPECT_EQ(bytes.head, kVocab * kRow);
}

TEST_F(StepBytesTest, OneTokenReadsTheExpertsItTakes) {
  chooseTwoParts();
  StepBytes bytes = count(1, 1);
  EXPECT_EQ(bytes.body, kRow + kBiasBytes + 2 * kHeadBytes / kVocab);
  EXPECT_EQ(bytes.head, 0u);
  EXPECT_FALSE(bytes.atMost);
}

TEST_F(StepBytesTest, SeveralTokensReadAtMostTwoExpertsEach) {
  chooseTwoParts();
  StepBytes bytes = count(3, 1);
  EXPECT_EQ(bytes.body, 3 * kRow + kBiasBytes + 6 * kHeadBytes / kVocab);
  EXPECT_TRUE(bytes.atMost);
}

TEST_F(StepBytesTest, ManyTokensReadNoExpertTwice) {
  chooseTwoParts();
  EXPECT_EQ(count(5, 1).body, 5 * kRow + kBiasBytes + kHeadBytes);
}

} // namespace
