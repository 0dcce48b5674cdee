//===- RowTest.cpp - kernels that work on rows ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <cmath>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

TEST(AddKernel, AddsRowsOfAnyLength) {
  KernelHarness kernel(
      "func.func @f(%x: tensor<?x9001xf32>, %y: tensor<?x9001xf32>) -> "
      "tensor<?x9001xf32> {\n%0 = ingot.add %x, %y : tensor<?x9001xf32>\n"
      "return %0 : tensor<?x9001xf32>\n}");
  Floats a = randomFloats(3 * 9001, 1), b = randomFloats(3 * 9001, 2),
         y(3 * 9001);
  kernel.operands = {{0, a.data()}, {1, b.data()}};
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", 3}};
  kernel.run();
  for (size_t i = 0; i < y.size(); ++i)
    ASSERT_EQ(y[i], a[i] + b[i]);
}

TEST(SwigluKernel, IsSiluTimesUpOverTheWholeRange) {
  KernelHarness kernel(
      "func.func @f(%x: tensor<?x1037xf32>, %y: tensor<?x1037xf32>) -> "
      "tensor<?x1037xf32> {\n%0 = ingot.swiglu %x, %y : tensor<?x1037xf32>\n"
      "return %0 : tensor<?x1037xf32>\n}");
  Floats gate(1037), up = randomFloats(1037, 2), y(1037);
  for (int i = 0; i < 1037; ++i)
    gate[i] = 0.25f * static_cast<float>(i - 518);
  kernel.operands = {{0, gate.data()}, {1, up.data()}};
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", 1}};
  kernel.run();
  for (int i = 0; i < 1037; ++i) {
    double x = gate[i];
    double expected = x / (1.0 + std::exp(-x)) * up[i];
    // Below -88.7 the exponential of -x overflows and the result is 0, which
    // is less than 1e-36 off.
    ASSERT_NEAR(y[i], expected, 4e-7 * std::fabs(expected) + 1e-36) << x;
  }
}

TEST(SwigluKernel, KeepsNaN) {
  KernelHarness kernel(
      "func.func @f(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> "
      "tensor<?x4xf32> {\n%0 = ingot.swiglu %x, %y : tensor<?x4xf32>\n"
      "return %0 : tensor<?x4xf32>\n}");
  Floats gate = {NAN, 1, 2, 3}, up = {1, 1, NAN, 1}, y(4);
  kernel.operands = {{0, gate.data()}, {1, up.data()}};
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", 1}};
  kernel.run();
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_FALSE(std::isnan(y[1]));
  EXPECT_TRUE(std::isnan(y[2]));
}

TEST(ConcatAndSplitKernels, AreInverse) {
  KernelHarness concat(
      "func.func @f(%x: tensor<?x5xf32>, %y: tensor<?x3xf32>) -> "
      "tensor<?x8xf32> {\n%0 = ingot.concat %x, %y : tensor<?x5xf32>, "
      "tensor<?x3xf32> -> tensor<?x8xf32>\nreturn %0 : tensor<?x8xf32>\n}");
  KernelHarness split(
      "func.func @f(%x: tensor<?x8xf32>) -> (tensor<?x5xf32>, tensor<?x3xf32>) "
      "{\n%0:2 = ingot.split %x : tensor<?x8xf32> -> tensor<?x5xf32>, "
      "tensor<?x3xf32>\nreturn %0#0, %0#1 : tensor<?x5xf32>, "
      "tensor<?x3xf32>\n}");
  Floats head = randomFloats(2 * 5, 1), tail = randomFloats(2 * 3, 2), y(2 * 8);
  concat.operands = {{0, head.data()}, {1, tail.data()}};
  concat.results = {{0, y.data()}};
  concat.symbols = {{"T", 2}};
  concat.run();
  EXPECT_EQ(y[4], head[4]);
  EXPECT_EQ(y[5], tail[0]);
  EXPECT_EQ(y[8], head[5]);
  Floats head2(2 * 5), tail2(2 * 3);
  split.operands = {{0, y.data()}};
  split.results = {{0, head2.data()}, {1, tail2.data()}};
  split.symbols = {{"T", 2}};
  split.run();
  EXPECT_EQ(head2, head);
  EXPECT_EQ(tail2, tail);
}

class RmsNormKernel : public testing::TestWithParam<const char *> {};

