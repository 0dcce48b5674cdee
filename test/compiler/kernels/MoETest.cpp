//===- MoETest.cpp - routing and experts ----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HarnessTarget.h"
#include "KernelHarness.h"
#include <bit>
#include <cmath>
#include <gtest/gtest.h>

namespace ingot::test {
namespace {

struct Routed {
  Floats weights;
  std::vector<int32_t> indices;
};

/// Routes rows of 8 logits; `options` are the fields of #ingot.routing.
Routed route(const Floats &logits, int64_t topK, const std::string &options,
             const Floats &bias = {}) {
  std::string k = std::to_string(topK);
  std::string types =
      "tensor<?x8xf32> -> tensor<?x" + k + "xf32>, tensor<?x" + k + "xi32>";
  KernelHarness kernel(
      "#routing = #ingot.routing<" + options +
      ">\nfunc.func @f(%x: tensor<?x8xf32>, %b: tensor<8xf32>) {\n%0:2 = "
      "ingot.route %x " +
      std::string(bias.empty() ? "" : "bias %b : tensor<8xf32> ") +
      "routing #routing : " + types + "\nreturn\n}");
  int64_t t = static_cast<int64_t>(logits.size()) / 8;
  Routed routed{Floats(t * topK), std::vector<int32_t>(t * topK, -1)};
  kernel.operands = {{0, logits.data()}, {1, bias.data()}};
  kernel.results = {{0, routed.weights.data()}, {1, routed.indices.data()}};
  kernel.symbols = {{"T", t}};
  kernel.run();
  return routed;
}

using Indices = std::vector<int32_t>;

float sigmoid(double x) {
  return static_cast<float>(1.0 / (1.0 + std::exp(-x)));
}

TEST(RouteKernel, SoftmaxIsTakenOverAllExperts) {
  Floats logits = {0, 1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1, 0};
  Routed r = route(logits, 2,
                   "score = softmax, top_k = 2, groups = 1, top_groups = 1, "
                   "group_score = max, renormalize = false, scale = 3.0 : f64");
  EXPECT_EQ(r.indices, (Indices{7, 6, 0, 1}));
  double sum = 0;
  for (int i = 0; i < 8; ++i)
    sum += std::exp(i - 7.0);
  EXPECT_NEAR(r.weights[0], 3.0 / sum, 1e-6);
  EXPECT_NEAR(r.weights[1], 3.0 * std::exp(-1.0) / sum, 1e-6);
  EXPECT_NEAR(r.weights[2], 3.0 / sum, 1e-6);
}

TEST(RouteKernel, WeightsComeFromUnbiasedScores) {
  Floats logits = {0, 0, 0, 0, 0, 0, 0, 1};
  Floats bias = {0, 0, 5, 0, 0, 0, 0, 0};
  Routed r = route(logits, 2,
                   "score = sigmoid, top_k = 2, groups = 1, top_groups = 1, "
                   "group_score = top2_sum, renormalize = true, scale = 2.5 : "
                   "f64",
                   bias);
  EXPECT_EQ(r.indices, (Indices{2, 7}));
  float sum = 0.5f + sigmoid(1);
  EXPECT_NEAR(r.weights[0], 2.5f * 0.5f / sum, 1e-6);
  EXPECT_NEAR(r.weights[1], 2.5f * sigmoid(1) / sum, 1e-6);
}

TEST(RouteKernel, MasksOtherGroupsBelowNegativeChoices) {
  // Every biased score is negative: a mask of 0 would let the other groups win.
  Floats logits = {1, 1, 0, 0, 3, -9, 2, -9};
  Floats bias(8, -3.0f);
  Routed r = route(logits, 3,
                   "score = sigmoid, top_k = 3, groups = 4, top_groups = 2, "
                   "group_score = top2_sum, renormalize = false, scale = 1.0 : "
                   "f64",
                   bias);
  // Sums of two: 2 * 0.73, 2 * 0.5, 0.95, 0.88: the first two groups.
  EXPECT_EQ(r.indices, (Indices{0, 1, 2}));
}

TEST(RouteKernel, RanksGroupsByTheirMaximum) {
  Floats logits = {1, 1, 0, 0, 3, -9, 2, -9};
  Routed r = route(logits, 3,
                   "score = softmax, top_k = 3, groups = 4, top_groups = 2, "
                   "group_score = max, renormalize = false, scale = 1.0 : f64");
  EXPECT_EQ(r.indices, (Indices{4, 6, 5}));
}

TEST(RouteKernel, TiesGoToTheLowerIndex) {
  Routed r = route(Floats(8, 0.25f), 3,
                   "score = sigmoid, top_k = 3, groups = 2, top_groups = 1, "
                   "group_score = max, renormalize = true, scale = 1.0 : f64");
  EXPECT_EQ(r.indices, (Indices{0, 1, 2}));
}

TEST(RouteKernel, ChoosesAnExistingExpertEvenForNaN) {
  Routed r = route(Floats(8, NAN), 2,
                   "score = softmax, top_k = 2, groups = 2, top_groups = 1, "
                   "group_score = top2_sum, renormalize = true, scale = 1.0 : "
                   "f64");
  for (int32_t index : r.indices)
    EXPECT_TRUE(index >= 0 && index < 8) << index;
}

TEST(RouteKernel, ChoosesByLogitsWhereScoresAreAllOne) {
  // Sigmoids of 20 to 27 are the same float: by scores the first would win.
  Floats logits = {20, 21, 22, 27, 23, 24, 25, 26};
  std::string options = "score = sigmoid, top_k = 1, groups = 1, top_groups = "
                        "1, group_score = max, renormalize = false, scale = "
                        "1.0 : f64";
  EXPECT_EQ(route(logits, 1, options).indices, Indices{0});
  Routed r = route(logits, 1, options + ", choose_by = logits");
  EXPECT_EQ(r.indices, Indices{3});
  EXPECT_EQ(r.weights, Floats{1.0f});
}

TEST(RouteKernel, AddsTheBiasToLogitsThatItChoosesBy) {
  Floats logits = {0, 1, 2, 3, 0, 0, 0, 0}, bias = {0, 9, 0, 0, 0, 0, 0, 0};
  Routed r = route(logits, 2,
                   "score = sigmoid, top_k = 2, groups = 1, top_groups = 1, "
                   "group_score = max, renormalize = false, scale = 1.0 : f64, "
                   "choose_by = logits",
                   bias);
  EXPECT_EQ(r.indices, (Indices{1, 3}));
  EXPECT_NEAR(r.weights[0], sigmoid(1), 1e-6);
}

class ExpertsKernels : public testing::TestWithParam<const char *> {};

/// Of a function with a bucket of `tokens`, or without one; with a network of
/// `shared` values in between beside the experts, or without one.
std::string expertsIr(const std::string &element, int64_t tokens = 0,
                      int64_t shared = 0, bool onInput = false) {
  std::string s = std::to_string(shared);
  std::string in = "tensor<" + s + "x96x" + element + ">",
              out = "tensor<96x" + s + "x" + element + ">";
  std::string up = "tensor<5x34x96x" + element + ">";
  std::string down = "tensor<5x96x34x" + element + ">";
  bool scaled = element.size() > 4;
  auto weight = [&](const std::string &name, const std::string &type) {
    return "ingot.weight @" + name + " : " + type + " from \"" + name +
           ".{e}\"" + (scaled ? " scale \"" + name + "_s.{e}\"" : "") + "\n";
  };
  return weight("gate", up) + weight("up", up) + weight("down", down) +
         "func.func @f(%x: tensor<?x96xf32>, %w: tensor<?x2xf32>, %i: "
         "tensor<?x2xi32>" +
         (shared ? ", %sg: " + in + ", %su: " + in + ", %sd: " + out : "") +
         ") -> tensor<?x96xf32> " +
         (tokens ? "attributes {ingot.bucket = #ingot.bucket<tokens = " +
                       std::to_string(tokens) +
                       ", per_sequence = " + std::to_string(tokens) +
                       ", sequences = 1, rows = 1, context = 64>} "
                 : "") +
         "{\n"
         "%g = ingot.get_weight @gate : " +
         up + "\n%u = ingot.get_weight @up : " + up +
         "\n%d = ingot.get_weight @down : " + down +
         "\n%0 = ingot.experts %x, %w, %i, %g, %u, %d " +
         (shared ? "shared %sg, %su, %sd " : "") +
         (onInput ? "weights_on_input " : "") +
         ": tensor<?x96xf32>, tensor<?x2xf32>, tensor<?x2xi32>, " + up + ", " +
         up + ", " + down +
         (shared ? " shared " + in + ", " + in + ", " + out : "") +
         "\nreturn %0 : tensor<?x96xf32>\n}";
}

/// The five experts of one slot and the tables through which kernels see them.
struct Slot {
  std::vector<TestWeight> experts;
  std::vector<const void *> values, scales;

