//===- ChooseTest.cpp - drawing tokens ------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A GPU draws the very tokens that the host's sampler does.
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include "runtime/exec/Sampler.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

KernelHarness kernelFor(int64_t vocabulary) {
  return KernelHarness(
      llvm::formatv(
          "func.func @f(%l: tensor<?x{0}xf32>, %batch: !ingot.batch) -> "
          "tensor<?xi32> {{\n%0 = ingot.choose %l, %batch : tensor<?x{0}xf32> "
          "-> tensor<?xi32>\nreturn %0 : tensor<?xi32>\n}",
          vocabulary)
          .str());
}

/// Limits one by one and together, and numbers from the first to the last.
std::vector<TokenDraw> manyDraws() {
  std::vector<TokenDraw> draws = {{.temperature = 0, .topK = 3}};
  const uint64_t half = kWholeShare / 2;
  for (float temperature : {0.1f, 1.0f, 20.0f})
    for (int32_t topK : {0, 1, 7, 100000})
      for (uint64_t share : {kWholeShare, uint64_t(1), half, kWholeShare - 1})
        for (uint64_t bits : {uint64_t(0), uint64_t(0x123456789abcdef),
                              uint64_t(1) << 63, ~uint64_t(0)})
          draws.push_back({temperature, topK, share, bits});
  return draws;
}

void expectTheHostsTokens(int64_t vocabulary, const Floats &row) {
  const std::vector<TokenDraw> draws = manyDraws();
  Floats logits;
  for (size_t i = 0; i < draws.size(); ++i)
    logits.insert(logits.end(), row.begin(), row.end());
  std::vector<int32_t> chosen(draws.size(), -7);
  KernelHarness kernel = kernelFor(vocabulary);
  kernel.operands = {{0, logits.data()}};
  kernel.batch = {{"draws", draws.data()}};
  kernel.results = {{0, chosen.data()}};
  kernel.symbols = {{"R", int64_t(draws.size())}};
  kernel.run();
  for (size_t i = 0; i < draws.size(); ++i) {
    Result<int32_t> expected = choose(row, draws[i]);
    ASSERT_EQ(chosen[i], expected ? *expected : -1)
        << "temperature " << draws[i].temperature << ", top-k " << draws[i].topK
        << ", share " << draws[i].share << ", bits " << draws[i].bits;
  }
}

// Vocabularies of less than a warp, and of many warps with a rest.
TEST(ChooseKernel, DrawsWhatTheHostDoes) {
  for (int64_t vocabulary : {5, 32, 1500})
    expectTheHostsTokens(vocabulary, randomFloats(size_t(vocabulary), 7, 3.0f));
}

TEST(ChooseKernel, CutsThroughEqualLogitsAsTheHostDoes) {
  Floats row(200);
  for (size_t i = 0; i < row.size(); ++i)
    row[i] = float(i % 3);
  row[7] = -0.0f;
  row[199] = -INFINITY;
  expectTheHostsTokens(200, row);
  expectTheHostsTokens(200, Floats(200, -4.0f));
}

TEST(ChooseKernel, ChoosesNothingOfWhatIsNoNumber) {
  for (float bad : {NAN, INFINITY}) {
    Floats row = randomFloats(100, 3);
    row[77] = bad;
    expectTheHostsTokens(100, row);
  }
  expectTheHostsTokens(100, Floats(100, -INFINITY));
}

TEST(ChooseKernel, RefusesMoreLogitsThanTheSumHolds) {
  EXPECT_EQ(rejection("func.func @f(%l: tensor<?x8388608xf32>, %batch: "
                      "!ingot.batch) -> tensor<?xi32> {\n%0 = ingot.choose "
                      "%l, %batch : tensor<?x8388608xf32> -> tensor<?xi32>\n"
                      "return %0 : tensor<?xi32>\n}"),
            "'ingot.choose' op has no kernel: 'choose' expects 1 to 8388607 "
            "logits");
}

} // namespace
} // namespace ingot::test
