//===- TransposeTest.cpp - the kernels that turn weights around -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Columns of a weight become rows, as they are or in E4M3 without a copy
// between.
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

struct Columns {
  const char *format;
  /// The source is [k, n], of which columns `from` to before `to` are taken.
  int64_t k, n, from, to;
  int64_t blockRows = 128, blockColumns = 128;

  std::string transposed() const {
    return "tensor<" + std::to_string(to - from) + "x" + std::to_string(k) +
           "x" + format + ">";
  }
  /// Of a function that transposes, or does so and goes on with `more`.
  std::string ir(const std::string &more = "") const {
    std::string source = "tensor<" + std::to_string(k) + "x" +
                         std::to_string(n) + "x" + format + ">";
    return "func.func @f(%x: " + source +
           ") {\n%0 = ingot.transpose %x columns " + std::to_string(from) +
           " to " + std::to_string(to) + " : " + source + " -> " +
           transposed() + "\n" + more + "return\n}";
  }
};

// Partial tiles of either side, whole ones and more; single rows and columns.
const Columns kColumns[] = {
    {"bf16", 96, 160, 0, 160},     {"bf16", 130, 256, 128, 256},
    {"f16", 64, 64, 0, 64},        {"f32", 70, 50, 7, 33},
    {"f32", 1, 9, 8, 9},           {"bf16", 256, 600, 300, 600},
    {"bf16", 33, 27, 3, 20, 16, 8}};

std::string name(const testing::TestParamInfo<Columns> &info) {
  const Columns &c = info.param;
  return std::string(c.format) + "_" + std::to_string(c.k) + "x" +
         std::to_string(c.n) + "_from" + std::to_string(c.from);
}

class TransposeKernel : public testing::TestWithParam<Columns> {};
INSTANTIATE_TEST_SUITE_P(Sizes, TransposeKernel, testing::ValuesIn(kColumns),
                         name);

TEST_P(TransposeKernel, MakesColumnsRows) {
  const Columns &c = GetParam();
  TestWeight w = randomWeight(c.format, c.k, c.n, 3);
  int64_t bytes = int64_t(w.bytes.size()) / (c.k * c.n);
  std::vector<uint8_t> expected;
  for (int64_t n = c.from; n < c.to; ++n)
    for (int64_t k = 0; k < c.k; ++k)
      for (int64_t b = 0; b < bytes; ++b)
        expected.push_back(w.bytes[(k * c.n + n) * bytes + b]);
  KernelHarness kernel(c.ir());
  std::vector<uint8_t> y(expected.size(), 0xaa);
  kernel.operands = {{0, w.bytes.data()}};
  kernel.results = {{0, y.data()}};
  kernel.run();
  EXPECT_EQ(y, expected);
}

TEST_P(TransposeKernel, QuantizesWithoutACopyWhatIsTransposedFirst) {
  const Columns &c = GetParam();
  TestWeight w = randomWeight(c.format, c.k, c.n, 3);
  int64_t rows = c.to - c.from;
  Floats transposed;
  for (int64_t n = c.from; n < c.to; ++n)
    for (int64_t k = 0; k < c.k; ++k)
      transposed.push_back(w.values[k * c.n + n]);
  Quantised expected =
      quantiseNaively(transposed, rows, c.k, c.blockRows, c.blockColumns);
  KernelHarness kernel(
      c.ir("%1 = ingot.quantize %0 : " + c.transposed() + " -> tensor<" +
           std::to_string(rows) + "x" + std::to_string(c.k) +
           "x!ingot.scaled<f8E4M3FN, block = " + std::to_string(c.blockRows) +
           "x" + std::to_string(c.blockColumns) + ", scale = f32>>\n"));
  ASSERT_EQ(kernel.selection().launches.size(), 1u);
  Quantised got{std::vector<uint8_t>(rows * c.k, 0xaa),
                Floats(expected.scales.size(), -1.0f)};
  // The source of the first operand.
  kernel.operands = {{0, w.bytes.data()}};
  kernel.results = {{0, got.codes.data()}};
  kernel.resultScales = {{0, got.scales.data()}};
  kernel.run();
  EXPECT_EQ(got, expected);
}

TEST(QuantizeKernel, RefusesBlocksOfColumnsThatFillTheStack) {
  Columns c{"f32", 512, 64, 0, 64};
  EXPECT_EQ(rejection(c.ir("%1 = ingot.quantize %0 : tensor<64x512xf32> -> "
                           "tensor<64x512x!ingot.scaled<f8E4M3FN, block = "
                           "64x512, scale = f32>>\n")),
            "'ingot.quantize' op has no kernel: 'quantize' expects blocks of "
            "at most 16384 values");
}

} // namespace
} // namespace ingot::test
