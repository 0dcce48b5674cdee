//===- SamplerTest.cpp - drawing tokens -------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

using namespace ingot;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

int32_t draw(const std::vector<float> &logits, const SamplingOptions &options,
             uint64_t sequence = 0, uint64_t position = 0) {
  Result<int32_t> token = sample(logits, options, sequence, position);
  EXPECT_TRUE(token) << token.status().message();
  return token ? *token : -1;
}

std::string refusal(const std::vector<float> &logits,
                    const SamplingOptions &options = {}) {
  return sample(logits, options, 0, 0).status().message();
}

/// How often each token is drawn at 20,000 positions.
std::vector<double> frequencies(const std::vector<float> &logits,
                                const SamplingOptions &options) {
  constexpr int draws = 20'000;
  std::vector<double> counts(logits.size());
  for (int position = 0; position < draws; ++position)
    counts[draw(logits, options, 1, position)] += 1.0 / draws;
  return counts;
}

// The vectors of the Random123 distribution (kat_vectors, philox4x32 10).
TEST(Sampler, PhiloxGivesItsKnownAnswers) {
  using Words = std::array<uint32_t, 4>;
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            Words({0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}),
            Words({0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                       {0xa4093822, 0x299f31d0}),
            Words({0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Sampler, TemperatureZeroTakesTheBest) {
  EXPECT_EQ(draw({1, 5, 3}, {.temperature = 0}), 1);
}

TEST(Sampler, OfEqualLogitsTheLowerIndexIsBetter) {
  EXPECT_EQ(draw({1, 5, 5}, {.temperature = 0}), 1);
  EXPECT_EQ(draw({1, 5, 5}, {.topK = 1}), 1);
  EXPECT_EQ(draw({1, 5, 5}, {.topP = 0.1f}), 1);
}

// Four standard deviations at 20,000 draws are under 0.0142.
TEST(Sampler, DrawsInProportion) {
  auto found = frequencies({std::log(1.f), std::log(2.f), std::log(5.f)}, {});
  EXPECT_NEAR(found[0], 0.125, 0.0142);
  EXPECT_NEAR(found[1], 0.25, 0.0142);
  EXPECT_NEAR(found[2], 0.625, 0.0142);
}

TEST(Sampler, TemperatureFlattens) {
  // exp(log(x) / 2) is the square root.
  auto found = frequencies({std::log(1.f), std::log(9.f)}, {.temperature = 2});
  EXPECT_NEAR(found[0], 0.25, 0.0142);
}

TEST(Sampler, TopKKeepsTheBestInProportion) {
  auto found =
      frequencies({std::log(1.f), std::log(3.f), std::log(2.f)}, {.topK = 2});
  EXPECT_EQ(found[0], 0);
  EXPECT_NEAR(found[1], 0.6, 0.0142);
}

// Probabilities 0.5, 0.3, 0.2: 0.79 needs two tokens, 0.81 all three.
TEST(Sampler, TopPKeepsTheSmallestSetThatReachesIt) {
  std::vector<float> logits = {std::log(2.f), std::log(5.f), std::log(3.f)};
  auto two = frequencies(logits, {.topP = 0.79f});
  EXPECT_EQ(two[0], 0);
  EXPECT_NEAR(two[1], 0.625, 0.0142);
  EXPECT_GT(frequencies(logits, {.topP = 0.81f})[0], 0.18);
}

TEST(Sampler, TopPCountsWhatTopKLeaves) {
  // Of 4 and 3 alone the first has 0.57: enough for 0.5.
  auto found = frequencies({std::log(4.f), std::log(3.f), std::log(3.f)},
                           {.topK = 2, .topP = 0.5f});
  EXPECT_EQ(found[1], 0);
  EXPECT_EQ(found[2], 0);
}

// Many tokens that hardly weigh anything are set aside before the sort.
TEST(Sampler, TopPAmongManyTokens) {
  std::vector<float> logits(10'000, 0.f);
  logits[7000] = 20;
  logits[8000] = 19;
  std::set<int32_t> drawn;
  for (int position = 0; position < 100; ++position)
    drawn.insert(draw(logits, {.topP = 0.99f}, 0, position));
  EXPECT_EQ(drawn, std::set<int32_t>({7000, 8000}));
}

// What remains of equal tokens is the first of them.
TEST(Sampler, LimitsCutThroughEqualTokens) {
  std::vector<float> logits(100, 1.f);
  logits[50] = -0.f;
  logits[51] = 0.f;
  std::set<int32_t> byCount, byShare, both;
  for (int position = 0; position < 2000; ++position) {
    byCount.insert(draw(logits, {.topK = 5}, 0, position));
    byShare.insert(draw(logits, {.topP = 0.04f}, 0, position));
    both.insert(draw(logits, {.topK = 10, .topP = 0.41f}, 0, position));
  }
  EXPECT_EQ(byCount, std::set<int32_t>({0, 1, 2, 3, 4}));
  EXPECT_EQ(byShare, std::set<int32_t>({0, 1, 2, 3}));
  EXPECT_EQ(both, std::set<int32_t>({0, 1, 2, 3, 4}));
  // Both zeros are the same logit.
  EXPECT_EQ(draw({-0.f, 0.f}, {.topK = 1}), 0);
  EXPECT_EQ(draw({0.f, -0.f}, {.topK = 1}), 0);
}

TEST(Sampler, AShareHoweverSmallKeepsTheBest) {
  EXPECT_EQ(draw({1, 5, 3}, {.topP = 1e-30f}), 1);
}

TEST(Sampler, WeightsAreExponentials) {
  for (int hundredths = 0; hundredths < 2750; ++hundredths)
    for (float temperature : {0.25f, 1.f, 3.f}) {
      const float difference = float(hundredths) * 0.01f;
      const double expected =
          std::exp(-double(difference) / temperature) * 0x1p40;
      const double got = double(drawWeight(3 - difference, 3, temperature));
      ASSERT_NEAR(got, expected, expected * 1e-5 + 1) << difference;
    }
  EXPECT_EQ(drawWeight(3, 3, 1e-45f), uint64_t(1) << kWeightBits);
  EXPECT_EQ(drawWeight(3, 1e38f, 1e-45f), 0u);
  EXPECT_EQ(drawWeight(-infinity, 3, 1), 0u);
}

TEST(Sampler, DrawDependsOnSeedSequenceAndPosition) {
  std::vector<float> logits(1000, 0.f);
  int32_t token = draw(logits, {.seed = 1}, 2, 3);
  EXPECT_EQ(draw(logits, {.seed = 1}, 2, 3), token);
  EXPECT_NE(draw(logits, {.seed = 4}, 2, 3), token);
  EXPECT_NE(draw(logits, {.seed = 1}, 4, 3), token);
  EXPECT_NE(draw(logits, {.seed = 1}, 2, 4), token);
  EXPECT_NE(draw(logits, {.seed = 1}, 2 + (1ull << 32), 3), token);
}

TEST(Sampler, MaskedTokenIsNeverDrawn) {
  auto found = frequencies({0, -infinity, 0}, {});
  EXPECT_EQ(found[1], 0);
}

TEST(Sampler, LogitThatIsNoNumber) {
  EXPECT_EQ(refusal({0, std::nanf("")}), "logit 1 expects a number, got nan");
  EXPECT_EQ(refusal({infinity}), "logit 0 expects a number, got inf");
  EXPECT_EQ(refusal({0, std::nanf("")}, {.temperature = 0}),
            "logit 1 expects a number, got nan");
}

TEST(Sampler, NothingToDraw) {
  EXPECT_EQ(refusal({}), "sampling expects 1 to 8388607 logits, got 0");
  EXPECT_EQ(refusal({-infinity, -infinity}),
            "sampling expects a token to choose, got 2 logits of -inf");
}

TEST(Sampler, OptionsOutOfRange) {
  EXPECT_EQ(refusal({0}, {.temperature = -1}),
            "sampling expects a finite temperature of at least 0, got "
            "-1.000000");
  EXPECT_EQ(refusal({0}, {.temperature = std::nanf("")}),
            "sampling expects a finite temperature of at least 0, got nan");
  EXPECT_EQ(refusal({0}, {.topK = -1}),
            "sampling expects a top-k of at least 0, got -1");
  EXPECT_EQ(refusal({0}, {.topP = 0}),
            "sampling expects a top-p in (0, 1], got 0.000000");
  EXPECT_EQ(refusal({0}, {.topP = 1.5f}),
            "sampling expects a top-p in (0, 1], got 1.500000");
}

} // namespace
