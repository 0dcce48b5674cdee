//===- RoundedExpertsTest.cpp - experts that round their inputs -----------===//
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

using testing::ElementsAre;

namespace ingot::test {
namespace {

constexpr int64_t kExperts = 5;

/// Who computes what: values between the products of an expert and, unless it
/// is 0, of the network beside them.
struct Layer {
  int64_t inner, shared;
  const char *inputs;
  bool onInput;
  /// Of the input and the result.
  int64_t size = 160;
};
// The name that gtest asks for. NOLINTNEXTLINE(readability-identifier-naming)
void PrintTo(const Layer &layer, std::ostream *out) {
  *out << layer.size << "_" << layer.inner << "_" << layer.shared << "_"
       << layer.inputs << (layer.onInput ? "_onInput" : "");
}

std::string scaledType(const std::string &sizes) {
  return "tensor<" + sizes + "x" + elementType("f8") + ">";
}

std::string expertsIr(const Layer &layer, bool prompts) {
  std::string i = std::to_string(layer.inner), s = std::to_string(layer.shared),
              k = std::to_string(layer.size), x = matrix(layer.size),
              up = scaledType("5x" + i + "x" + k),
              down = scaledType("5x" + k + "x" + i),
              in = scaledType(s + "x" + k), out = scaledType(k + "x" + s),
              weights;
  for (const auto &[name, type] :
       {std::pair{"gate", up}, {"up", up}, {"down", down}})
    weights += std::string("ingot.weight @") + name + " : " + type +
               " from \"" + name + ".{e}\" scale \"" + name + "_s.{e}\"\n";
  bool shared = layer.shared > 0;
  return weights + "func.func @f(%x: " + x +
         ", %w: tensor<?x2xf32>, %i: tensor<?x2xi32>" +
         (shared ? ", %sg: " + in + ", %su: " + in + ", %sd: " + out : "") +
         ") -> " + x + (prompts ? kPrompts : " ") +
         "{\n%g = ingot.get_weight @gate : " + up +
         "\n%u = ingot.get_weight @up : " + up +
         "\n%d = ingot.get_weight @down : " + down +
         "\n%0 = ingot.experts %x, %w, %i, %g, %u, %d " +
         (shared ? "shared %sg, %su, %sd " : "") +
         (layer.onInput ? "weights_on_input " : "") + "inputs " + layer.inputs +
         " : " + x + ", tensor<?x2xf32>, tensor<?x2xi32>, " + up + ", " + up +
         ", " + down +
         (shared ? " shared " + in + ", " + in + ", " + out : "") +
         "\nreturn %0 : " + x + "\n}";
}

/// By how much values that are rounded to `inputs` may differ if they were off
/// by 1e-5 of themselves before: by nothing, except about the middle between
/// two that the format has.
Floats doubts(const std::string &inputs, const Floats &values) {
  Floats result;
  for (size_t k = 0; k < values.size(); ++k) {
    size_t run = k / 128 * 128, end = std::min(run + 128, values.size());
    float largest = 0;
    for (size_t i = run; i < end; ++i)
      largest = std::max(largest, std::fabs(values[i]));
    float scale = inputs == "bf16" ? 1 : largest / compiler::kLargestE4M3;
    auto round = [&](float value) {
      return inputs == "bf16" ? compiler::roundToBF16(value)
                              : compiler::roundToE4M3(value);
    };
    float value = values[k] / scale;
    result.push_back((round(value * (1 + 1e-5f)) - round(value * (1 - 1e-5f))) *
                     scale);
  }
  return result;
}

/// A network's three matrices, of codes that keep its gate within a float.
struct Network {
  TestWeight gate, up, down;

  Network(int64_t size, int64_t inner, unsigned seed)
      : gate(randomWeight("f8", inner, size, seed)),
        up(randomWeight("f8", inner, size, seed + 1)),
        down(randomWeight("f8", size, inner, seed + 2)) {
    for (TestWeight *w : {&gate, &up, &down}) {
      for (float &scale : w->scales)
        scale /= 256;
      for (float &value : w->values)
        value /= 256;
    }
  }

