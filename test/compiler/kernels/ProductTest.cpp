//===- ProductTest.cpp - products with weights ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <algorithm>
#include <bit>
#include <cmath>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

std::string linearIr(const TestWeight &w) {
  std::string n = std::to_string(w.n), k = std::to_string(w.k);
  return "func.func @f(%x: tensor<?x" + k + "xf32>, %w: " + w.type() +
         ") -> tensor<?x" + n +
         "xf32> {\n%0 = ingot.linear %x, %w : tensor<?x" + k + "xf32>, " +
         w.type() + " -> tensor<?x" + n + "xf32>\nreturn %0 : tensor<?x" + n +
         "xf32>\n}";
}

Floats runLinear(KernelHarness &kernel, const TestWeight &w, const Floats &x) {
  int64_t t = static_cast<int64_t>(x.size()) / w.k;
  Floats y(t * w.n, -1.0f);
  kernel.operands[0] = x.data();
  kernel.operands[1] = w.bytes.data();
  kernel.scales = {{1, w.scales.data()}};
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", t}};
  kernel.run();
  return y;
}

/// In double, with the magnitude of the terms as the yardstick for rounding.
void expectProduct(const Floats &y, const TestWeight &w, const Floats &x) {
  for (size_t i = 0; i < y.size(); ++i) {
    int64_t t = static_cast<int64_t>(i) / w.n,
            n = static_cast<int64_t>(i) % w.n;
    double sum = 0, magnitude = 0;
    for (int64_t k = 0; k < w.k; ++k) {
      double term = double(x[t * w.k + k]) * w.values[n * w.k + k];
      sum += term;
      magnitude += std::fabs(term);
    }
    ASSERT_NEAR(y[i], sum, 1e-6 * magnitude) << "row " << t << " column " << n;
  }
}

struct Shape {
  const char *format;
  int64_t n, k;
};

class LinearKernel : public testing::TestWithParam<Shape> {};

TEST_P(LinearKernel, EqualsADoubleLoopForAnyNumberOfTokens) {
  auto [format, n, k] = GetParam();
  TestWeight w = randomWeight(format, n, k, 7);
  KernelHarness kernel(linearIr(w));
  for (int64_t t : {1, 2, 3, 5, 17, 70}) {
    Floats x = randomFloats(t * k, static_cast<unsigned>(t));
    expectProduct(runLinear(kernel, w, x), w, x);
  }
}

TEST_P(LinearKernel, GivesARowTheSameBitsAloneAndAmongOthers) {
  auto [format, n, k] = GetParam();
  TestWeight w = randomWeight(format, n, k, 8);
  KernelHarness kernel(linearIr(w));
  Floats x = randomFloats(67 * k, 9);
  Floats all = runLinear(kernel, w, x);
  for (int64_t t = 0; t < 67; ++t) {
    Floats row(x.begin() + t * k, x.begin() + (t + 1) * k);
    Floats alone = runLinear(kernel, w, row);
    for (int64_t i = 0; i < n; ++i)
      ASSERT_EQ(std::bit_cast<uint32_t>(alone[i]),
                std::bit_cast<uint32_t>(all[t * n + i]));
  }
}

// 160 = 128 + 32 and 576 = 4.5 * 128 end in a partial block, 576 and 700 in a
// partial panel; 33, 50 and 131 rows are no multiple of a micro-tile; 100 and
// 27 columns leave vectors of 4 and 1.
INSTANTIATE_TEST_SUITE_P(
    Shapes, LinearKernel,
    testing::Values(Shape{"f8", 131, 160}, Shape{"f8", 33, 576},
                    Shape{"f8", 300, 96}, Shape{"bf16", 64, 96},
                    Shape{"bf16", 50, 100}, Shape{"bf16", 13, 700},
                    Shape{"f16", 33, 160}, Shape{"f32", 7, 27},
                    Shape{"f32", 1, 64}),
    [](const auto &info) {
      return std::string(info.param.format) + "_n" +
             std::to_string(info.param.n) + "_k" + std::to_string(info.param.k);
    });

class E4M3Kernel : public testing::TestWithParam<bool> {};

