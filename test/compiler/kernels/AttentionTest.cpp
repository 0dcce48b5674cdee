//===- AttentionTest.cpp - attention over the latent ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <bit>
#include <cmath>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

constexpr int64_t kHeads = 3, kNope = 12, kRope = 8, kValue = 20, kPage = 64;
constexpr int64_t kPages = 4;
constexpr double kScale = 0.17;

/// A pool of pages, two sequences that own some of them out of order, and a
/// step with rows of both.
struct Step {
  int64_t rank;
  TestWeight kvB;
  Floats cache;
  std::vector<int32_t> table = {5, 2, 7, 0, 3, 6, 1, 4};
  std::vector<int32_t> sequences = {0, 1, 0, 1};
  std::vector<int32_t> positions = {130, 0, 63, 64};
  Floats q;

  Step(const std::string &format, int64_t rank)
      : rank(rank),
        kvB(randomWeight(format, kHeads * (kNope + kValue), rank, 1)),
        cache(randomFloats(8 * kPage * (rank + kRope), 2)),
        q(randomFloats(4 * kHeads * (kNope + kRope), 3)) {
    // Random codes reach 448: bring the scores back to a sensible size.
    for (float &scale : kvB.scales)
      scale /= 512;
    for (float &value : kvB.values)
      value /= format == "f8" ? 512 : 1;
  }

  std::string ir() const {
    std::string width = std::to_string(rank + kRope);
    return "func.func @f(%q: tensor<?x60xf32>, %c: !ingot.kv_cache<1x" + width +
           "xf32>, %w: " + kvB.type() +
           ", %b: !ingot.batch) -> tensor<?x60xf32> {\n%0 = "
           "ingot.latent_attention %q, %c[0], %w, %b heads 3 nope 12 rope 8 "
           "value 20 scale 0.17 : tensor<?x60xf32>, !ingot.kv_cache<1x" +
           width + "xf32>, " + kvB.type() +
           " -> tensor<?x60xf32>\nreturn %0 : tensor<?x60xf32>\n}";
  }

  Floats run(KernelHarness &kernel) const {
    int64_t t = static_cast<int64_t>(positions.size());
    Floats y(t * kHeads * kValue);
    kernel.operands = {{0, q.data()}, {1, cache.data()}, {2, kvB.bytes.data()}};
    kernel.scales = {{2, kvB.scales.data()}};
    kernel.results = {{0, y.data()}};
    kernel.batch = {{"pages", table.data()},
                    {"sequence", sequences.data()},
                    {"positions", positions.data()}};
    kernel.symbols = {{"T", t}};
    kernel.run();
    return y;
  }

  /// The row that row t's sequence has at `position`.
  const float *row(int64_t t, int64_t position) const {
    int64_t page = table[sequences[t] * kPages + position / kPage];
    return &cache[(page * kPage + position % kPage) * (rank + kRope)];
  }
  double up(int64_t head, int64_t d, const float *latent) const {
    const float *w = &kvB.values[(head * (kNope + kValue) + d) * rank];
    double sum = 0;
    for (int64_t r = 0; r < rank; ++r)
      sum += double(w[r]) * latent[r];
    return sum;
  }

  /// By the definition: keys and values expanded, softmax over all of them.
  std::vector<double> expected(int64_t t, int64_t head) const {
    const float *query = &q[(t * kHeads + head) * (kNope + kRope)];
    std::vector<double> result(kValue), scores;
    double max = -INFINITY, sum = 0;
    for (int64_t j = 0; j <= positions[t]; ++j) {
      double score = 0;
      for (int64_t d = 0; d < kNope; ++d)
        score += query[d] * up(head, d, row(t, j));
      for (int64_t d = 0; d < kRope; ++d)
        score += double(query[kNope + d]) * row(t, j)[rank + d];
      scores.push_back(score * kScale);
      max = std::max(max, scores.back());
    }
    for (int64_t j = 0; j <= positions[t]; ++j) {
      double weight = std::exp(scores[j] - max);
      sum += weight;
      for (int64_t v = 0; v < kValue; ++v)
        result[v] += weight * up(head, kNope + v, row(t, j));
    }
    for (double &value : result)
      value /= sum;
    return result;
  }
};

class LatentAttentionKernel
    : public testing::TestWithParam<std::pair<const char *, int64_t>> {};

TEST_P(LatentAttentionKernel, EqualsTheExpandedDefinition) {
  Step step(GetParam().first, GetParam().second);
  KernelHarness kernel(step.ir(), {.pagesPerSequence = kPages});
  Floats y = step.run(kernel);
  for (int64_t t = 0; t < 4; ++t)
    for (int64_t head = 0; head < kHeads; ++head) {
      std::vector<double> expected = step.expected(t, head);
      for (int64_t v = 0; v < kValue; ++v)
        ASSERT_NEAR(y[(t * kHeads + head) * kValue + v], expected[v], 5e-5)
            << "row " << t << " head " << head << " value " << v;
    }
}

// 160 = 128 + 32 ends in a partial block.
INSTANTIATE_TEST_SUITE_P(Formats, LatentAttentionKernel,
                         testing::Values(std::pair("f32", 32),
                                         std::pair("f16", 24),
                                         std::pair("bf16", 64),
                                         std::pair("f8", 160)));

TEST(LatentAttentionKernel, GivesARowTheSameBitsAloneInOtherPages) {
  Step step("bf16", 32);
  KernelHarness kernel(step.ir(), {.pagesPerSequence = kPages});
  Floats all = step.run(kernel);

  Step alone = step;
  alone.sequences = {0};
  alone.positions = {130};
  // The same rows, in other pages.
  alone.table = {1, 4, 3, 0};
  int64_t width = (alone.rank + kRope) * kPage;
  for (int i = 0; i < 3; ++i)
    std::copy_n(&step.cache[step.table[i] * width], width,
                &alone.cache[alone.table[i] * width]);
  Floats y = alone.run(kernel);
  for (int64_t i = 0; i < kHeads * kValue; ++i)
    ASSERT_EQ(std::bit_cast<uint32_t>(y[i]), std::bit_cast<uint32_t>(all[i]));
}

} // namespace
} // namespace ingot::test