  Slot(const char *format, int64_t n, int64_t k, unsigned seed) {
    for (unsigned e = 0; e < 5; ++e)
      experts.push_back(randomWeight(format, n, k, seed + 10 * e));
    for (TestWeight &w : experts) {
      // Keep the gates of random E4M3 codes within the range of a float.
      for (float &scale : w.scales)
        scale /= 256;
      for (float &value : w.values)
        value /= w.scales.empty() ? 1 : 256;
      values.push_back(w.bytes.data());
      scales.push_back(w.scales.data());
    }
  }
  double dot(int e, int64_t row, const double *x) const {
    double sum = 0;
    for (int64_t k = 0; k < experts[e].k; ++k)
      sum += experts[e].values[row * experts[e].k + k] * x[k];
    return sum;
  }
};

constexpr int64_t kSize = 96, kInner = 34;

struct Shared;

/// The weights of five experts and a step's rows with their choices of two.
struct Step {
  Slot gate, up, down;
  Floats x, weights;
  Indices indices;

  Step(const char *format, Floats w, Indices i)
      : gate(format, kInner, kSize, 1), up(format, kInner, kSize, 2),
        down(format, kSize, kInner, 3),
        x(randomFloats(w.size() / 2 * kSize, 4, 0.2f)), weights(std::move(w)),
        indices(std::move(i)) {}

