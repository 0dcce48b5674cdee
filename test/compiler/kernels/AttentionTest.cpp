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
constexpr int64_t kPages = 8;
constexpr double kScale = 0.17;

/// Rows of one sequence, from a position on.
struct Chunk {
  int32_t position, count;
};

/// A pool of pages that sequences own out of order, and a step with a chunk of
/// each.
struct Step {
  int64_t rank;
  std::vector<Chunk> chunks;
  TestWeight kvB;
  /// Page p of sequence s.
  std::vector<int32_t> table;
  Floats cache;
  std::vector<int32_t> sequences, positions, queryEnds;
  Floats q;

  Step(const std::string &format, int64_t rank, std::vector<Chunk> chunks)
      : rank(rank), chunks(std::move(chunks)),
        kvB(randomWeight(format, kHeads * (kNope + kValue), rank, 1)) {
    // Random codes reach 448: bring the scores back to a sensible size.
    for (float &scale : kvB.scales)
      scale /= 512;
    for (float &value : kvB.values)
      value /= format == "f8" ? 512 : 1;
    int64_t pages = int64_t(this->chunks.size()) * kPages;
    for (int64_t i = 0; i < pages; ++i)
      table.push_back((i * 5 + 3) % pages);
    cache = randomFloats(pages * kPage * width(), 2);
    for (const Chunk &chunk : this->chunks) {
      for (int32_t i = 0; i < chunk.count; ++i) {
        sequences.push_back(int32_t(queryEnds.size()));
        positions.push_back(chunk.position + i);
      }
      queryEnds.push_back(int32_t(positions.size()));
      forget(int64_t(queryEnds.size()) - 1, chunk.position + chunk.count);
    }
    q = randomFloats(rows() * kHeads * (kNope + kRope), 3);
  }

  int64_t width() const { return rank + kRope; }
  int64_t rows() const { return int64_t(positions.size()); }

  /// What lies behind a sequence's last row is nobody's business.
  void forget(int64_t sequence, int64_t from) {
    for (int64_t j = from; j < kPages * kPage; ++j)
      std::fill_n(&cache[slot(sequence, j) * width()], width(), NAN);
  }

  std::string ir() const {
    std::string c = "!ingot.kv_cache<1x" + std::to_string(width()) + "xf32>";
    return "func.func @f(%q: tensor<?x60xf32>, %c: " + c +
           ", %w: " + kvB.type() +
           ", %b: !ingot.batch) -> tensor<?x60xf32> {\n%0 = "
           "ingot.latent_attention %q, %c[0], %w, %b heads 3 nope 12 rope 8 "
           "value 20 scale 0.17 : tensor<?x60xf32>, " +
           c + ", " + kvB.type() +
           " -> tensor<?x60xf32>\nreturn %0 : tensor<?x60xf32>\n}";
  }

  Floats run(KernelHarness &kernel) const {
    Floats y(rows() * kHeads * kValue, NAN);
    kernel.operands = {{0, q.data()}, {1, cache.data()}, {2, kvB.bytes.data()}};
    kernel.scales = {{2, kvB.scales.data()}};
    kernel.results = {{0, y.data()}};
    kernel.batch = {{"pages", table.data()},
                    {"query_end", queryEnds.data()},
                    {"positions", positions.data()}};
    kernel.symbols = {{"S", int64_t(chunks.size())}};
    kernel.run();
    return y;
  }

  int64_t slot(int64_t sequence, int64_t position) const {
    int64_t page = table[sequence * kPages + position / kPage];
    return page * kPage + position % kPage;
  }
  /// The row that row t's sequence has at `position`.
  const float *row(int64_t t, int64_t position) const {
    return &cache[slot(sequences[t], position) * width()];
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

// Chunks that cross a page, begin a sequence, and are one row that continues
// one.
TEST_P(LatentAttentionKernel, EqualsTheDefinition) {
  Step step(GetParam().first, GetParam().second, {{60, 9}, {0, 67}, {130, 1}});
  KernelHarness kernel(step.ir(), {.pagesPerSequence = kPages});
  Floats y = step.run(kernel);
  for (int64_t t = 0; t < step.rows(); ++t)
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

// 300 rows are more than are handled together.
TEST(LatentAttentionKernel, GivesARowTheSameBitsAloneInOtherPages) {
  Step step("bf16", 32, {{5, 3}, {62, 300}});
  KernelHarness kernel(step.ir(), {.pagesPerSequence = kPages});
  Floats all = step.run(kernel);
  for (int32_t i : {0, 1, 2, 5, 130, 255, 256, 299}) {
    Step alone("bf16", 32, {{62 + i, 1}});
    for (int64_t j = 0; j <= 62 + i; ++j)
      std::copy_n(step.row(3, j), step.width(),
                  &alone.cache[alone.slot(0, j) * alone.width()]);
    int64_t size = kHeads * (kNope + kRope);
    alone.q.assign(step.q.begin() + (3 + i) * size,
                   step.q.begin() + (4 + i) * size);
    Floats y = alone.run(kernel);
    for (int64_t v = 0; v < kHeads * kValue; ++v)
      ASSERT_EQ(std::bit_cast<uint32_t>(y[v]),
                std::bit_cast<uint32_t>(all[(3 + i) * kHeads * kValue + v]))
          << "row " << i << " value " << v;
  }
}

TEST(LatentAttentionKernel, LeavesASequenceWithoutRowsAlone) {
  Step step("f32", 32, {{0, 2}, {7, 0}, {3, 1}});
  KernelHarness kernel(step.ir(), {.pagesPerSequence = kPages});
  for (float value : step.run(kernel))
    ASSERT_FALSE(std::isnan(value));
}

} // namespace
} // namespace ingot::test