TEST_P(RmsNormKernel, NormalisesEachRow) {
  constexpr int64_t kSize = 90;
  TestWeight w = randomWeight(GetParam(), 1, kSize, 1);
  std::string weight = "tensor<90x" + elementType(GetParam()) + ">";
  KernelHarness kernel("func.func @f(%x: tensor<?x90xf32>, %w: " + weight +
                       ") -> tensor<?x90xf32> {\n%0 = ingot.rms_norm %x, %w "
                       "eps 1.0e-2 : tensor<?x90xf32>, " +
                       weight + "\nreturn %0 : tensor<?x90xf32>\n}");
  Floats x = randomFloats(5 * kSize, 2), y(5 * kSize);
  kernel.operands = {{0, x.data()}, {1, w.bytes.data()}};
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", 5}};
  kernel.run();
  for (int64_t t = 0; t < 5; ++t) {
    double squares = 0;
    for (int64_t i = 0; i < kSize; ++i)
      squares += double(x[t * kSize + i]) * x[t * kSize + i];
    double inverse = 1.0 / std::sqrt(squares / kSize + 1e-2);
    for (int64_t i = 0; i < kSize; ++i) {
      double expected = x[t * kSize + i] * inverse * w.values[i];
      ASSERT_NEAR(y[t * kSize + i], expected, 1e-6 * std::fabs(expected));
    }
  }
}

// In one launch as in two: the same bits.
TEST_P(RmsNormKernel, AfterASumHasTheBitsOfBothApart) {
  constexpr int64_t kSize = 90;
  TestWeight w = randomWeight(GetParam(), 1, kSize, 1);
  std::string weight = "tensor<90x" + elementType(GetParam()) + ">";
  KernelHarness joint(
      "func.func @f(%x: tensor<?x90xf32>, %u: tensor<?x90xf32>, %w: " + weight +
      ") {\n%0:2 = ingot.add_rms_norm %x, %u, %w eps 1.0e-2 : "
      "tensor<?x90xf32>, " +
      weight + "\nreturn\n}");
  KernelHarness norm("func.func @f(%x: tensor<?x90xf32>, %w: " + weight +
                     ") {\n%0 = ingot.rms_norm %x, %w eps 1.0e-2 : "
                     "tensor<?x90xf32>, " +
                     weight + "\nreturn\n}");
  Floats x = randomFloats(3 * kSize, 2), u = randomFloats(3 * kSize, 3);
  Floats sum(3 * kSize), y(3 * kSize), apart(3 * kSize);
  joint.operands = {{0, x.data()}, {1, u.data()}, {2, w.bytes.data()}};
  joint.results = {{0, sum.data()}, {1, y.data()}};
  joint.symbols = {{"T", 3}};
  joint.run();
  for (size_t i = 0; i < sum.size(); ++i)
    ASSERT_EQ(sum[i], x[i] + u[i]);
  norm.operands = {{0, sum.data()}, {1, w.bytes.data()}};
  norm.results = {{0, apart.data()}};
  norm.symbols = {{"T", 3}};
  norm.run();
  EXPECT_EQ(y, apart);
}

// Each head by itself, all by one weight: a row of 4 heads is 4 rows of one.
TEST_P(RmsNormKernel, OfHeadsHasTheBitsOfRowsOfOneHead) {
  constexpr int64_t kSize = 24, kHeads = 4;
  TestWeight w = randomWeight(GetParam(), 1, kSize, 1);
  std::string weight = "tensor<24x" + elementType(GetParam()) + ">";
  auto ir = [&](const std::string &x, const std::string &heads) {
    return "func.func @f(%x: " + x + ", %w: " + weight +
           ") {\n%0 = ingot.rms_norm %x, %w" + heads + " eps 1.0e-2 : " + x +
           ", " + weight + "\nreturn\n}";
  };
  KernelHarness joint(ir("tensor<?x96xf32>", " heads 4")),
      single(ir("tensor<?x24xf32>", ""));
  Floats x = randomFloats(3 * kHeads * kSize, 2), y(x.size()), rows(x.size());
  joint.operands = single.operands = {{0, x.data()}, {1, w.bytes.data()}};
  joint.results = {{0, y.data()}};
  joint.symbols = {{"T", 3}};
  joint.run();
  single.results = {{0, rows.data()}};
  single.symbols = {{"T", 3 * kHeads}};
  single.run();
  EXPECT_EQ(y, rows);
}

