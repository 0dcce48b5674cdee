//===- ValuesTest.cpp - how far two tensors differ ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Values.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace ingot;
using namespace ingot::diff;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

Values floats(const std::vector<float> &values) {
  return {fb::ElementType::F32,
          reinterpret_cast<const std::byte *>(values.data()), values.size()};
}

Distance between(const std::vector<float> &a, const std::vector<float> &b) {
  return distanceBetween(floats(a), floats(b));
}

} // namespace

TEST(Values, ReadsBrainFloatsAndIntegers) {
  const uint16_t halves[] = {0x3f80, 0xc040};
  Values values = {fb::ElementType::BF16,
                   reinterpret_cast<const std::byte *>(halves), 2};
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[1], -3);
  const int32_t integers[] = {7, -8};
  values = {fb::ElementType::I32, reinterpret_cast<const std::byte *>(integers),
            2};
  EXPECT_EQ(values[1], -8);
}

TEST(Values, DistanceIsThatOfTheFarthestValueBesideTheRms) {
  Distance distance = between({3, 4, 0, 0}, {3, 4.5, 0, -0.25});
  EXPECT_EQ(distance.maxAbsDiff, 0.5);
  EXPECT_EQ(distance.rms, 2.5);
  EXPECT_EQ(distance.relative(), 0.2);
  EXPECT_EQ(distance.index, 1u);
  EXPECT_EQ(distance.a, 4);
  EXPECT_EQ(distance.b, 4.5);
}

TEST(Values, EqualNaNsAndInfinitiesAgree) {
  EXPECT_EQ(between({kNaN, kInfinity}, {kNaN, kInfinity}).maxAbsDiff, 0);
  EXPECT_EQ(between({kNaN, 1}, {kNaN, 1}).relative(), 0);
}

TEST(Values, NaNOnOneSideIsFartherThanAll) {
  Distance distance = between({1, 2, 3}, {100, kNaN, 3});
  EXPECT_EQ(distance.maxAbsDiff, kInfinity);
  EXPECT_EQ(distance.index, 1u);
  EXPECT_EQ(between({kInfinity}, {-kInfinity}).maxAbsDiff, kInfinity);
}

TEST(Values, AnyDifferenceFromZerosIsInfinite) {
  EXPECT_EQ(between({0, 0}, {0, 0}).relative(), 0);
  EXPECT_EQ(between({0, 0}, {0, 1e-20f}).relative(), kInfinity);
}

TEST(Values, StatisticsHaveTheFirstEightValues) {
  std::vector<float> values = {1, 2, 3, 4, 5, 6, 7, 8, -9};
  int64_t shape[] = {3, 3};
  Statistics statistics = statisticsOf(floats(values), shape);
  EXPECT_EQ(statistics.min, -9);
  EXPECT_EQ(statistics.max, 8);
  EXPECT_NEAR(statistics.rms, std::sqrt(285.0 / 9), 1e-12);
  EXPECT_EQ(statistics.first.size(), 8u);
  EXPECT_EQ(statistics.first.back(), 8);
}

TEST(Values, CoordinateIsRowMajor) {
  EXPECT_EQ(coordinate(17, std::vector<int64_t>{2, 3, 4}), "[1, 1, 1]");
  EXPECT_EQ(coordinate(5, std::vector<int64_t>{6}), "[5]");
}
