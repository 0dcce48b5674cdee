//===- KVCacheTest.cpp - the formats of the KV cache ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is written is compared with the nearest value found by search; what is
// read, with a float32 cache of the same values, bit for bit: formats differ in
// nothing else.
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <bit>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

constexpr int64_t kPage = 64;

int64_t bytesOf(const std::string &element) {
  return element == "f32" ? 4 : element == "bf16" ? 2 : 1;
}

/// The upper halves of two floats enclose every other float: the nearer one, of
/// two the even one.
uint16_t nearestBF16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  uint16_t below = uint16_t(bits >> 16);
  if (std::isnan(value))
    return below | 0x40;
  if (std::isinf(value) || (bits & 0xffff) == 0)
    return below;
  // Beyond the largest, an infinity stands for 2^128.
  auto magnitude = [](uint16_t code) {
    float value = std::bit_cast<float>(uint32_t(code & 0x7fff) << 16);
    return std::isinf(value) ? 0x1p128 : double(value);
  };
  double toBelow = std::fabs(double(value)) - magnitude(below),
         toAbove = magnitude(below + 1) - std::fabs(double(value));
  bool up = toAbove < toBelow || (toAbove == toBelow && below % 2 == 1);
  return uint16_t(below + up);
}

/// `values` as a cache of `element` stores them.
std::vector<uint8_t> stored(const std::string &element, const Floats &values) {
  std::vector<uint8_t> bytes(values.size() * bytesOf(element));
  for (size_t i = 0; i < values.size(); ++i) {
    uint16_t half = nearestBF16(values[i]);
    uint8_t code = nearestE4M3(values[i]);
    const void *from = element == "f32" ? static_cast<const void *>(&values[i])
                       : element == "bf16" ? static_cast<const void *>(&half)
                                           : &code;
    std::memcpy(&bytes[i * bytesOf(element)], from, bytesOf(element));
  }
  return bytes;
}

/// What stored values stand for.
Floats loaded(const std::string &element, const std::vector<uint8_t> &bytes) {
  Floats values(bytes.size() / bytesOf(element));
  for (size_t i = 0; i < values.size(); ++i) {
    if (element == "f32")
      std::memcpy(&values[i], &bytes[i * 4], 4);
    else if (element == "bf16")
      values[i] = std::bit_cast<float>(uint32_t(bytes[2 * i]) << 16 |
                                       uint32_t(bytes[2 * i + 1]) << 24);
    else
      values[i] = decodeE4M3(bytes[i]);
  }
  return values;
}

std::string cacheType(int64_t width, const std::string &element) {
  return "!ingot.kv_cache<2x" + std::to_string(width) + "x" + element + ">";
}

std::string rows(int64_t columns) {
  return "tensor<?x" + std::to_string(columns) + "xf32>";
}

class KVAppend : public testing::TestWithParam<const char *> {
protected:
  /// Writes rows of `head` and `tail` columns into `slots` of two pages that
  /// hold bytes 0xaa.
  std::vector<uint8_t> append(int64_t head, const Floats &heads, int64_t tail,
                              const Floats &tails,
                              const std::vector<int32_t> &slots) {
    std::string c = cacheType(head + tail, GetParam());
    KernelHarness kernel("func.func @f(%c: " + c + ", %h: " + rows(head) +
                         ", %t: " + rows(tail) + ", %b: !ingot.batch) -> " + c +
                         " {\n%0 = ingot.kv_append %c[1], %h, %t, %b : " + c +
                         ", " + rows(head) + ", " + rows(tail) +
                         "\nreturn %0 : " + c + "\n}");
    std::vector<uint8_t> pages(2 * kPage * (head + tail) * bytesOf(GetParam()),
                               0xaa);
    kernel.operands = {{0, pages.data()}, {1, heads.data()}, {2, tails.data()}};
    kernel.batch = {{"slot", slots.data()}};
    kernel.symbols = {{"T", int64_t(slots.size())}};
    kernel.run();
    return pages;
  }
};
INSTANTIATE_TEST_SUITE_P(Elements, KVAppend,
                         testing::Values("f32", "bf16", "f8E4M3FN"));

