//===- ReassociatedTest.cpp - the parts of reassociated attention ---------===//
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

/// A format of kv_b, heads, and the sizes r, d, p and w.
struct Sizes {
  std::string format;
  int64_t heads, rank, nope, rope, value;
};

std::string rows(int64_t columns) {
  return "tensor<?x" + std::to_string(columns) + "xf32>";
}

std::string number(int64_t value) { return std::to_string(value); }

/// kv_b with scales such that results stay near 1.
TestWeight kvB(const Sizes &s) {
  TestWeight weight =
      randomWeight(s.format, s.heads * (s.nope + s.value), s.rank, 1);
  for (float &scale : weight.scales)
    scale /= 512;
  for (float &value : weight.values)
    value /= s.format == "f8" ? 512 : 1;
  return weight;
}

void expectSameBits(const Floats &row, const float *among) {
  for (size_t i = 0; i < row.size(); ++i)
    ASSERT_EQ(std::bit_cast<uint32_t>(row[i]),
              std::bit_cast<uint32_t>(among[i]))
        << "column " << i;
}

// f8: 160 = 128 + 32 ends in a partial block of columns, and the 140 rows of a
// head begin and end within blocks; 192 = 3 * 64 columns are looked up in
// tables where the processor can. 12 rows are not a multiple of what is read
// together.
const Sizes kSizes[] = {{"f32", 2, 24, 7, 8, 4},     {"f16", 3, 40, 12, 4, 20},
                        {"bf16", 4, 64, 16, 8, 16},  {"bf16", 1, 128, 5, 1, 8},
                        {"f8", 3, 160, 100, 16, 40}, {"f8", 2, 192, 12, 8, 20}};

// Whole tiles of columns, a head with several or with less than one of values,
// and one that begins within a block of scales.
const Sizes kTileSizes[] = {{"bf16", 2, 128, 64, 8, 40},
                            {"f8", 2, 256, 128, 16, 144},
                            {"f8", 3, 128, 64, 8, 12}};

/// In a step that takes prompts.
constexpr const char *kPrompts =
    " attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = "
    "256, sequences = 1, rows = 1, context = 256>}";

class Products : public testing::TestWithParam<Sizes> {};
INSTANTIATE_TEST_SUITE_P(Formats, Products, testing::ValuesIn(kSizes));
class ProductsOfPrompts : public testing::TestWithParam<Sizes> {};
INSTANTIATE_TEST_SUITE_P(Tiles, ProductsOfPrompts,
                         testing::ValuesIn(kTileSizes));

struct AbsorbedQuery {
  Sizes s;
  compiler::CpuOptions options = {};
  std::string attributes = {};
  TestWeight weight = kvB(s);
  KernelHarness kernel{ir(), options};

  std::string ir() const {
    std::string q = rows(s.heads * (s.nope + s.rope)),
                y = rows(s.heads * (s.rank + s.rope));
    return "func.func @f(%q: " + q + ", %w: " + weight.type() + ") -> " + y +
           attributes + " {\n%0 = ingot.absorb_query %q, %w heads " +
           number(s.heads) + " nope " + number(s.nope) + " rope " +
           number(s.rope) + " value " + number(s.value) + " : " + q + ", " +
           weight.type() + " -> " + y + "\nreturn %0 : " + y + "\n}";
  }
  int64_t queryWidth() const { return s.heads * (s.nope + s.rope); }
  int64_t width() const { return s.heads * (s.rank + s.rope); }
  Floats run(const Floats &q) {
    int64_t t = int64_t(q.size()) / queryWidth();
    Floats y(t * width());
    kernel.operands = {{0, q.data()}, {1, weight.bytes.data()}};
    kernel.scales = {{1, weight.scales.data()}};
    kernel.results = {{0, y.data()}};
    kernel.symbols = {{"T", t}};
    kernel.run();
    return y;
  }
  double expected(const float *q, int64_t h, int64_t k) const {
    if (k >= s.rank)
      return q[h * (s.nope + s.rope) + s.nope + k - s.rank];
    double sum = 0;
    for (int64_t d = 0; d < s.nope; ++d)
      sum += double(q[h * (s.nope + s.rope) + d]) *
             weight.values[(h * (s.nope + s.value) + d) * s.rank + k];
    return sum;
  }
};

// 67 rows: a full tile of 64 and part of another, whose last micro-tile is
// partial.
void expectAbsorbed(AbsorbedQuery product) {
  const Sizes &s = product.s;
  Floats q = randomFloats(67 * product.queryWidth(), 2);
  Floats y = product.run(q);
  for (int64_t t : {0, 3, 63, 64, 66})
    for (int64_t h = 0; h < s.heads; ++h)
      for (int64_t k = 0; k < s.rank + s.rope; ++k)
        ASSERT_NEAR(y[t * product.width() + h * (s.rank + s.rope) + k],
                    product.expected(&q[t * product.queryWidth()], h, k), 1e-4)
            << "row " << t << " head " << h << " column " << k;
}
TEST_P(Products, AbsorbQueryEqualsTheSum) { expectAbsorbed({GetParam()}); }
TEST_P(ProductsOfPrompts, AbsorbQueryEqualsTheSum) {
  expectAbsorbed({GetParam(), {}, kPrompts});
}

