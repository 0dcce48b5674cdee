//===- WideRowTest.cpp - rows with many values a thread -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A thread of a GPU has many values of such a row, and takes some of them
// before the others; no size here is a multiple of anything.
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <cmath>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

TEST(WideRowKernels, NormaliseAllOfARow) {
  constexpr int64_t kSize = 1301;
  TestWeight w = randomWeight("bf16", 1, kSize, 1);
  KernelHarness kernel(
      "func.func @f(%x: tensor<?x1301xf32>, %u: tensor<?x1301xf32>, %w: "
      "tensor<1301xbf16>) {\n%0:2 = ingot.add_rms_norm %x, %u, %w eps 1.0e-2 : "
      "tensor<?x1301xf32>, tensor<1301xbf16>\nreturn\n}");
  Floats x = randomFloats(2 * kSize, 2), u = randomFloats(2 * kSize, 3);
  Floats sum(2 * kSize), y(2 * kSize);
  kernel.operands = {{0, x.data()}, {1, u.data()}, {2, w.bytes.data()}};
  kernel.results = {{0, sum.data()}, {1, y.data()}};
  kernel.symbols = {{"T", 2}};
  kernel.run();
  for (int64_t row = 0; row < 2 * kSize; row += kSize) {
    double squares = 0;
    for (int64_t i = row; i < row + kSize; ++i) {
      ASSERT_EQ(sum[i], x[i] + u[i]);
      squares += double(sum[i]) * sum[i];
    }
    double inverse = 1.0 / std::sqrt(squares / kSize + 1e-2);
    for (int64_t i = 0; i < kSize; ++i) {
      double expected = sum[row + i] * inverse * w.values[i];
      ASSERT_NEAR(y[row + i], expected, 1e-6 * std::fabs(expected)) << i;
    }
  }
}

TEST(WideRowKernels, SplitWhatTheyConcatenate) {
  constexpr int64_t kHead = 8201, kTail = 519;
  KernelHarness concat(
      "func.func @f(%x: tensor<?x8201xf32>, %y: tensor<?x519xf32>) {\n"
      "%0 = ingot.concat %x, %y : tensor<?x8201xf32>, tensor<?x519xf32> -> "
      "tensor<?x8720xf32>\nreturn\n}");
  KernelHarness split(
      "func.func @f(%x: tensor<?x8720xf32>) {\n%0:2 = ingot.split %x : "
      "tensor<?x8720xf32> -> tensor<?x8201xf32>, tensor<?x519xf32>\n"
      "return\n}");
  Floats head = randomFloats(2 * kHead, 1), tail = randomFloats(2 * kTail, 2);
  Floats y(2 * (kHead + kTail)), head2(head.size()), tail2(tail.size());
  concat.operands = {{0, head.data()}, {1, tail.data()}};
  concat.results = {{0, y.data()}};
  split.operands = {{0, y.data()}};
  split.results = {{0, head2.data()}, {1, tail2.data()}};
  concat.symbols = split.symbols = {{"T", 2}};
  concat.run();
  EXPECT_EQ(y[kHead + kTail], head[kHead]) << "the second row's first value";
  EXPECT_EQ(y[kHead], tail[0]);
  split.run();
  EXPECT_EQ(head2, head);
  EXPECT_EQ(tail2, tail);
}

TEST(WideRowKernels, EmbedAllOfAnEntry) {
  constexpr int64_t kSize = 8704 + 3;
  TestWeight w = randomWeight("f8", 3, kSize, 1);
  KernelHarness kernel("func.func @f(%b: !ingot.batch, %w: " + w.type() +
                       ") {\n%0 = ingot.embed %b, %w : " + w.type() +
                       " -> tensor<?x8707xf32>\nreturn\n}");
  std::vector<int32_t> tokens = {2, 0};
  Floats y(2 * kSize);
  kernel.operands = {{1, w.bytes.data()}};
  kernel.scales = {{1, w.scales.data()}};
  kernel.results = {{0, y.data()}};
  kernel.batch = {{"tokens", tokens.data()}};
  kernel.symbols = {{"T", 2}};
  kernel.run();
  for (size_t i = 0; i < y.size(); ++i)
    ASSERT_FLOAT_EQ(y[i], w.values[tokens[i / kSize] * kSize + i % kSize]) << i;
}

TEST(WideRowKernels, TurnThePairsOfManyHeads) {
  constexpr int64_t kHeads = 67, kPlain = 65, kPairs = 64;
  constexpr int64_t kWidth = kPlain + 2 * kPairs;
  KernelHarness kernel(
      "#rope = #ingot.rope<dim = 128, theta = 1.0e4 : f64, layout = halves>\n"
      "func.func @f(%x: tensor<?x12931xf32>, %b: !ingot.batch) {\n%0 = "
      "ingot.rope %x, %b heads 67 rope #rope : tensor<?x12931xf32>\n"
      "return\n}");
  std::vector<int32_t> positions = {1, 4097};
  Floats x = randomFloats(2 * kHeads * kWidth, 3), y(x.size());
  kernel.operands = {{0, x.data()}};
  kernel.results = {{0, y.data()}};
  kernel.batch = {{"positions", positions.data()}};
  kernel.symbols = {{"T", 2}};
  kernel.run();
  for (int64_t head = 0; head < 2 * kHeads; ++head) {
    const float *in = &x[head * kWidth], *out = &y[head * kWidth];
    for (int64_t d = 0; d < kPlain; ++d)
      ASSERT_EQ(out[d], in[d]) << "head " << head << " value " << d;
    for (int64_t j = 0; j < kPairs; ++j) {
      double angle =
          positions[head / kHeads] *
          std::pow(1e4, -2.0 * static_cast<double>(j) / (2 * kPairs));
      const float *pair = in + kPlain + j, *turned = out + kPlain + j;
      double a = pair[0], b = pair[kPairs];
      ASSERT_NEAR(turned[0], a * std::cos(angle) - b * std::sin(angle), 1e-6);
      ASSERT_NEAR(turned[kPairs], a * std::sin(angle) + b * std::cos(angle),
                  1e-6);
    }
  }
}

} // namespace
} // namespace ingot::test