TEST_P(E4M3Kernel, DecodesEveryCodeExactly) {
  // Row c holds code c once; a one-hot input picks it out.
  TestWeight w{"f8",         256, 128, std::vector<uint8_t>(256 * 128),
               {1.0f, 1.0f}, {}};
  for (int c = 0; c < 256; ++c)
    w.bytes[c * 128 + 5] = static_cast<uint8_t>(c);
  KernelHarness kernel(linearIr(w), {.byteTables = GetParam()});
  Floats x(128, 0.0f);
  x[5] = 1.0f;
  Floats y = runLinear(kernel, w, x);
  for (int c = 0; c < 256; ++c) {
    float expected = decodeE4M3(static_cast<uint8_t>(c));
    if (std::isnan(expected))
      EXPECT_TRUE(std::isnan(y[c])) << "code " << c;
    else
      EXPECT_EQ(y[c], expected) << "code " << c;
  }
}

// By tables or by halves: where the processor has both, the bits are the same.
TEST(E4M3Decoding, HasTheSameBitsByTablesAndByHalves) {
  TestWeight w = randomWeight("f8", 50, 576, 31);
  KernelHarness tables(linearIr(w), {.byteTables = true}),
      halves(linearIr(w), {.byteTables = false});
  for (int64_t t : {1, 9}) {
    Floats x = randomFloats(t * 576, 32);
    EXPECT_EQ(runLinear(tables, w, x), runLinear(halves, w, x));
  }
}

INSTANTIATE_TEST_SUITE_P(TablesAndHalves, E4M3Kernel, testing::Bool());

TEST(LinearKernel, ScalesWholeRows) {
  // Two panels wide, so that a block's sum goes on from one to the next.
  TestWeight w = randomWeight("f8", 20, 700, 12);
  w.scales = randomFloats(20, 13);
  for (int64_t i = 0; i < w.n * w.k; ++i)
    w.values[i] = decodeE4M3(w.bytes[i]) * w.scales[i / w.k];
  std::string ir = linearIr(w), block = "128x128";
  for (size_t at; (at = ir.find(block)) != std::string::npos;)
    ir.replace(at, block.size(), "1x700");
  KernelHarness kernel(ir);
  Floats x = randomFloats(5 * 700, 14);
  Floats y = runLinear(kernel, w, x);
  expectProduct(y, w, x);
  Floats alone = runLinear(kernel, w, Floats(x.begin(), x.begin() + 700));
  EXPECT_TRUE(std::equal(alone.begin(), alone.end(), y.begin()));
}

TEST_P(E4M3Kernel, GivesNaNForARowWithANaNCodeAnywhere) {
  // The last row and the one before it share a micro-tile with whole rows.
  TestWeight w = randomWeight("f8", 10, 192, 11);
  for (size_t at : {size_t(0), size_t(3 * 192 + 31), size_t(8 * 192 + 127)})
    w.bytes[at] = 0x7f;
  w.bytes[10 * 192 - 1] = 0xff;
  KernelHarness kernel(linearIr(w), {.byteTables = GetParam()});
  for (int64_t t : {1, 6}) {
    // Zeros, which no arithmetic turns into a number either.
    Floats y = runLinear(kernel, w, Floats(t * 192, 0.0f));
    for (int64_t i = 0; i < t * 10; ++i) {
      int64_t row = i % 10;
      bool expected = row == 0 || row == 3 || row == 8 || row == 9;
      EXPECT_EQ(std::isnan(y[i]), expected) << "row " << row;
    }
  }
}

TEST(LinearKernel, ReadsWeightsAtAnyAlignment) {
  TestWeight w = randomWeight("bf16", 16, 64, 3);
  KernelHarness kernel(linearIr(w));
  Floats x = randomFloats(64, 4);
  Floats expected = runLinear(kernel, w, x);
  w.bytes.insert(w.bytes.begin(), 0);
  Floats y(16);
  kernel.operands[0] = x.data();
  kernel.operands[1] = w.bytes.data() + 1;
  kernel.results[0] = y.data();
  kernel.run();
  EXPECT_EQ(y, expected);
}

// In one launch as in three: the same bits, for one token and for a tile.
class BiasedLinearKernel : public testing::TestWithParam<const char *> {};
INSTANTIATE_TEST_SUITE_P(Formats, BiasedLinearKernel,
                         testing::Values("f32", "f16", "bf16"));