  Floats run(KernelHarness &kernel, const Shared *shared = nullptr) const;
};

/// The network beside the experts, 50 wide.
struct Shared {
  TestWeight gate, up, down;

  explicit Shared(const std::string &format)
      : gate(randomWeight(format, 50, kSize, 6)),
        up(randomWeight(format, 50, kSize, 7)),
        down(randomWeight(format, kSize, 50, 8)) {
    for (TestWeight *w : {&gate, &up, &down}) {
      for (float &scale : w->scales)
        scale /= 256;
      for (float &value : w->values)
        value /= w->scales.empty() ? 1 : 256;
    }
  }

  void bind(KernelHarness &kernel) const {
    unsigned operand = 6;
    for (const TestWeight *w : {&gate, &up, &down}) {
      kernel.operands[operand] = w->bytes.data();
      kernel.scales[operand++] = w->scales.data();
    }
  }

  /// Adds the result for row `t` of `step` to `sums`, and the size of its terms
  /// to `magnitude`.
  void add(const Step &step, int64_t t, std::vector<double> &sums,
           std::vector<double> &magnitude) const {
    const float *x = &step.x[t * kSize];
    for (int64_t i = 0; i < gate.n; ++i) {
      double g = 0, u = 0;
      for (int64_t k = 0; k < kSize; ++k) {
        g += double(gate.values[i * kSize + k]) * x[k];
        u += double(up.values[i * kSize + k]) * x[k];
      }
      double hidden = g / (1 + std::exp(-g)) * u;
      for (int64_t n = 0; n < kSize; ++n) {
        double term = down.values[n * gate.n + i] * hidden;
        sums[n] += term;
        magnitude[n] += std::fabs(term) + std::fabs(hidden);
      }
    }
  }
};

Floats Step::run(KernelHarness &kernel, const Shared *shared) const {
  Floats y(x.size());
  kernel.operands = {{0, x.data()},         {1, weights.data()},
                     {2, indices.data()},   {3, gate.values.data()},
                     {4, up.values.data()}, {5, down.values.data()}};
  kernel.scales = {
      {3, gate.scales.data()}, {4, up.scales.data()}, {5, down.scales.data()}};
  if (shared)
    shared->bind(kernel);
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", static_cast<int64_t>(x.size()) / kSize}};
  kernel.run();
  return y;
}

TEST_P(ExpertsKernels, SumTheWeightedOutputsOfTheChosen) {
  constexpr int64_t kTokens = 3;
  Step step(GetParam(), {0.75f, 0.5f, 1.0f, 0.25f, 0.0f, 2.0f},
            {4, 0, 2, 1, 3, 3});
  KernelHarness kernel(expertsIr(elementType(GetParam())));
  Floats y = step.run(kernel);
  for (int64_t t = 0; t < kTokens; ++t) {
    std::vector<double> row(step.x.begin() + t * kSize,
                            step.x.begin() + (t + 1) * kSize);
    std::vector<double> expected(kSize), magnitude(kSize);
    for (int j = 0; j < 2; ++j) {
      int e = step.indices[t * 2 + j];
      float weight = step.weights[t * 2 + j];
      std::vector<double> hidden(kInner);
      for (int64_t i = 0; i < kInner; ++i) {
        double g = step.gate.dot(e, i, row.data());
        hidden[i] = g / (1 + std::exp(-g)) * step.up.dot(e, i, row.data());
      }
      for (int64_t n = 0; n < kSize; ++n) {
        expected[n] += weight * step.down.dot(e, n, hidden.data());
        for (double h : hidden)
          magnitude[n] += std::fabs(weight * h);
      }
    }
    for (int64_t n = 0; n < kSize; ++n)
      ASSERT_NEAR(y[t * kSize + n], expected[n], 1e-5 * magnitude[n])
          << "row " << t << " column " << n;
  }
}

/// Rows of a step that takes prompts and of one that continues answers.
void expectAlike(const Floats &prompts, const Floats &answers) {
  ASSERT_EQ(prompts.size(), answers.size());
  float largest = 0;
  for (float value : answers)
    largest = std::max(largest, std::fabs(value));
  for (size_t i = 0; i < answers.size(); ++i)
    if (stepsAgreeInBits())
      ASSERT_EQ(std::bit_cast<uint32_t>(prompts[i]),
                std::bit_cast<uint32_t>(answers[i]))
          << "row " << i / kSize << " column " << i % kSize;
    else
      ASSERT_NEAR(prompts[i], answers[i], 1e-5 * largest)
          << "row " << i / kSize << " column " << i % kSize;
}

TEST_P(ExpertsKernels, AreAlikeGroupedByExpert) {
  // Expert 1 gets no token, expert 3 more than a tile's 64, expert 0 just one;
  // some rows choose an expert twice.
  Indices indices;
  for (int32_t t = 0; t < 150; ++t) {
    indices.push_back(t == 77 ? 0 : t % 3 ? 3 : 4);
    indices.push_back(t % 5 ? 2 : 3);
  }
  Step step(GetParam(), randomFloats(300, 5), indices);
  std::string element = elementType(GetParam());
  KernelHarness one(expertsIr(element)), grouped(expertsIr(element, 150));
  ASSERT_EQ(one.selection().launches.size(), expertsLaunches().single);
  ASSERT_EQ(grouped.selection().launches.size(), 4u);
  expectAlike(step.run(grouped), step.run(one));
}

TEST_P(ExpertsKernels, AddTheNetworkBesideThem) {
  std::string element = elementType(GetParam());
  Step step(GetParam(), randomFloats(2 * 70, 9), Indices(2 * 70, 2));
  Shared shared(GetParam());
  KernelHarness without(expertsIr(element)), one(expertsIr(element, 0, 50)),
      grouped(expertsIr(element, 70, 50));
  ASSERT_EQ(one.selection().launches.size(), expertsLaunches().singleAndShared);
  ASSERT_EQ(grouped.selection().launches.size(),
            expertsLaunches().groupedAndShared);
  Floats routed = step.run(without), y = step.run(one, &shared);
  expectAlike(step.run(grouped, &shared), y);
  for (int64_t t = 0; t < 70; ++t) {
    std::vector<double> sums(routed.begin() + t * kSize,
                             routed.begin() + (t + 1) * kSize);
    std::vector<double> magnitude(kSize);
    for (int64_t n = 0; n < kSize; ++n)
      magnitude[n] = std::fabs(sums[n]);
    shared.add(step, t, sums, magnitude);
    for (int64_t n = 0; n < kSize; ++n) {
      int64_t i = t * kSize + n;
      ASSERT_NEAR(y[i], sums[n], 1e-5 * magnitude[n])
          << "row " << t << " column " << n;
    }
  }
}

// Kernels of one token have other tiles and launches, but the same sums.
TEST_P(ExpertsKernels, GiveATokenTheSameBitsInAStepOfItsOwn) {
  std::string element = elementType(GetParam());
  Step one(GetParam(), {0.75f, 0.5f}, {4, 0});
  Step three(GetParam(), {0.75f, 0.5f, 1.0f, 0.25f, 0.0f, 2.0f},
             {4, 0, 2, 1, 3, 3});
  Shared shared(GetParam());
  KernelHarness alone(expertsIr(element, 1, 50)),
      among(expertsIr(element, 0, 50));
  ASSERT_EQ(alone.selection().launches.size(),
            expertsLaunches().oneTokenAndShared);
  Floats y = one.run(alone, &shared), all = three.run(among, &shared);
  for (int64_t n = 0; n < kSize; ++n)
    ASSERT_EQ(std::bit_cast<uint32_t>(y[n]), std::bit_cast<uint32_t>(all[n]))
        << "column " << n;
}

// E(w x) for each slot is a step of one expert a row, with weight 1 and w x as
// its input; the network beside them takes x itself.
TEST_P(ExpertsKernels, TakeTheWeightedInputWhereWeightsAreOnIt) {
  std::string element = elementType(GetParam());
  Step step(GetParam(), {0.75f, 0.5f, 1.0f, 0.25f, -2.0f, 2.0f},
            {4, 0, 2, 1, 3, 3});
  Shared shared(GetParam());
  KernelHarness plain(expertsIr(element)), one(expertsIr(element, 0, 50, true)),
      grouped(expertsIr(element, 70, 50, true));
  Floats y = step.run(one, &shared);
  expectAlike(step.run(grouped, &shared), y);
  std::vector<double> sums(3 * kSize), magnitude(3 * kSize);
  for (int64_t slot = 0; slot < 6; ++slot) {
    Step scaled = step;
    scaled.x.assign(&step.x[slot / 2 * kSize],
                    &step.x[slot / 2 * kSize] + kSize);
    for (float &value : scaled.x)
      value *= step.weights[slot];
    scaled.weights = {1, 0};
    scaled.indices = {step.indices[slot], step.indices[slot]};
    Floats output = scaled.run(plain);
    for (int64_t n = 0; n < kSize; ++n) {
      sums[slot / 2 * kSize + n] += output[n];
      magnitude[slot / 2 * kSize + n] += std::fabs(output[n]) + 1;
    }
  }
  for (int64_t t = 0; t < 3; ++t) {
    std::vector<double> all(&sums[t * kSize], &sums[t * kSize] + kSize),
        size(&magnitude[t * kSize], &magnitude[t * kSize] + kSize);
    shared.add(step, t, all, size);
    for (int64_t n = 0; n < kSize; ++n)
      ASSERT_NEAR(y[t * kSize + n], all[n], 1e-5 * size[n])
          << "row " << t << " column " << n;
  }
}

TEST(ExpertsSelection, SaysInTheirNamesThatWeightsAreOnTheInput) {
  KernelHarness one(expertsIr("f32", 0, 0, true));
  EXPECT_EQ(one.selection().launches[0].kernel,
            "experts_up_f32_n34_k96_top2_weighted_input");
  EXPECT_EQ(one.selection().launches[1].kernel,
            "experts_down_f32_n96_k34_top2_weighted_input");
}

TEST(ExpertsSelection, IsGroupedWhereAnExpertHasTwoTokens) {
  EXPECT_EQ(KernelHarness(expertsIr("f32", 4)).selection().launches.size(), 2u);
  EXPECT_EQ(KernelHarness(expertsIr("f32", 5)).selection().launches.size(), 4u);
}

INSTANTIATE_TEST_SUITE_P(Formats, ExpertsKernels,
                         testing::Values("f32", "f16", "bf16", "f8"));

} // namespace
} // namespace ingot::test