TEST(RmsNormKernelWithoutAWeight, NormalisesEachHead) {
  constexpr int64_t kSize = 40, kHeads = 3;
  KernelHarness kernel(
      "func.func @f(%x: tensor<?x120xf32>) {\n%0 = ingot.rms_norm %x heads 3 "
      "eps 1.0e-2 : tensor<?x120xf32>\nreturn\n}");
  EXPECT_EQ(kernel.selection().launches[0].kernel, "rms_norm_k40_h3");
  Floats x = randomFloats(2 * kHeads * kSize, 2), y(x.size());
  kernel.operands = {{0, x.data()}};
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", 2}};
  kernel.run();
  for (size_t head = 0; head < x.size(); head += kSize) {
    double squares = 0;
    for (int64_t i = 0; i < kSize; ++i)
      squares += double(x[head + i]) * x[head + i];
    double inverse = 1.0 / std::sqrt(squares / kSize + 1e-2);
    for (int64_t i = 0; i < kSize; ++i)
      ASSERT_NEAR(y[head + i], x[head + i] * inverse, 1e-6) << head + i;
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, RmsNormKernel,
                         testing::Values("f32", "f16", "bf16"));

class EmbedKernel : public testing::TestWithParam<const char *> {};

TEST_P(EmbedKernel, CopiesTheRowsOfTheTokens) {
  TestWeight w = randomWeight(GetParam(), 200, 160, 1);
  KernelHarness kernel(
      "func.func @f(%b: !ingot.batch, %w: " + w.type() +
      ") -> tensor<?x160xf32> {\n%0 = ingot.embed %b, %w : " + w.type() +
      " -> tensor<?x160xf32>\nreturn %0 : "
      "tensor<?x160xf32>\n}");
  std::vector<int32_t> tokens = {199, 0, 130, 130};
  Floats y(tokens.size() * 160);
  kernel.operands = {{1, w.bytes.data()}};
  kernel.scales = {{1, w.scales.data()}};
  kernel.results = {{0, y.data()}};
  kernel.batch = {{"tokens", tokens.data()}};
  kernel.symbols = {{"T", 4}};
  kernel.run();
  for (size_t i = 0; i < y.size(); ++i)
    ASSERT_FLOAT_EQ(y[i], w.values[tokens[i / 160] * 160 + i % 160]) << i;
}

INSTANTIATE_TEST_SUITE_P(Formats, EmbedKernel,
                         testing::Values("f32", "f16", "bf16", "f8"));

class RopeKernel : public testing::TestWithParam<const char *> {};

TEST_P(RopeKernel, TurnsPairsExactlyEvenFarOut) {
  bool interleaved = GetParam() == std::string("interleaved");
  KernelHarness kernel(
      "#rope = #ingot.rope<dim = 8, theta = 1.0e4 : f64, layout = " +
      std::string(GetParam()) +
      ">\nfunc.func @f(%x: tensor<?x120xf32>, %b: !ingot.batch) -> "
      "tensor<?x120xf32> {\n%0 = ingot.rope %x, %b heads 10 rope #rope : "
      "tensor<?x120xf32>\nreturn %0 : tensor<?x120xf32>\n}");
  std::vector<int32_t> positions = {0, 1, 4097, 163839};
  Floats x = randomFloats(4 * 120, 3), y(4 * 120);
  kernel.operands = {{0, x.data()}};
  kernel.results = {{0, y.data()}};
  kernel.batch = {{"positions", positions.data()}};
  kernel.symbols = {{"T", 4}};
  kernel.run();
  for (int row = 0; row < 4 * 10; ++row) {
    const float *in = &x[row * 12], *out = &y[row * 12];
    for (int d = 0; d < 4; ++d)
      ASSERT_EQ(out[d], in[d]) << "values without position pass unchanged";
    for (int j = 0; j < 4; ++j) {
      double angle = positions[row / 10] * std::pow(1e4, -2.0 * j / 8);
      int a = 4 + (interleaved ? 2 * j : j);
      int b = a + (interleaved ? 1 : 4);
      ASSERT_NEAR(out[a], in[a] * std::cos(angle) - in[b] * std::sin(angle),
                  1e-6)
          << "row " << row << " pair " << j;
      ASSERT_NEAR(out[b], in[a] * std::sin(angle) + in[b] * std::cos(angle),
                  1e-6);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, RopeKernel,
                         testing::Values("interleaved", "halves"));

TEST(RopeKernel, MultipliesByTheMagnitudeOfYarn) {
  KernelHarness kernel(
      "#yarn = #ingot.yarn<factor = 4.0 : f64, original = 256, beta_fast = "
      "32.0 : f64, beta_slow = 1.0 : f64, magnitude = 1.5 : f64>\n"
      "#rope = #ingot.rope<dim = 2, theta = 1.0e4 : f64, layout = halves, "
      "scaling = #yarn>\n"
      "func.func @f(%x: tensor<?x2xf32>, %b: !ingot.batch) -> tensor<?x2xf32> "
      "{\n%0 = ingot.rope %x, %b heads 1 rope #rope : tensor<?x2xf32>\n"
      "return %0 : tensor<?x2xf32>\n}");
  std::vector<int32_t> positions = {0};
  Floats x = {2, 3}, y(2);
  kernel.operands = {{0, x.data()}};
  kernel.results = {{0, y.data()}};
  kernel.batch = {{"positions", positions.data()}};
  kernel.symbols = {{"T", 1}};
  kernel.run();
  EXPECT_EQ(y, (Floats{3.0f, 4.5f}));
}

} // namespace
} // namespace ingot::test