  /// Adds `weight` times what it makes of `x` to `sums`; what a hidden value
  /// near the middle between two codes may change counts a million times its
  /// size.
  void add(const std::string &inputs, Floats x, float weight,
           std::vector<NaiveSum> &sums) const {
    x = rounded(inputs, std::move(x), gate.k);
    Floats hidden(gate.n);
    for (int64_t i = 0; i < gate.n; ++i)
      hidden[i] = static_cast<float>(silu(multiplied(gate, i, x.data()).sum) *
                                     multiplied(up, i, x.data()).sum);
    Floats doubt = doubts(inputs, hidden);
    hidden = rounded(inputs, std::move(hidden), gate.n);
    for (int64_t n = 0; n < down.n; ++n) {
      NaiveSum sum = multiplied(down, n, hidden.data());
      sums[n].sum += weight * sum.sum;
      sums[n].magnitude +=
          std::fabs(weight) *
          (sum.magnitude + multiplied(down, n, doubt.data()).magnitude * 1e6);
    }
  }
};

/// Rows of a step with their choices of two experts; the fourth is chosen by
/// nobody, the first by more than a tile has.
struct Step {
  Layer layer;
  std::vector<Network> experts;
  std::optional<Network> shared;
  Floats x, weights;
  std::vector<int32_t> indices;

  Step(const Layer &layer, int64_t tokens)
      : layer(layer), x(randomFloats(tokens * layer.size, 1, 0.2f)),
        weights(randomFloats(tokens * 2, 2)) {
    for (unsigned e = 0; e < kExperts; ++e)
      experts.emplace_back(layer.size, layer.inner, 10 * e + 3);
    if (layer.shared > 0)
      shared.emplace(layer.size, layer.shared, 99);
    for (int64_t t = 0; t < tokens; ++t) {
      indices.push_back(t % 3 == 1 ? 4 : 0);
      indices.push_back(t % 5 == 2 ? 2 : 1);
    }
  }

  Floats run(KernelHarness &kernel, int64_t first, int64_t count) const {
    std::vector<const void *> tables[3][2];
    for (const Network &expert : experts)
      for (auto [slot, w] :
           {std::pair{0, &expert.gate}, {1, &expert.up}, {2, &expert.down}}) {
        tables[slot][0].push_back(w->bytes.data());
        tables[slot][1].push_back(w->scales.data());
      }
    Floats y(count * layer.size, -1.0f);
    kernel.operands = {{0, &x[first * layer.size]},
                       {1, &weights[first * 2]},
                       {2, &indices[first * 2]}};
    for (unsigned slot = 0; slot < 3; ++slot) {
      kernel.operands[3 + slot] =
          static_cast<const void *>(tables[slot][0].data());
      kernel.scales[3 + slot] =
          static_cast<const void *>(tables[slot][1].data());
    }
    unsigned operand = 6;
    if (shared)
      for (const TestWeight *w : {&shared->gate, &shared->up, &shared->down}) {
        kernel.operands[operand] = w->bytes.data();
        kernel.scales[operand++] = w->scales.data();
      }
    kernel.results = {{0, y.data()}};
    kernel.symbols = {{"T", count}};
    kernel.run();
    return y;
  }