void expectAbsorbedAlone(AbsorbedQuery product) {
  Floats q = randomFloats(67 * product.queryWidth(), 2);
  Floats all = product.run(q);
  for (int64_t t : {0, 2, 63, 66}) {
    Floats one(q.begin() + t * product.queryWidth(),
               q.begin() + (t + 1) * product.queryWidth());
    expectSameBits(product.run(one), &all[t * product.width()]);
  }
}
TEST_P(Products, AbsorbQueryGivesARowTheSameBitsAlone) {
  expectAbsorbedAlone({GetParam()});
}
TEST_P(ProductsOfPrompts, AbsorbQueryGivesARowTheSameBitsAlone) {
  expectAbsorbedAlone({GetParam(), {}, kPrompts});
}

class AbsorbE4M3 : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(TablesAndHalves, AbsorbE4M3, testing::Bool());

TEST_P(AbsorbE4M3, KeepsANaNWeightOutOfOtherColumns) {
  AbsorbedQuery product{kSizes[5], {.byteTables = GetParam()}};
  const Sizes &s = product.s;
  // Head 1, d = 3, column 5.
  product.weight.bytes[(s.nope + s.value + 3) * s.rank + 5] = 0x7f;
  Floats y = product.run(randomFloats(product.queryWidth(), 2));
  for (int64_t i = 0; i < product.width(); ++i)
    ASSERT_EQ(std::isnan(y[i]), i == s.rank + s.rope + 5) << "column " << i;
}

TEST(AbsorbQuery, HasTheSameBitsByTablesAndByHalves) {
  AbsorbedQuery tables{kSizes[5], {.byteTables = true}},
      halves{kSizes[5], {.byteTables = false}};
  Floats q = randomFloats(5 * tables.queryWidth(), 2);
  Floats expected = halves.run(q);
  expectSameBits(expected, tables.run(q).data());
}

struct ProjectedValue {
  Sizes s;
  std::string attributes = {};
  TestWeight weight = kvB(s);
  KernelHarness kernel{ir()};

  std::string ir() const {
    std::string x = rows(s.heads * s.rank), y = rows(s.heads * s.value);
    return "func.func @f(%x: " + x + ", %w: " + weight.type() + ") -> " + y +
           attributes + " {\n%0 = ingot.project_value %x, %w heads " +
           number(s.heads) + " nope " + number(s.nope) + " value " +
           number(s.value) + " : " + x + ", " + weight.type() + " -> " + y +
           "\nreturn %0 : " + y + "\n}";
  }
  Floats run(const Floats &x) {
    int64_t t = int64_t(x.size()) / (s.heads * s.rank);
    Floats y(t * s.heads * s.value);
    kernel.operands = {{0, x.data()}, {1, weight.bytes.data()}};
    kernel.scales = {{1, weight.scales.data()}};
    kernel.results = {{0, y.data()}};
    kernel.symbols = {{"T", t}};
    kernel.run();
    return y;
  }
  double expected(const float *x, int64_t h, int64_t v) const {
    double sum = 0;
    for (int64_t k = 0; k < s.rank; ++k)
      sum += double(x[h * s.rank + k]) *
             weight.values[(h * (s.nope + s.value) + s.nope + v) * s.rank + k];
    return sum;
  }
};

void expectProjected(ProjectedValue product) {
  const Sizes &s = product.s;
  Floats x = randomFloats(67 * s.heads * s.rank, 2);
  Floats y = product.run(x);
  for (int64_t t : {0, 3, 63, 64, 66})
    for (int64_t h = 0; h < s.heads; ++h)
      for (int64_t v = 0; v < s.value; ++v)
        ASSERT_NEAR(y[(t * s.heads + h) * s.value + v],
                    product.expected(&x[t * s.heads * s.rank], h, v), 1e-4)
            << "row " << t << " head " << h << " value " << v;
}
TEST_P(Products, ProjectValueEqualsTheSum) { expectProjected({GetParam()}); }
TEST_P(ProductsOfPrompts, ProjectValueEqualsTheSum) {
  expectProjected({GetParam(), kPrompts});
}

void expectProjectedAlone(ProjectedValue product) {
  const Sizes &s = product.s;
  Floats x = randomFloats(67 * s.heads * s.rank, 2);
  Floats all = product.run(x);
  for (int64_t t : {0, 2, 63, 66}) {
    Floats one(x.begin() + t * s.heads * s.rank,
               x.begin() + (t + 1) * s.heads * s.rank);
    expectSameBits(product.run(one), &all[t * s.heads * s.value]);
  }
}
TEST_P(Products, ProjectValueGivesARowTheSameBitsAlone) {
  expectProjectedAlone({GetParam()});
}
TEST_P(ProductsOfPrompts, ProjectValueGivesARowTheSameBitsAlone) {
  expectProjectedAlone({GetParam(), kPrompts});
}

