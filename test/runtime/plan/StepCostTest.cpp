//===- StepCostTest.cpp - costs of steps, counted by hand -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sample plan's step, with rows of 16 bytes: `embed` reads a row of 8 of a
// table and writes one; `attend` reads and writes one, and a row of the cache
// for each cached token; `add` moves three and reads a bias of 16 bytes;
// `logits` reads 128 bytes of weights, a row, and writes 32 bytes. `append` has
// no cost.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/StepCost.h"
#include "test/runtime/plan/SamplePlan.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::test;

namespace {

constexpr uint64_t kRow = 16, kBiasBytes = 16, kHeadBytes = 128;

class StepCostTest : public testing::Test {
protected:
  StepCost count(const StepShape &step) {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(fb::CreatePlan(builder, &plan));
    const auto &packed = *fb::GetPlan(builder.GetBufferPointer());
    return costOf(packed, *packed.entries()->Get(0), step);
  }

  /// Makes `add` one of experts: of 8 parts of 16 bytes a row takes two.
  void chooseTwoParts() {
    cost(3) = fb::Cost(0, true, kBiasBytes, 8, 16, 2, 0, 0, 0, 0, 0);
  }

  fb::Cost &cost(size_t launch) {
    return *plan.entries[0]->steps[launch]->cost;
  }

  fb::PlanT plan = makeSamplePlan();
};

TEST_F(StepCostTest, OneTokenIsDecodedByTheEntryForItWhereThereIsOne) {
  auto entryFor = [&](int64_t tokens) {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(fb::CreatePlan(builder, &plan));
    return std::string(
        decodeEntryFor(*fb::GetPlan(builder.GetBufferPointer()), tokens));
  };
  EXPECT_EQ(entryFor(1), "decode");
  plan.entries.push_back(std::make_unique<fb::EntryT>(*plan.entries[1]));
  plan.entries.back()->name = kSingleDecodeEntry;
  EXPECT_EQ(entryFor(1), "decode_single");
  EXPECT_EQ(entryFor(2), "decode");
}

TEST_F(StepCostTest, ShapeOfAChunk) {
  StepShape step = shapeOfStep(2, 3, 4);
  EXPECT_EQ(step.tokens, 6);
  EXPECT_EQ(step.sequences, 2);
  EXPECT_EQ(step.logitRows, 2);
  EXPECT_EQ(step.cached, 2 * 7);
  EXPECT_EQ(step.pairs, 2 * (5 + 6 + 7));
}

TEST_F(StepCostTest, OneTokenReadsItsRowAndAllElse) {
  StepCost cost = count(shapeOfStep(1, 1, 0));
  EXPECT_EQ(cost.weightBytes, kRow + kBiasBytes + kHeadBytes);
  EXPECT_FALSE(cost.atMost);
}

TEST_F(StepCostTest, EachTokenReadsARow) {
  EXPECT_EQ(count(shapeOfStep(1, 3, 0)).weightBytes,
            3 * kRow + kBiasBytes + kHeadBytes);
}

TEST_F(StepCostTest, NoTableIsReadMoreThanOnce) {
  EXPECT_EQ(count(shapeOfStep(1, 100, 0)).weightBytes,
            kVocab * kRow + kBiasBytes + kHeadBytes);
}

TEST_F(StepCostTest, NoLogitsNoHead) {
  StepShape step = shapeOfStep(1, 3, 0);
  step.logitRows = 0;
  EXPECT_EQ(count(step).weightBytes, 3 * kRow + kBiasBytes);
}

TEST_F(StepCostTest, CacheAndActivationsApart) {
  StepCost cost = count(shapeOfStep(1, 2, 5));
  EXPECT_EQ(cost.cacheBytes, 7 * kRow);
  EXPECT_EQ(cost.activationBytes, 2 * 6 * kRow + kRow + 32);
  EXPECT_EQ(cost.bytes(),
            cost.weightBytes + cost.cacheBytes + cost.activationBytes);
}

TEST_F(StepCostTest, OperationsOfRowsAndOfPairs) {
  // add: 2 rows of 4 values; attend: 6 and 7 tokens; logits: 8 * 4 products.
  EXPECT_EQ(count(shapeOfStep(1, 2, 5)).flops,
            2u * 2 * 4 + (6 + 7) * 4 * 4 + 2 * 8 * 4);
}

TEST_F(StepCostTest, OperationsOfCachedTokens) {
  cost(2) = fb::Cost(0, false, 0, 0, 0, 0, 0, 0, 0, 1000, 16);
  EXPECT_EQ(count(shapeOfStep(1, 1, 5)).flops,
            6u * 1000 + 2 * 4 + 6 * 4 * 4 + 2 * 8 * 4);
}

TEST_F(StepCostTest, ALaunchWithoutRowsRunsOnce) {
  cost(3) = fb::Cost(-1, false, kBiasBytes, 0, 0, 0, 0, 0, 0, 0, 0);
  EXPECT_EQ(count({}).weightBytes, kBiasBytes);
}

TEST_F(StepCostTest, OneTokenReadsTheExpertsItTakes) {
  chooseTwoParts();
  StepCost cost = count(shapeOfStep(1, 1, 0));
  EXPECT_EQ(cost.weightBytes, kRow + kBiasBytes + 2 * 16 + kHeadBytes);
  EXPECT_FALSE(cost.atMost);
}

TEST_F(StepCostTest, SeveralTokensReadAtMostTwoExpertsEach) {
  chooseTwoParts();
  StepCost cost = count(shapeOfStep(1, 3, 0));
  EXPECT_EQ(cost.weightBytes, 3 * kRow + kBiasBytes + 6 * 16 + kHeadBytes);
  EXPECT_TRUE(cost.atMost);
}

TEST_F(StepCostTest, ManyTokensReadNoExpertTwice) {
  chooseTwoParts();
  EXPECT_EQ(count(shapeOfStep(1, 5, 0)).weightBytes,
            5 * kRow + kBiasBytes + 8 * 16 + kHeadBytes);
}

TEST_F(StepCostTest, WhatIsTooLargeIsTheLargestNumber) {
  cost(3) = fb::Cost(0, false, 0, 0, 0, 0, 0, INT64_MAX, 0, 0, 0);
  EXPECT_EQ(count(shapeOfStep(1, 5, 0)).flops, UINT64_MAX);
}

TEST_F(StepCostTest, FindsTheLaunchOfTheLogits) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(fb::CreatePlan(builder, &plan));
  const fb::Entry &step =
      *fb::GetPlan(builder.GetBufferPointer())->entries()->Get(0);
  EXPECT_FALSE(writesLogits(step, *step.steps()->Get(3)));
  EXPECT_TRUE(writesLogits(step, *step.steps()->Get(4)));
}

} // namespace
