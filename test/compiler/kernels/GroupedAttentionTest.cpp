//===- GroupedAttentionTest.cpp - attention of shared key and value heads -===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both forms of ingot.attention, row by row and in chunks, against the
// definition: keys and values taken from the cache one by one, in double.
// Everything that a row must not see is NaN, so that a look at it shows.
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <bit>
#include <cmath>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

constexpr int64_t kPage = 64, kPages = 8;
constexpr double kScale = 0.21;

struct Mask {
  enum Kind { Causal, Chunked, Sliding } kind = Causal;
  int64_t size = 1;

  std::string ir() const {
    if (kind == Causal)
      return "";
    return std::string(" mask ") + (kind == Chunked ? "chunked" : "sliding") +
           "<size = " + std::to_string(size) + ">";
  }
  bool shows(int64_t own, int64_t j) const {
    bool inChunk = j / size == own / size, inWindow = own - j < size;
    return j <= own && (kind == Causal || (kind == Chunked && inChunk) ||
                        (kind == Sliding && inWindow));
  }
};

struct Heads {
  int64_t heads, kvHeads, width;
  Mask mask = {};
  /// Positions of a step of the temperature; 0: none.
  int64_t floor = 0;
};

struct Chunk {
  int32_t position, count;
};

/// Rows of some sequences, whose pages lie about in the cache.
struct Step {
  Heads p;
  std::vector<Chunk> chunks;
  std::vector<int32_t> table, sequences, positions, queryEnds;
  Floats cache, q;

  Step(Heads heads, std::vector<Chunk> parts)
      : p(heads), chunks(std::move(parts)) {
    int64_t pages = int64_t(chunks.size()) * kPages;
    for (int64_t i = 0; i < pages; ++i)
      table.push_back(int32_t((i * 7 + 3) % pages));
    cache = randomFloats(pages * kPage * rowWidth(), 2);
    for (const Chunk &chunk : chunks) {
      for (int32_t i = 0; i < chunk.count; ++i) {
        sequences.push_back(int32_t(queryEnds.size()));
        positions.push_back(chunk.position + i);
      }
      queryEnds.push_back(int32_t(positions.size()));
    }
    for (int64_t s = 0; s < int64_t(chunks.size()); ++s)
      for (int64_t j = 0; j < kPages * kPage; ++j)
        if (isHidden(s, j))
          std::fill_n(&cache[slot(s, j) * rowWidth()], rowWidth(), NAN);
    q = randomFloats(rows() * p.heads * p.width, 3);
  }

  int64_t rowWidth() const { return 2 * p.kvHeads * p.width; }
  int64_t rows() const { return int64_t(positions.size()); }

  /// Whether no row of the sequence sees anything in j's page, or none comes so
  /// far.
  bool isHidden(int64_t s, int64_t j) const {
    int64_t last = chunks[s].position + chunks[s].count - 1;
    if (j > last)
      return true;
    for (int64_t own = chunks[s].position; own <= last; ++own)
      for (int64_t i = j / kPage * kPage; i < (j / kPage + 1) * kPage; ++i)
        if (p.mask.shows(own, i))
          return false;
    return true;
  }

  /// `perSequence` tells a step of chunks from one of single rows.
  std::string ir(int64_t perSequence,
                 const std::string &element = "f32") const {
    std::string x = "tensor<?x" + std::to_string(p.heads * p.width) + "xf32>";
    std::string c =
        "!ingot.kv_cache<1x" + std::to_string(rowWidth()) + "x" + element + ">";
    std::string temperature =
        " temperature <floor = " + std::to_string(p.floor) +
        ", scale = 0.3 : f64>";
    return "func.func @f(%q: " + x + ", %c: " + c + ", %b: !ingot.batch) -> " +
           x +
           " attributes {ingot.bucket = #ingot.bucket<tokens = 512, "
           "per_sequence = " +
           std::to_string(perSequence) +
           ", sequences = 4, rows = 4, context = 512>} {\n%0 = "
           "ingot.attention %q, %c[0], %b heads " +
           std::to_string(p.heads) + " kv_heads " + std::to_string(p.kvHeads) +
           " scale 0.21" + p.mask.ir() + (p.floor ? temperature : "") + " : " +
           x + ", " + c + " -> " + x + "\nreturn %0 : " + x + "\n}";
  }

  Floats run(KernelHarness &kernel, const void *stored = nullptr) const {
    Floats y(q.size(), NAN);
    kernel.operands = {{0, q.data()}, {1, stored ? stored : cache.data()}};
    kernel.results = {{0, y.data()}};
    kernel.batch = {{"pages", table.data()},
                    {"sequence", sequences.data()},
                    {"query_end", queryEnds.data()},
                    {"positions", positions.data()}};
    kernel.symbols = {{"T", rows()}, {"S", int64_t(chunks.size())}};
    kernel.run();
    return y;
  }

  int64_t slot(int64_t sequence, int64_t position) const {
    int64_t page = table[sequence * kPages + position / kPage];
    return page * kPage + position % kPage;
  }
  const float *row(int64_t t, int64_t position) const {
    return &cache[slot(sequences[t], position) * rowWidth()];
  }

