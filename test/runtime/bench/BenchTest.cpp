//===- BenchTest.cpp - what is measured, not how fast it is ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/Bench.h"
#include "runtime/bench/ReadLoop.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <cstring>

using namespace ingot;
using namespace ingot::test;

namespace {

class BenchTest : public SampleModel {
protected:
  BenchTest() : session(start()) {
    options.promptTokens = 6;
    options.tokens = 2;
    options.batch = 2;
  }

  std::string refusal() {
    auto report = runBench(session, options);
    EXPECT_FALSE(report);
    return report.status().message();
  }

  Session session;
  BenchOptions options;
};

TEST_F(BenchTest, MeasuresBatchesUpToTheOneAskedFor) {
  auto report = runBench(session, options);
  ASSERT_TRUE(report) << report.status().message();
  EXPECT_EQ(report->prefill.tokens, 6);
  EXPECT_GT(report->prefill.tokensPerSecond(), 0);
  // Six rows of 8 operations, 21 pairs of 16; logits of the last row: 64, which
  // are the products.
  EXPECT_EQ(report->prefill.flops, 6u * 8 + 21 * 16 + 64);
  EXPECT_EQ(report->prefill.productFlops, 64u);
  EXPECT_GT(report->prefill.productSeconds, 0);
  EXPECT_LT(report->prefill.productSeconds, report->prefill.seconds * 100);
  EXPECT_GT(report->peakFlops, 1e8);
  EXPECT_TRUE(report->prefillTrace.empty());
  ASSERT_EQ(report->decode.size(), 2u);
  // A row of the table a token, the bias, and 128 bytes for logits.
  EXPECT_EQ(report->decode[0].batch, 1);
  EXPECT_EQ(report->decode[0].cost.weightBytes, 160u);
  EXPECT_EQ(report->decode[0].bodyBytes(), 32u);
  EXPECT_GT(report->decode[0].bodyBytesPerSecond(), 0);
  EXPECT_EQ(report->decode[1].batch, 2);
  EXPECT_EQ(report->decode[1].cost.weightBytes, 176u);
  EXPECT_GT(report->decode[1].tokensPerSecond(), 0);
  EXPECT_TRUE(report->readAnonymous);
  EXPECT_EQ(report->readBytes, kMinReadBytes);
  EXPECT_GT(report->decode[1].readBytesPerSecond, 0);
  EXPECT_GT(report->decode[1].bodyReadBytesPerSecond, 0);
}

TEST_F(BenchTest, TracesKernelsTheSlowestFirst) {
  options.trace = true;
  auto report = runBench(session, options);
  ASSERT_TRUE(report) << report.status().message();
  // Two chunks of each of five launches; three steps.
  ASSERT_EQ(report->prefillTrace.size(), 5u);
  ASSERT_EQ(report->decodeTrace.size(), 5u);
  EXPECT_EQ(report->prefillTrace[0].launches, 2);
  EXPECT_EQ(report->decodeTrace[0].launches, 3);
  for (size_t i = 1; i < 5; ++i)
    EXPECT_LE(report->decodeTrace[i].seconds,
              report->decodeTrace[i - 1].seconds);
  int products = 0;
  for (const KernelTime &kernel : report->decodeTrace)
    products += kernel.product ? kernel.kernel == "sample_logits" : 0;
  EXPECT_EQ(products, 1);
}

TEST_F(BenchTest, LeavesNoSequences) {
  ASSERT_TRUE(runBench(session, options));
  for (int64_t i = 0; i < kMaxSequences; ++i)
    EXPECT_TRUE(session.addSequence());
}

TEST_F(BenchTest, EmptyPrompt) {
  options.promptTokens = 0;
  EXPECT_EQ(refusal(), "bench expects at least 1 token in a prompt, got 0");
}

TEST_F(BenchTest, NoSteps) {
  options.tokens = 0;
  EXPECT_EQ(refusal(), "bench expects at least 1 step, got 0");
}

TEST_F(BenchTest, NoSequences) {
  options.batch = 0;
  EXPECT_EQ(refusal(), "bench expects at least 1 sequence, got 0");
}

TEST_F(BenchTest, BatchLargerThanThePlans) {
  options.batch = 4;
  EXPECT_EQ(refusal(), "bench expects a batch of at most 3, got 4");
}

TEST_F(BenchTest, LongerThanTheContext) {
  options.tokens = 5;
  EXPECT_EQ(refusal(),
            "bench expects fewer than 11 tokens in prompt and steps, got 6 "
            "and 5");
}

TEST(ListBatches, DoublesAndEndsWithTheLast) {
  EXPECT_EQ(listBatches(1), (std::vector<int64_t>{1}));
  EXPECT_EQ(listBatches(6), (std::vector<int64_t>{1, 2, 4, 6}));
  EXPECT_EQ(listBatches(8), (std::vector<int64_t>{1, 2, 4, 8}));
}

TEST(ReadLoop, ReadsEveryByteOfEveryPart) {
  auto pool = ThreadPool::create(2);
  ASSERT_TRUE(pool);
  // Longer than a tile of the loop, and no multiple of its words.
  std::vector<std::byte> longPart((3u << 20) + 13, std::byte(0)),
      shortPart(3, std::byte(1));
  const uint64_t word = 1000;
  std::memcpy(longPart.data() + (2u << 20) - 8, &word, sizeof(word));
  longPart.back() = std::byte(5); // the fifth byte of the last word
  EXPECT_EQ(sumWords({longPart, shortPart}, **pool),
            1000 + (uint64_t(5) << 32) + 0x010101);
}

TEST(ReadLoop, ReadsMemoryOfItsOwnInPlaceOfPartsThatCachesHold) {
  auto pool = ThreadPool::create(2);
  ASSERT_TRUE(pool);
  std::vector<std::byte> part(100);
  auto loop = ReadLoop::create({part}, **pool);
  ASSERT_TRUE(loop) << loop.status().message();
  EXPECT_TRUE(loop->anonymous());
  EXPECT_EQ(loop->bytes(), kMinReadBytes);
  EXPECT_GT(loop->readOn(), 0);
  EXPECT_GT(loop->readOn(), 0);
}

} // namespace