// Vectors of 4 lanes, and, as 7 is odd, of one.
TEST_P(KVAppend, WritesEachRowIntoItsSlotAndNothingElse) {
  for (int64_t tail : {4, 7}) {
    const int64_t head = 12, width = head + tail;
    Floats heads = randomFloats(2 * head, 1), tails = randomFloats(2 * tail, 2);
    std::vector<int32_t> slots = {65, 127};
    std::vector<uint8_t> expected(2 * kPage * width * bytesOf(GetParam()),
                                  0xaa);
    for (int t = 0; t < 2; ++t) {
      Floats row(&heads[t * head], &heads[t * head] + head);
      row.insert(row.end(), &tails[t * tail], &tails[t * tail] + tail);
      std::vector<uint8_t> bytes = stored(GetParam(), row);
      std::copy(bytes.begin(), bytes.end(),
                expected.begin() + slots[t] * int64_t(bytes.size()));
    }
    EXPECT_EQ(append(head, heads, tail, tails, slots), expected);
  }
}

// Each code's value, the middles between two and what lies right beside those;
// both ends of the range; zeros, infinities and NaNs.
TEST_P(KVAppend, RoundsToTheNearestTiesToEven) {
  const float inf = std::numeric_limits<float>::infinity(),
              nan = std::numeric_limits<float>::quiet_NaN();
  Floats row = {0,
                inf,
                nan,
                0x1p-149f,
                0x1p-133f,
                0x1.8p-133f,
                1e-40f,
                0x1p-9f,
                449.0f,
                480.0f,
                1e30f,
                3.4e38f,
                std::bit_cast<float>(0x7f7f7fff), // just below a bf16's middle
                std::bit_cast<float>(0x7f7f8000), // bf16: infinity
                std::bit_cast<float>(0x7f800001), // NaN in its last bit alone
                std::bit_cast<float>(0x3f808000), // bf16: a tie, to even
                std::bit_cast<float>(0x3f818000), // bf16: a tie, up to even
                std::bit_cast<float>(0x3f808001)};
  for (int code = 0; code < 0x7e; ++code) {
    float middle = (decodeE4M3(code) + decodeE4M3(code + 1)) / 2;
    for (float value : {decodeE4M3(code), middle, std::nextafter(middle, 0.0f),
                        std::nextafter(middle, inf)})
      row.push_back(value);
  }
  for (size_t i = 0, count = row.size(); i < count; ++i)
    row.push_back(-row[i]);
  std::vector<uint8_t> pages =
      append(int64_t(row.size()), row, 1, Floats{0}, {0});
  std::vector<uint8_t> expected = stored(GetParam(), row);
  for (size_t i = 0; i < expected.size(); ++i)
    ASSERT_EQ(pages[i], expected[i])
        << "byte " << i << " of " << row[i / bytesOf(GetParam())];
}

/// One sequence whose last row attends to 131 rows in three pages.
struct CachedRows {
  static constexpr int64_t kHeads = 4, kRank = 32, kRope = 16, kNope = 16,
                           kValue = 16, kWidth = kRank + kRope;
  std::vector<int32_t> table = {3, 0, 2}, sequences = {0}, positions = {130},
                       queryEnds = {1};
  TestWeight kvB = randomWeight("bf16", kHeads *(kNope + kValue), kRank, 1);