  std::vector<double> expected(int64_t t, int64_t head) const {
    const float *query = &q[(t * p.heads + head) * p.width];
    int64_t own = positions[t], kv = head / (p.heads / p.kvHeads);
    double factor = kScale;
    // Whole multiples of the floor count.
    if (int64_t whole = p.floor ? (own + 1) / p.floor : 0)
      factor *= std::log1p(double(whole)) * 0.3 + 1;
    std::vector<double> result(p.width), scores(own + 1, -INFINITY);
    double max = -INFINITY, sum = 0;
    for (int64_t j = 0; j <= own; ++j) {
      if (!p.mask.shows(own, j))
        continue;
      double score = 0;
      for (int64_t d = 0; d < p.width; ++d)
        score += double(query[d]) * row(t, j)[kv * p.width + d];
      scores[j] = score * factor;
      max = std::max(max, scores[j]);
    }
    for (int64_t j = 0; j <= own; ++j) {
      if (!p.mask.shows(own, j))
        continue;
      double weight = std::exp(scores[j] - max);
      sum += weight;
      for (int64_t d = 0; d < p.width; ++d)
        result[d] += weight * row(t, j)[(p.kvHeads + kv) * p.width + d];
    }
    for (double &value : result)
      value /= sum;
    return result;
  }

  void expectDefinition(const Floats &y) const {
    for (int64_t t = 0; t < rows(); ++t)
      for (int64_t head = 0; head < p.heads; ++head) {
        std::vector<double> values = expected(t, head);
        for (int64_t d = 0; d < p.width; ++d)
          ASSERT_NEAR(y[(t * p.heads + head) * p.width + d], values[d], 2e-5)
              << "row " << t << " at " << positions[t] << " head " << head
              << " value " << d;
      }
  }
};

constexpr int64_t kRowByRow = 1, kChunks = 512;

std::string sizesName(const testing::TestParamInfo<Heads> &info) {
  const Heads &p = info.param;
  const char *mask[] = {"causal", "chunked", "sliding"};
  return std::to_string(p.heads) + "_" + std::to_string(p.kvHeads) + "_" +
         std::to_string(p.width) + "_" + mask[p.mask.kind] +
         std::to_string(p.mask.size) + "_floor" + std::to_string(p.floor);
}

class GroupedAttention : public testing::TestWithParam<Heads> {};
// All query heads to a key and value head each, some, and one for all; groups
// that are computed whole (2, 5, 7) or in parts (8, 16); heads of 16 to 256
// values, and such as leave vectors of 8 or 4.
INSTANTIATE_TEST_SUITE_P(
    Sizes, GroupedAttention,
    testing::Values(Heads{3, 3, 64}, Heads{8, 4, 16}, Heads{10, 2, 32},
                    Heads{7, 1, 48}, Heads{16, 2, 128}, Heads{16, 1, 256},
                    Heads{4, 2, 40}, Heads{2, 2, 20},
                    Heads{4, 2, 32, {Mask::Chunked, 128}},
                    Heads{4, 2, 32, {Mask::Chunked, 100}},
                    Heads{4, 2, 32, {Mask::Chunked, 8192}},
                    Heads{4, 2, 32, {Mask::Chunked, 1}},
                    Heads{4, 2, 32, {Mask::Sliding, 128}},
                    Heads{4, 2, 32, {Mask::Sliding, 3}},
                    Heads{4, 2, 32, {Mask::Sliding, 1}},
                    Heads{4, 2, 32, {Mask::Sliding, 4096}},
                    Heads{4, 2, 32, {}, 16}, Heads{4, 2, 32, {}, 8192},
                    Heads{4, 2, 32, {}, 1},
                    Heads{4, 2, 32, {Mask::Sliding, 70}, 50}),
    sizesName);

TEST_P(GroupedAttention, RowByRowEqualsTheDefinition) {
  Step step(GetParam(),
            {{130, 1}, {0, 2}, {63, 3}, {254, 1}, {64, 1}, {99, 2}});
  KernelHarness kernel(step.ir(kRowByRow), {.pagesPerSequence = kPages});
  step.expectDefinition(step.run(kernel));
}

TEST_P(GroupedAttention, InChunksEqualsTheDefinition) {
  Step step(GetParam(), {{60, 9}, {0, 139}, {130, 1}, {255, 0}, {250, 37}});
  KernelHarness kernel(step.ir(kChunks), {.pagesPerSequence = kPages});
  step.expectDefinition(step.run(kernel));
}

/// Row `t` of `step`, alone: its sequence in other pages and nothing behind it.
Step alone(const Step &step, int64_t t) {
  int32_t position = step.positions[t];
  Step one(step.p, {{position, 1}});
  for (int64_t j = 0; j <= position; ++j)
    std::copy_n(step.row(t, j), step.rowWidth(),
                &one.cache[one.slot(0, j) * one.rowWidth()]);
  int64_t size = step.p.heads * step.p.width;
  one.q.assign(step.q.begin() + t * size, step.q.begin() + (t + 1) * size);
  return one;
}