// For one token and for many, whose sums are made apart.
TEST_P(BiasedLinearKernel, AddsTheBiasToTheProduct) {
  TestWeight w = randomWeight("f8", 50, 96, 7);
  TestWeight bias = randomWeight(GetParam(), 1, 50, 8);
  std::string biasType = "tensor<50x" + elementType(GetParam()) + ">";
  KernelHarness plain(linearIr(w)),
      biased("func.func @f(%x: tensor<?x96xf32>, %w: " + w.type() + ", %b: " +
             biasType + ") {\n%0 = ingot.linear %x, %w bias %b : " + biasType +
             " : tensor<?x96xf32>, " + w.type() +
             " -> tensor<?x50xf32>\nreturn\n}");
  EXPECT_EQ(biased.selection().launches[0].kernel,
            std::string("linear_f8e4m3_n50_k96_bias_") + GetParam());
  for (int64_t t : {1, 6}) {
    Floats x = randomFloats(t * 96, 3), expected = runLinear(plain, w, x);
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] += bias.values[i % 50];
    biased.operands[2] = bias.bytes.data();
    EXPECT_EQ(runLinear(biased, w, x), expected);
  }
}

TEST(GatedLinearKernel, HasTheBitsOfTwoProductsAndTheirGate) {
  for (const char *format : {"f8", "bf16"}) {
    TestWeight gate = randomWeight(format, 50, 160, 21),
               up = randomWeight(format, 50, 160, 22);
    KernelHarness first(linearIr(gate)), second(linearIr(up));
    KernelHarness joint(
        "func.func @f(%x: tensor<?x160xf32>, %g: " + gate.type() +
        ", %u: " + up.type() +
        ") {\n%0 = ingot.gated_linear %x, %g, %u : "
        "tensor<?x160xf32>, " +
        gate.type() + ", " + up.type() + " -> tensor<?x50xf32>\nreturn\n}");
    KernelHarness swiglu(
        "func.func @f(%x: tensor<?x50xf32>, %y: tensor<?x50xf32>) {\n"
        "%0 = ingot.swiglu %x, %y : tensor<?x50xf32>\nreturn\n}");
    for (int64_t t : {1, 9}) {
      Floats x = randomFloats(t * 160, 23), y(t * 50), expected(t * 50);
      joint.operands = {
          {0, x.data()}, {1, gate.bytes.data()}, {2, up.bytes.data()}};
      joint.scales = {{1, gate.scales.data()}, {2, up.scales.data()}};
      joint.results = {{0, y.data()}};
      joint.symbols = {{"T", t}};
      joint.run();
      Floats gates = runLinear(first, gate, x), ups = runLinear(second, up, x);
      swiglu.operands = {{0, gates.data()}, {1, ups.data()}};
      swiglu.results = {{0, expected.data()}};
      swiglu.symbols = {{"T", t}};
      swiglu.run();
      EXPECT_EQ(y, expected) << format << " with " << t << " tokens";
    }
  }
}

TEST(GatedLinearKernel, RejectsGateAndUpInTwoFormats) {
  EXPECT_EQ(rejection("func.func @f(%x: tensor<?x8xf32>, %g: tensor<4x8xf32>, "
                      "%u: tensor<4x8xbf16>) {\n%0 = ingot.gated_linear %x, "
                      "%g, %u : tensor<?x8xf32>, tensor<4x8xf32>, "
                      "tensor<4x8xbf16> -> tensor<?x4xf32>\nreturn\n}"),
            "'ingot.gated_linear' op has no kernel: expects gate and up in one "
            "format, got 'tensor<4x8xf32>' and 'tensor<4x8xbf16>'");
}

TEST(LogitsKernel, ReadsTheRowsThatAreAskedFor) {
  TestWeight w = randomWeight("bf16", 90, 64, 5);
  KernelHarness kernel(
      "func.func @f(%x: tensor<?x64xf32>, %w: tensor<90x64xbf16>, %b: "
      "!ingot.batch) -> tensor<?x90xf32> {\n%0 = ingot.logits %x, %w, %b : "
      "tensor<?x64xf32>, tensor<90x64xbf16> -> tensor<?x90xf32>\n return %0 : "
      "tensor<?x90xf32>\n}");
  Floats x = randomFloats(9 * 64, 6);
  std::vector<int32_t> rows = {8, 0, 3, 3, 7};
  Floats y(rows.size() * 90);
  kernel.operands = {{0, x.data()}, {1, w.bytes.data()}};
  kernel.results = {{0, y.data()}};
  kernel.batch = {{"logit_row", rows.data()}};
  kernel.symbols = {{"T", 9}, {"R", 5}};
  kernel.run();
  Floats gathered;
  for (int32_t row : rows)
    gathered.insert(gathered.end(), x.begin() + row * 64,
                    x.begin() + (row + 1) * 64);
  expectProduct(y, w, gathered);
}

} // namespace
} // namespace ingot::test