  Floats attendLatent(const std::string &element, const void *cache) {
    std::string q = rows(kHeads * kWidth), y = rows(kHeads * kRank),
                c = cacheType(kWidth, element);
    KernelHarness kernel(
        "func.func @f(%q: " + q + ", %c: " + c + ", %b: !ingot.batch) -> " + y +
            " {\n%0 = ingot.attend_latent %q, %c[0], %b heads "
            "4 rope 16 scale 0.3 : " +
            q + ", " + c + " -> " + y + "\nreturn %0 : " + y + "\n}",
        {.pagesPerSequence = 3});
    Floats query = randomFloats(kHeads * kWidth, 3, 0.5f);
    return run(kernel, query, cache, kHeads * kRank);
  }
  Floats latentAttention(const std::string &element, const void *cache) {
    std::string q = rows(kHeads * (kNope + kRope)), y = rows(kHeads * kValue),
                c = cacheType(kWidth, element);
    KernelHarness kernel(
        "func.func @f(%q: " + q + ", %c: " + c + ", %w: " + kvB.type() +
            ", %b: !ingot.batch) -> " + y +
            " {\n%0 = ingot.latent_attention %q, %c[0], %w, %b heads 4 nope 16 "
            "rope 16 value 16 scale 0.3 : " +
            q + ", " + c + ", " + kvB.type() + " -> " + y +
            "\nreturn %0 : " + y + "\n}",
        {.pagesPerSequence = 3});
    kernel.operands = {{2, kvB.bytes.data()}};
    Floats query = randomFloats(kHeads * (kNope + kRope), 3, 0.5f);
    return run(kernel, query, cache, kHeads * kValue);
  }

private:
  Floats run(KernelHarness &kernel, const Floats &query, const void *cache,
             int64_t columns) {
    Floats y(columns, NAN);
    kernel.operands[0] = query.data();
    kernel.operands[1] = cache;
    kernel.results = {{0, y.data()}};
    kernel.batch = {{"pages", table.data()},
                    {"sequence", sequences.data()},
                    {"query_end", queryEnds.data()},
                    {"positions", positions.data()}};
    kernel.symbols = {{"S", 1}, {"T", 1}};
    kernel.run();
    return y;
  }
};

class AttentionCache : public testing::TestWithParam<const char *> {};
INSTANTIATE_TEST_SUITE_P(Elements, AttentionCache,
                         testing::Values("bf16", "f8E4M3FN"));

// 256, which E4M3 is off by when loaded, is a power of two: nothing rounds.
TEST_P(AttentionCache, HasTheBitsOfAFloat32CacheOfTheSameValues) {
  CachedRows rows;
  std::vector<uint8_t> bytes =
      stored(GetParam(), randomFloats(4 * kPage * CachedRows::kWidth, 2));
  Floats values = loaded(GetParam(), bytes);
  EXPECT_EQ(rows.attendLatent(GetParam(), bytes.data()),
            rows.attendLatent("f32", values.data()));
  EXPECT_EQ(rows.latentAttention(GetParam(), bytes.data()),
            rows.latentAttention("f32", values.data()));
}

TEST(CachedAttention, KeepsNaNCodesNaN) {
  CachedRows rows;
  std::vector<uint8_t> bytes =
      stored("f8E4M3FN", randomFloats(4 * kPage * CachedRows::kWidth, 2));
  // Position 2, in page 3: its score is a NaN, and so is every weight.
  bytes[(3 * kPage + 2) * CachedRows::kWidth + 5] = 0x7f;
  for (float value : rows.attendLatent("f8E4M3FN", bytes.data()))
    EXPECT_TRUE(std::isnan(value));
}

TEST(CachedAttention, RefusesAFormatThatKernelsCannotRead) {
  const char *f16 =
      "func.func @f(%c: !ingot.kv_cache<2x16xf16>, %h: tensor<?x12xf32>, %t: "
      "tensor<?x4xf32>, %b: !ingot.batch) -> !ingot.kv_cache<2x16xf16> {\n%0 = "
      "ingot.kv_append %c[1], %h, %t, %b : !ingot.kv_cache<2x16xf16>, "
      "tensor<?x12xf32>, tensor<?x4xf32>\nreturn %0 : "
      "!ingot.kv_cache<2x16xf16>\n}";
  EXPECT_EQ(rejection(f16),
            "'ingot.kv_append' op has no kernel: expects a cache of f32, bf16 "
            "or f8E4M3FN, got '!ingot.kv_cache<2x16xf16>'");
}

} // namespace
} // namespace ingot::test