void expectSameBitsAlone(const Step &step, int64_t perSequence,
                         const std::vector<int64_t> &some) {
  KernelHarness kernel(step.ir(perSequence), {.pagesPerSequence = kPages});
  Floats all = step.run(kernel);
  int64_t size = step.p.heads * step.p.width;
  for (int64_t t : some) {
    Floats y = alone(step, t).run(kernel);
    for (int64_t i = 0; i < size; ++i)
      ASSERT_EQ(std::bit_cast<uint32_t>(y[i]),
                std::bit_cast<uint32_t>(all[t * size + i]))
          << "row " << t << " value " << i;
  }
}

TEST_P(GroupedAttention, GivesARowTheSameBitsAloneInOtherPages) {
  expectSameBitsAlone({GetParam(), {{5, 3}, {62, 1}, {300, 2}}}, kRowByRow,
                      {0, 2, 3, 4, 5});
}

TEST_P(GroupedAttention, GivesARowOfAChunkTheSameBitsAlone) {
  expectSameBitsAlone({GetParam(), {{5, 3}, {62, 300}}}, kChunks,
                      {0, 2, 3, 4, 8, 68, 130, 131, 258, 302});
}

TEST(GroupedAttention, ChoosesItsFormByTheRowsThatASequenceBrings) {
  Step step({4, 2, 32}, {{0, 1}});
  auto kernel = [&](int64_t perSequence) {
    return KernelHarness(step.ir(perSequence), {.pagesPerSequence = kPages})
        .selection()
        .launches[0]
        .kernel;
  };
  EXPECT_EQ(kernel(3), "attention_f32_h4_g2_d32");
  EXPECT_EQ(kernel(16), "attention_chunk_f32_h4_g2_d32");
}

TEST(GroupedAttention, NamesItsMaskAndTemperature) {
  Step step({4, 2, 32, {Mask::Chunked, 128}, 64}, {{0, 1}});
  KernelHarness kernel(step.ir(kRowByRow), {.pagesPerSequence = kPages});
  EXPECT_EQ(kernel.selection().launches[0].kernel,
            "attention_f32_h4_g2_d32_chunk128_floor64");
}

class GroupedAttentionCache
    : public testing::TestWithParam<std::tuple<const char *, int64_t>> {};
INSTANTIATE_TEST_SUITE_P(Elements, GroupedAttentionCache,
                         testing::Combine(testing::Values("bf16", "f8E4M3FN"),
                                          testing::Values(kRowByRow, kChunks)));

TEST_P(GroupedAttentionCache, HasTheBitsOfAFloat32CacheOfTheSameValues) {
  auto [element, perSequence] = GetParam();
  Step step({8, 2, 48}, {{60, 9}, {130, 1}});
  std::vector<uint8_t> bytes;
  for (float &value : step.cache) {
    value = std::isnan(value) ? 0 : value;
    if (std::string(element) == "bf16") {
      uint16_t upper = std::bit_cast<uint32_t>(value) >> 16;
      value = std::bit_cast<float>(uint32_t(upper) << 16);
      bytes.insert(bytes.end(), {uint8_t(upper), uint8_t(upper >> 8)});
    } else {
      bytes.push_back(nearestE4M3(value));
      value = decodeE4M3(bytes.back());
    }
  }
  KernelHarness plain(step.ir(perSequence), {.pagesPerSequence = kPages}),
      narrow(step.ir(perSequence, element), {.pagesPerSequence = kPages});
  EXPECT_EQ(step.run(narrow, bytes.data()), step.run(plain));
}

TEST(GroupedAttention, RefusesHeadsThatAreTooWide) {
  for (int64_t perSequence : {kRowByRow, kChunks})
    EXPECT_EQ(rejection(Step({2, 1, 272}, {{0, 1}}).ir(perSequence)),
              std::string("'ingot.attention' op has no kernel: '") +
                  (perSequence == kChunks ? "attention_chunk" : "attention") +
                  "' expects heads of at most 256 values");
}

TEST(GroupedAttention, RefusesTooManyQueryHeadsForOne) {
  EXPECT_EQ(rejection(Step({257, 1, 16}, {{0, 1}}).ir(kRowByRow)),
            "'ingot.attention' op has no kernel: 'attention' expects at most "
            "256 query heads for a key and value head");
}

TEST(GroupedAttention, RefusesPagesThatAreNoMultipleOf4) {
  EXPECT_EQ(rejection(Step({2, 1, 16}, {{0, 1}}).ir(kChunks), {.pageSize = 6}),
            "'ingot.attention' op has no kernel: 'attention_chunk' expects a "
            "page size that is a multiple of 4");
}

TEST(GroupedAttention, RefusesPagesThatFillTheStack) {
  EXPECT_EQ(
      rejection(Step({2, 1, 256}, {{0, 1}}).ir(kChunks), {.pageSize = 256}),
      "'ingot.attention' op has no kernel: 'attention_chunk' expects a page's "
      "keys and values to fit in 256 KiB");
}

} // namespace
} // namespace ingot::test
