//===- QuantizeTest.cpp - weights become scaled E4M3 ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace ingot::test {
namespace {

struct Shape {
  const char *format;
  int64_t n, k;
  int64_t blockRows = 128, blockColumns = 128;
};

std::string quantizeIr(const Shape &s) {
  std::string shape = std::to_string(s.n) + "x" + std::to_string(s.k) + "x";
  std::string from = "tensor<" + shape + s.format + ">";
  std::string to = "tensor<" + shape + "!ingot.scaled<f8E4M3FN, block = " +
                   std::to_string(s.blockRows) + "x" +
                   std::to_string(s.blockColumns) + ", scale = f32>>";
  return "func.func @f(%x: " + from + ") {\n%0 = ingot.quantize %x : " + from +
         " -> " + to + "\nreturn\n}";
}

int64_t blocksOf(int64_t size, int64_t block) {
  return (size + block - 1) / block;
}

Quantised runKernel(const Shape &s, const std::vector<uint8_t> &bytes) {
  KernelHarness kernel(quantizeIr(s));
  Quantised out{
      std::vector<uint8_t>(s.n * s.k, 0xaa),
      Floats(blocksOf(s.n, s.blockRows) * blocksOf(s.k, s.blockColumns),
             -1.0f)};
  kernel.operands = {{0, bytes.data()}};
  kernel.results = {{0, out.codes.data()}};
  kernel.resultScales = {{0, out.scales.data()}};
  kernel.run();
  return out;
}

Quantised expected(const Shape &s, const Floats &values) {
  return quantiseNaively(values, s.n, s.k, s.blockRows, s.blockColumns);
}

class QuantizeKernel : public testing::TestWithParam<Shape> {};

TEST_P(QuantizeKernel, EqualsANaiveLoopBitForBit) {
  Shape shape = GetParam();
  TestWeight w = randomWeight(shape.format, shape.n, shape.k, 21);
  EXPECT_EQ(runKernel(shape, w.bytes), expected(shape, w.values));
}

// 576 = 4.5 * 128 ends in a partial block; 100 and 27 columns leave vectors of
// 4 and 1.
INSTANTIATE_TEST_SUITE_P(
    Shapes, QuantizeKernel,
    testing::Values(Shape{"bf16", 131, 160}, Shape{"bf16", 128, 576},
                    Shape{"bf16", 50, 100}, Shape{"f16", 33, 256},
                    Shape{"f32", 7, 27}, Shape{"f32", 1, 1},
                    Shape{"bf16", 70, 96, 32, 64}),
    [](const auto &info) {
      return std::string(info.param.format) + "_n" +
             std::to_string(info.param.n) + "_k" + std::to_string(info.param.k);
    });

std::vector<uint8_t> bytesOf(const Floats &values) {
  auto *begin = reinterpret_cast<const uint8_t *>(values.data());
  return {begin, begin + values.size() * sizeof(float)};
}

TEST(QuantizeKernel, RoundsEveryCodeNeighbourAndTie) {
  // With 448 in the block the scale is 1: codes, the middles between them and
  // what lies right beside those, of both signs.
  Floats values = {448.0f, 0.0f, -0.0f, 447.99f, 0x1p-10f, 0x1.8p-10f};
  for (int code = 0; code < 0x7e; ++code) {
    float low = decodeE4M3(code), high = decodeE4M3(code + 1);
    float middle = (low + high) / 2;
    for (float value :
         {low, middle, std::nextafter(middle, 0.0f),
          std::nextafter(middle, std::numeric_limits<float>::infinity())}) {
      values.push_back(value);
      values.push_back(-value);
    }
  }
  Shape shape{"f32", 1, static_cast<int64_t>(values.size()), 128, 2048};
  Quantised got = runKernel(shape, bytesOf(values));
  EXPECT_EQ(got.scales, Floats{1.0f});
  EXPECT_EQ(got, expected(shape, values));
}

TEST(QuantizeKernel, KeepsNaNSaturatesInfinityAndZeroesWhatIsTiny) {
  const float inf = std::numeric_limits<float>::infinity(),
              nan = std::numeric_limits<float>::quiet_NaN();
  Floats values = {448,    nan,     -inf,  1, // scale 1, NaN, -448
                   0,      0,       -0.0f, 0, // scale 1, zeros
                   1e-37f, -5e-36f, 0,     0, // amax / 448 is no normal number
                   6e-36f, -3e-36f, 0,     0, // just large enough
                   nan,    inf,     nan,   -nan}; // nothing finite
  Shape shape{"f32", 5, 4, 1, 4};
  Quantised got = runKernel(shape, bytesOf(values));
  EXPECT_EQ(got, expected(shape, values));
  EXPECT_EQ(got.codes[1] & 0x7f, 0x7f);
  EXPECT_EQ(got.codes[2], 0xfe);
  EXPECT_EQ(got.scales[1], 1.0f);
  EXPECT_EQ(got.scales[2], 1.0f);
  EXPECT_EQ(got.codes[9], 0x80);
  EXPECT_EQ(got.codes[12], 0x7e);
  EXPECT_EQ(got.codes[17], 0x7e);
}

} // namespace
} // namespace ingot::test