  std::vector<NaiveSum> expected(int64_t t) const {
    std::vector<NaiveSum> sums(layer.size);
    Floats row(x.begin() + t * layer.size, x.begin() + (t + 1) * layer.size);
    for (int64_t j = 0; j < 2; ++j) {
      float weight = weights[t * 2 + j];
      Floats taken = row;
      if (layer.onInput)
        for (float &value : taken)
          value *= weight;
      experts[indices[t * 2 + j]].add(layer.inputs, taken,
                                      layer.onInput ? 1.0f : weight, sums);
    }
    if (shared)
      shared->add(layer.inputs, row, 1.0f, sums);
    return sums;
  }
};

class RoundedExperts : public testing::TestWithParam<Layer> {};

TEST_P(RoundedExperts, AreThoseOfTheRoundedInputs) {
  Step step(GetParam(), 70);
  for (bool prompts : {false, true}) {
    KernelHarness kernel(expertsIr(GetParam(), prompts));
    int64_t count = prompts ? 70 : 3;
    Floats y = step.run(kernel, 0, count);
    for (int64_t t = 0; t < count; ++t) {
      std::vector<NaiveSum> sums = step.expected(t);
      for (int64_t n = 0; n < step.layer.size; ++n)
        ASSERT_NEAR(y[t * step.layer.size + n], sums[n].sum,
                    2e-6 * sums[n].magnitude)
            << "row " << t << " column " << n
            << (prompts ? " of prompts" : " of answers");
    }
  }
}

TEST_P(RoundedExperts, OfATokenHaveTheSameBitsAloneAndAmongOthers) {
  Step step(GetParam(), 7);
  for (bool prompts : {false, true}) {
    KernelHarness kernel(expertsIr(GetParam(), prompts));
    Floats all = step.run(kernel, 0, 7);
    for (int64_t t : {0, 4}) {
      Floats alone = step.run(kernel, t, 1);
      for (int64_t n = 0; n < step.layer.size; ++n)
        ASSERT_EQ(std::bit_cast<uint32_t>(alone[n]),
                  std::bit_cast<uint32_t>(all[t * step.layer.size + n]));
    }
  }
}

// Of prompts, 48 and 144 values are rounded once and make codes; 34 and 50 are
// rounded where they are multiplied; those in whole runs are for warpgroups.
INSTANTIATE_TEST_SUITE_P(
    Layers, RoundedExperts,
    testing::Values(
        Layer{48, 0, "f8E4M3FN", false}, Layer{144, 48, "f8E4M3FN", false},
        Layer{48, 50, "f8E4M3FN", false}, Layer{48, 48, "f8E4M3FN", true},
        Layer{34, 48, "f8E4M3FN", true}, Layer{48, 48, "bf16", true},
        Layer{34, 0, "bf16", false}, Layer{128, 256, "f8E4M3FN", false, 256},
        Layer{128, 0, "f8E4M3FN", true, 256}));

std::vector<std::string> kernelsOf(const Layer &layer, bool prompts) {
  std::vector<std::string> names;
  KernelHarness kernel(expertsIr(layer, prompts));
  for (const passes::LaunchChoice &launch : kernel.selection().launches)
    names.push_back(launch.kernel.substr(0, launch.kernel.find("_f8e4m3")));
  return names;
}

// The shared network takes the codes of the experts.
TEST(RoundedExpertsChoice, RoundsInputsOfPromptsOnce) {
  EXPECT_THAT(kernelsOf({144, 48, "f8E4M3FN", false}, true),
              ElementsAre("experts_group_e5_top2", "quantize_inputs_k160",
                          "experts_up_coded", "quantize_inputs_k144_top2",
                          "experts_down_coded", "gated_linear_coded",
                          "quantize_inputs_k48", "linear_coded",
                          "experts_combine_shared_n160_top2"));
}

// The network beside them takes what has not been weighed.
TEST(RoundedExpertsChoice, RoundsWeighedInputsOnceForEachExpert) {
  EXPECT_THAT(
      kernelsOf({48, 48, "f8E4M3FN", true}, true),
      ElementsAre(
          "experts_group_e5_top2", "quantize_inputs_k160_top2_weighted_input",
          "experts_up_coded", "quantize_inputs_k48_top2", "experts_down_coded",
          "quantize_inputs_k160", "gated_linear_coded", "quantize_inputs_k48",
          "linear_coded", "experts_combine_shared_n160_top2_weighted_input"));
}

// Where rows come in eights, and whole runs.
TEST(RoundedExpertsChoice, HasWarpgroupsMultiplyCodes) {
  EXPECT_THAT(kernelsOf({128, 256, "f8E4M3FN", false, 256}, true),
              ElementsAre("experts_group_e5_top2", "quantize_inputs_k256",
                          "experts_up_fp8_tiles", "quantize_inputs_k128_top2",
                          "experts_down_fp8_tiles", "gated_linear_fp8_tiles",
                          "quantize_inputs_k256", "linear_fp8_tiles",
                          "experts_combine_shared_n256_top2"));
}

TEST(RoundedExpertsChoice, HasNoMoreLaunchesForAnswers) {
  // One for the first product of the network beside them.
  EXPECT_EQ(kernelsOf({144, 48, "f8E4M3FN", false}, false).size(), 4u);
  EXPECT_EQ(kernelsOf({48, 0, "f8E4M3FN", false}, false).size(), 3u);
}

} // namespace
} // namespace ingot::test
