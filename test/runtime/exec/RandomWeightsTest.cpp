//===- RandomWeightsTest.cpp - values drawn for weights -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/RandomWeights.h"
#include "runtime/plan/PlanFile.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <cmath>
#include <cstring>

using namespace ingot;
using namespace ingot::test;

namespace {

constexpr uint64_t kCount = 1 << 16;

/// The sample plan with one more FP8 weight [64, 256] and its scales [1, 2].
class RandomWeightsTest : public testing::Test {
protected:
  RandomWeightsTest() {
    add("q", fb::ElementType::F8E4M3, {64, 256}, 64 * 256);
    add("s", fb::ElementType::F32, {1, 2}, 8);
    plan.weights.back()->scales = int32_t(plan.weights.size()) - 2;
  }

  void add(const char *name, fb::ElementType type, std::vector<int64_t> shape,
           uint64_t bytes) {
    auto weight = std::make_unique<fb::WeightT>();
    weight->name = name;
    weight->type = type;
    weight->shape = std::move(shape);
    weight->views = {fb::View(-2, 0, bytes)};
    plan.weights.push_back(std::move(weight));
  }

  /// How weight `index` is drawn.
  RandomElements elements(size_t index, uint64_t seed = 1) {
    auto file = PlanFile::open(writeSampleArtifact(folder.path(), plan));
    EXPECT_TRUE(file) << file.status().message();
    return randomElements(file->plan(),
                          *file->plan().weights()->Get(uint32_t(index)), seed);
  }

  storage::test::TempFolder folder;
  fb::PlanT plan = makeSamplePlan();
};

template <typename T>
std::vector<T> draw(const RandomElements &elements, uint64_t begin,
                    uint64_t count) {
  std::vector<T> values(count);
  drawElements(elements, begin, count,
               reinterpret_cast<std::byte *>(values.data()));
  return values;
}

/// Mean and standard deviation.
template <typename T>
std::pair<double, double> momentsOf(const std::vector<T> &values) {
  double sum = 0, squares = 0;
  for (T value : values) {
    sum += double(value);
    squares += double(value) * double(value);
  }
  double mean = sum / double(values.size());
  return {mean, std::sqrt(squares / double(values.size()) - mean * mean)};
}

double decode(uint8_t code) {
  int exponent = (code >> 3) & 15, mantissa = code & 7;
  double size = exponent ? std::ldexp(8 + mantissa, exponent - 10)
                         : std::ldexp(mantissa, -9);
  return code & 0x80 ? -size : size;
}

TEST_F(RandomWeightsTest, ShardDrawsTheValuesOfTheWhole) {
  RandomElements table = elements(Table);
  std::vector<float> whole = draw<float>(table, 0, 100);
  EXPECT_EQ(draw<float>(table, 37, 50),
            std::vector<float>(whole.begin() + 37, whole.begin() + 87));
}

TEST_F(RandomWeightsTest, SeedAndNameDecide) {
  auto first = draw<float>(elements(Table), 0, 100);
  EXPECT_NE(first, draw<float>(elements(Table, 2), 0, 100));
  // Same type and shape, another name.
  EXPECT_NE(first, draw<float>(elements(Unembed), 0, 100));
}

TEST_F(RandomWeightsTest, ValuesAreTheSameWithEveryRelease) {
  // Results that people compare depend on them. SplitMix64 of seed 42 begins
  // with 0xbdd732262feb6e95 and 0x28efe333b266f103.
  RandomElements known{.stream = 42};
  EXPECT_EQ(draw<float>(known, 0, 2),
            (std::vector<float>{0x1.eeb998p-2f, -0x1.5c4074p-1f}));
}

TEST_F(RandomWeightsTest, MatrixHasMeanZeroAndKeepsTheSizeOfItsInput) {
  auto [mean, deviation] = momentsOf(draw<float>(elements(Table), 0, kCount));
  EXPECT_NEAR(mean, 0, 0.01);
  EXPECT_NEAR(deviation, 1 / std::sqrt(double(kHidden)), 0.01);
}

// One that is stored [k, n].
TEST_F(RandomWeightsTest, MatrixWithAnotherFanInIsDrawnByThat) {
  plan.weights[Table]->fan_in = 64;
  auto [mean, deviation] = momentsOf(draw<float>(elements(Table), 0, kCount));
  EXPECT_NEAR(mean, 0, 0.01);
  EXPECT_NEAR(deviation, 0.125, 0.005);
}

TEST_F(RandomWeightsTest, VectorLiesAroundOne) {
  for (float value : draw<float>(elements(Bias), 0, kCount))
    ASSERT_NEAR(value, 1, 0.125);
}

TEST_F(RandomWeightsTest, CodesAreNeverNaN) {
  for (uint8_t code : draw<uint8_t>(elements(Bias + 1), 0, kCount))
    ASSERT_NE(code & 0x7f, 0x7f);
}

TEST_F(RandomWeightsTest, CodesTimesScalesKeepTheSizeOfTheirInput) {
  auto codes = draw<uint8_t>(elements(Bias + 1), 0, kCount);
  auto scales = draw<float>(elements(Bias + 2), 0, kCount);
  std::vector<double> products;
  for (uint64_t i = 0; i < kCount; ++i)
    products.push_back(decode(codes[i]) * scales[i]);
  auto [mean, deviation] = momentsOf(products);
  EXPECT_NEAR(mean, 0, 0.002);
  EXPECT_NEAR(deviation, 1.0 / 16, 0.002);
}

TEST_F(RandomWeightsTest, HalfTypesRoundTheFloatToNearest) {
  RandomElements known{.stream = 42};
  auto floats = draw<float>(known, 0, 1000);
  known.type = fb::ElementType::BF16;
  auto rounded = draw<uint16_t>(known, 0, 1000);
  known.type = fb::ElementType::F16;
  auto halves = draw<_Float16>(known, 0, 1000);
  for (size_t i = 0; i < 1000; ++i) {
    uint32_t bits = uint32_t(rounded[i]) << 16;
    float value;
    std::memcpy(&value, &bits, sizeof value);
    EXPECT_LE(std::abs(value - floats[i]), std::abs(floats[i]) * 0x1p-8f);
    EXPECT_LE(std::abs(float(halves[i]) - floats[i]),
              std::abs(floats[i]) * 0x1p-11f + 0x1p-25f);
  }
}

TEST_F(SampleModel, IntegersCannotBeDrawn) {
  plan.weights[Table]->type = fb::ElementType::I32;
  std::string path =
      writeSampleArtifact(folder.path(), plan, readSampleKernels());
  auto model = Model::load(path, {.randomSeed = 1});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().message(),
            "weight 'table' expects float elements to be drawn, got i32");
}

TEST_F(SampleModel, DrawnWeightsNeedNoFiles) {
  plan.checkpoint = "gone";
  writeSampleArtifact(folder.path(), plan, readSampleKernels());
  storage::test::TempFolder elsewhere;
  elsewhere.write("model.ingot", folder.read("model.ingot"));
  EXPECT_TRUE(Model::load(elsewhere.path("model.ingot"), {.randomSeed = 1}));
}

} // namespace