constexpr int64_t kPage = 64, kPages = 4;

/// Two sequences that own pages of a pool out of order, and rows of both.
struct LatentStep {
  int64_t heads, rank, rope;
  std::vector<int32_t> table = {5, 2, 7, 0, 3, 6, 1, 4};
  std::vector<int32_t> sequences = {0, 1, 0, 1, 0};
  std::vector<int32_t> positions = {130, 0, 63, 64, 2};
  Floats cache = randomFloats(8 * kPage * (rank + rope), 2);
  Floats query = randomFloats(5 * heads * (rank + rope), 3, 0.5f);

  std::string ir() const {
    std::string q = rows(heads * (rank + rope)), y = rows(heads * rank),
                c = "!ingot.kv_cache<1x" + number(rank + rope) + "xf32>";
    return "func.func @f(%q: " + q + ", %c: " + c + ", %b: !ingot.batch) -> " +
           y + " {\n%0 = ingot.attend_latent %q, %c[0], %b heads " +
           number(heads) + " rope " + number(rope) + " scale 0.3 : " + q +
           ", " + c + " -> " + y + "\nreturn %0 : " + y + "\n}";
  }
  Floats run(KernelHarness &kernel) const {
    int64_t t = int64_t(positions.size());
    Floats y(t * heads * rank, NAN);
    kernel.operands = {{0, query.data()}, {1, cache.data()}};
    kernel.results = {{0, y.data()}};
    kernel.batch = {{"pages", table.data()},
                    {"sequence", sequences.data()},
                    {"positions", positions.data()}};
    kernel.symbols = {{"T", t}};
    kernel.run();
    return y;
  }
  const float *row(int64_t t, int64_t position) const {
    int64_t page = table[sequences[t] * kPages + position / kPage];
    return &cache[(page * kPage + position % kPage) * (rank + rope)];
  }
  std::vector<double> expected(int64_t t, int64_t head) const {
    const float *q = &query[(t * heads + head) * (rank + rope)];
    std::vector<double> result(rank), scores;
    double max = -INFINITY, sum = 0;
    for (int64_t j = 0; j <= positions[t]; ++j) {
      double score = 0;
      for (int64_t k = 0; k < rank + rope; ++k)
        score += double(q[k]) * row(t, j)[k];
      scores.push_back(score * 0.3);
      max = std::max(max, scores.back());
    }
    for (int64_t j = 0; j <= positions[t]; ++j) {
      double weight = std::exp(scores[j] - max);
      sum += weight;
      for (int64_t k = 0; k < rank; ++k)
        result[k] += weight * row(t, j)[k];
    }
    for (double &value : result)
      value /= sum;
    return result;
  }
};

class AttendLatent : public testing::TestWithParam<std::array<int64_t, 3>> {};
// Heads in fours, in twos and alone; latents of a strip, of several, and of
// less than a vector.
INSTANTIATE_TEST_SUITE_P(Sizes, AttendLatent,
                         testing::Values(std::array<int64_t, 3>{8, 128, 32},
                                         std::array<int64_t, 3>{6, 48, 16},
                                         std::array<int64_t, 3>{3, 4, 2}));

TEST_P(AttendLatent, EqualsTheDefinition) {
  auto [heads, rank, rope] = GetParam();
  LatentStep step{heads, rank, rope};
  KernelHarness kernel(step.ir(), {.pagesPerSequence = kPages});
  Floats y = step.run(kernel);
  for (int64_t t = 0; t < 5; ++t)
    for (int64_t head = 0; head < heads; ++head) {
      std::vector<double> expected = step.expected(t, head);
      for (int64_t k = 0; k < rank; ++k)
        ASSERT_NEAR(y[(t * heads + head) * rank + k], expected[k], 2e-5)
            << "row " << t << " head " << head << " value " << k;
    }
}

TEST_P(AttendLatent, GivesARowTheSameBitsAloneInOtherPages) {
  auto [heads, rank, rope] = GetParam();
  LatentStep step{heads, rank, rope};
  KernelHarness kernel(step.ir(), {.pagesPerSequence = kPages});
  Floats all = step.run(kernel);
  LatentStep alone = step;
  alone.sequences = {0};
  alone.positions = {130};
  alone.table = {1, 4, 3, 0};
  int64_t size = (rank + rope) * kPage;
  for (int i = 0; i < 3; ++i)
    std::copy_n(&step.cache[step.table[i] * size], size,
                &alone.cache[alone.table[i] * size]);
  // What lies behind the last row is nobody's business.
  std::fill_n(&alone.cache[(alone.table[2] * kPage + 3) * (rank + rope)],
              (kPage - 3) * (rank + rope), NAN);
  expectSameBits(alone.run(kernel), all.data());
}

} // namespace
} // namespace ingot::test
