//===- RoundedProductsTest.cpp - products that round their inputs ---------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RoundedInputs.h"
#include <algorithm>
#include <bit>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>

using testing::ElementsAre;

namespace ingot::test {
namespace {

struct Shape {
  const char *format;
  int64_t n, k;
  const char *inputs;
};
// The name that gtest asks for. NOLINTNEXTLINE(readability-identifier-naming)
void PrintTo(const Shape &shape, std::ostream *out) {
  *out << shape.format << "_n" << shape.n << "_k" << shape.k << "_"
       << shape.inputs;
}

/// Of a step that continues answers, or that takes prompts.
std::string linearIr(const TestWeight &w, const std::string &inputs,
                     bool prompts, bool gated = false) {
  std::string x = matrix(w.k), y = matrix(w.n), type = w.type();
  return "func.func @f(%x: " + x + ", %w: " + type + ", %u: " + type + ") -> " +
         y + (prompts ? kPrompts : " ") + "{\n%0 = ingot." +
         (gated ? "gated_linear %x, %w, %u" : "linear %x, %w") + " inputs " +
         inputs + " : " + x + ", " + type + (gated ? ", " + type : "") +
         " -> " + y + "\nreturn %0 : " + y + "\n}";
}

Floats run(KernelHarness &kernel, const TestWeight &w, const Floats &x,
           const TestWeight *up = nullptr) {
  int64_t t = static_cast<int64_t>(x.size()) / w.k;
  Floats y(t * w.n, -1.0f);
  kernel.operands = {{0, x.data()}, {1, w.bytes.data()}};
  kernel.scales = {{1, w.scales.data()}};
  if (up) {
    kernel.operands[2] = up->bytes.data();
    kernel.scales[2] = up->scales.data();
  }
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", t}};
  kernel.run();
  return y;
}

std::vector<std::string> kernelsOf(const KernelHarness &kernel) {
  std::vector<std::string> names;
  for (const passes::LaunchChoice &launch : kernel.selection().launches)
    names.push_back(launch.kernel);
  return names;
}

class RoundedProducts : public testing::TestWithParam<Shape> {};

TEST_P(RoundedProducts, AreThoseOfTheRoundedInputs) {
  auto [format, n, k, inputs] = GetParam();
  TestWeight w = randomWeight(format, n, k, 1);
  for (bool prompts : {false, true}) {
    KernelHarness kernel(linearIr(w, inputs, prompts));
    for (int64_t t : {1, 3, 70}) {
      Floats x = randomFloats(t * k, 2), y = run(kernel, w, x);
      Floats taken = rounded(inputs, x, k);
      for (int64_t i = 0; i < t * n; ++i) {
        NaiveSum sum = multiplied(w, i % n, &taken[i / n * k]);
        ASSERT_NEAR(y[i], sum.sum, 1e-6 * sum.magnitude)
            << "row " << i / n << " column " << i % n
            << (prompts ? " of prompts" : " of answers");
      }
    }
  }
}

TEST_P(RoundedProducts, OfARowHaveTheSameBitsAloneAndAmongOthers) {
  auto [format, n, k, inputs] = GetParam();
  TestWeight w = randomWeight(format, n, k, 3);
  for (bool prompts : {false, true}) {
    KernelHarness kernel(linearIr(w, inputs, prompts));
    Floats x = randomFloats(11 * k, 4), all = run(kernel, w, x);
    for (int64_t t : {0, 7, 10}) {
      Floats alone =
          run(kernel, w, Floats(x.begin() + t * k, x.begin() + (t + 1) * k));
      for (int64_t i = 0; i < n; ++i)
        ASSERT_EQ(std::bit_cast<uint32_t>(alone[i]),
                  std::bit_cast<uint32_t>(all[t * n + i]));
    }
  }
}

// A run of 64, 32 and 120 columns at the end, and runs longer than a row; 4352
// columns of 8 tokens do not fit in shared memory at once; 100, 34 and 27
// columns leave lanes 4, 2 and 1 of them; rows in eights of whole runs are for
// warpgroups.
INSTANTIATE_TEST_SUITE_P(
    Shapes, RoundedProducts,
    testing::Values(
        Shape{"f8", 131, 320, "f8E4M3FN"}, Shape{"f8", 20, 4352, "f8E4M3FN"},
        Shape{"f8", 33, 48, "f8E4M3FN"}, Shape{"f8", 33, 248, "f8E4M3FN"},
        Shape{"f8", 20, 100, "f8E4M3FN"}, Shape{"bf16", 13, 160, "f8E4M3FN"},
        Shape{"f16", 13, 34, "f8E4M3FN"}, Shape{"f32", 7, 27, "f8E4M3FN"},
        Shape{"f8", 136, 256, "f8E4M3FN"}, Shape{"f8", 50, 160, "bf16"},
        Shape{"bf16", 136, 72, "bf16"}, Shape{"f16", 9, 34, "bf16"}),
    [](const auto &info) {
      std::string name = info.param.format;
      return name + "_n" + std::to_string(info.param.n) + "_k" +
             std::to_string(info.param.k) + "_" + info.param.inputs;
    });

/// A matrix that gives back what it takes.
TestWeight unit(int64_t k) {
  TestWeight w{"f8", k, k, std::vector<uint8_t>(k * k), {}, {}};
  w.scales.assign(((k + 127) / 128) * ((k + 127) / 128), 1.0f);
  for (int64_t i = 0; i < k; ++i)
    w.bytes[i * k + i] = 0x38;
  return w;
}

// Codes times their scale, rounded to float32 once, whoever multiplies them.
TEST(RoundedRuns, HaveTheInterpretersBits) {
  constexpr int64_t kSize = 288;
  TestWeight w = unit(kSize);
  Floats x = randomFloats(4 * kSize, 5);
  // The second token has runs of zeros, of numbers whose scale would not be
  // normal, and with infinities, which share the scale of what is finite.
  for (int64_t i = 0; i < 128; ++i) {
    x[kSize + i] = 0;
    x[kSize + 128 + i] *= 1e-39f;
  }
  x[kSize + 260] = std::numeric_limits<float>::infinity();
  x[kSize + 261] = -std::numeric_limits<float>::infinity();
  // The third spans magnitudes, so that small values have few bits or none.
  for (int64_t i = 0; i < kSize; ++i)
    x[2 * kSize + i] *= std::ldexp(1.0f, static_cast<int>(i % 40) - 20);
  Floats taken = rounded("f8E4M3FN", x, kSize);
  for (bool prompts : {false, true}) {
    KernelHarness kernel(linearIr(w, "f8E4M3FN", prompts));
    EXPECT_EQ(run(kernel, w, x), taken) << prompts;
  }
}

TEST(RoundedRuns, KeepNaNToTheirToken) {
  TestWeight w = randomWeight("f8", 20, 160, 6);
  Floats x = randomFloats(3 * 160, 7);
  x[160 + 150] = NAN;
  for (bool prompts : {false, true}) {
    KernelHarness kernel(linearIr(w, "f8E4M3FN", prompts));
    Floats y = run(kernel, w, x);
    for (int64_t i = 0; i < 60; ++i)
      EXPECT_EQ(std::isnan(y[i]), i / 20 == 1) << i;
  }
}

TEST(RoundedGates, TakeTheSameInputs) {
  for (auto [n, k, inputs] : {std::tuple{70, 160, "bf16"},
                              {70, 160, "f8E4M3FN"},
                              {72, 256, "f8E4M3FN"}})
    for (bool prompts : {false, true}) {
      TestWeight gate = randomWeight("f8", n, k, 8),
                 up = randomWeight("f8", n, k, 9);
      KernelHarness kernel(linearIr(gate, inputs, prompts, /*gated=*/true));
      Floats x = randomFloats(5 * k, 10, 1e-3f);
      Floats y = run(kernel, gate, x, &up), taken = rounded(inputs, x, k);
      for (int64_t i = 0; i < 5 * n; ++i) {
        const float *row = &taken[i / n * k];
        NaiveSum g = multiplied(gate, i % n, row),
                 u = multiplied(up, i % n, row);
        ASSERT_NEAR(y[i], silu(g.sum) * u.sum,
                    1e-5 * (g.magnitude * (1 + std::fabs(u.sum)) +
                            u.magnitude * (1 + std::fabs(g.sum))))
            << i;
      }
    }
}

TEST(RoundedChoice, RoundsInputsOfPromptsOnce) {
  TestWeight w = randomWeight("f8", 20, 160, 1);
  EXPECT_THAT(kernelsOf(KernelHarness(linearIr(w, "f8E4M3FN", true))),
              ElementsAre("quantize_inputs_k160",
                          "linear_coded_f8e4m3_n20_k160_inputs_f8e4m3"));
  EXPECT_THAT(
      kernelsOf(KernelHarness(linearIr(w, "f8E4M3FN", true, /*gated=*/true))),
      ElementsAre("quantize_inputs_k160",
                  "gated_linear_coded_f8e4m3_n20_k160_inputs_f8e4m3"));
}

// Where rows come in eights, and whole runs.
TEST(RoundedChoice, HasWarpgroupsMultiplyCodes) {
  TestWeight w = randomWeight("f8", 136, 256, 1);
  EXPECT_THAT(kernelsOf(KernelHarness(linearIr(w, "f8E4M3FN", true))),
              ElementsAre("quantize_inputs_k256",
                          "linear_fp8_tiles_f8e4m3_n136_k256_inputs_f8e4m3"));
  EXPECT_THAT(
      kernelsOf(KernelHarness(linearIr(w, "f8E4M3FN", true, /*gated=*/true))),
      ElementsAre("quantize_inputs_k256",
                  "gated_linear_fp8_tiles_f8e4m3_n136_k256_inputs_f8e4m3"));
}

TEST(RoundedChoice, TakesOneLaunchOfAnswers) {
  TestWeight w = randomWeight("f8", 20, 160, 1);
  EXPECT_THAT(kernelsOf(KernelHarness(linearIr(w, "f8E4M3FN", false))),
              ElementsAre("linear_f8e4m3_n20_k160_inputs_f8e4m3"));
}

// Whose rows are no whole 16 bytes, or that are no codes themselves.
TEST(RoundedChoice, TakesOneLaunchOfOtherWeights) {
  EXPECT_THAT(kernelsOf(KernelHarness(
                  linearIr(randomWeight("f8", 20, 100, 1), "f8E4M3FN", true))),
              ElementsAre("linear_f8e4m3_n20_k100_inputs_f8e4m3"));
  EXPECT_THAT(kernelsOf(KernelHarness(linearIr(randomWeight("bf16", 20, 160, 1),
                                               "f8E4M3FN", true))),
              ElementsAre("linear_bf16_n20_k160_inputs_f8e4m3"));
}

TEST(RoundedChoice, TakesTensorCoresForBF16) {
  EXPECT_THAT(kernelsOf(KernelHarness(
                  linearIr(randomWeight("bf16", 20, 160, 1), "bf16", true))),
              ElementsAre("linear_tiled_bf16_n20_k160_inputs_bf16"));
}

} // namespace
} // namespace ingot::test
