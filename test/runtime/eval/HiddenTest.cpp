//===- HiddenTest.cpp - naming the first layer that differs ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Golden.h"
#include "test/runtime/eval/EvalFixtures.h"

#include <gtest/gtest.h>
#include <limits>

namespace ingot::eval {
namespace {

Result<GoldenReport> compare(TableModel &model,
                             const GoldenBuilder &golden = {}) {
  GoldenOptions options;
  options.hidden = true;
  return compareWithGolden(model, golden.open(), options, nullptr);
}

TEST(Hidden, EqualLayersHaveNoFirstDifference) {
  TableModel model;
  auto report = compare(model);
  ASSERT_TRUE(report) << report.status().message();
  ASSERT_EQ(report->hidden->layers.size(), 2u);
  EXPECT_EQ(report->hidden->layers[1].name, "hidden.1");
  EXPECT_EQ(report->hidden->firstDifference(), nullptr);
}

TEST(Hidden, FirstDifferingLayerIsNamedWithCoordinate) {
  TableModel model;
  model.fault = [](Evaluation &evaluation) {
    if (!evaluation.taps.empty())
      evaluation.taps[1].values[5] = -3; // row 2, column 1
  };
  auto report = compare(model);
  ASSERT_TRUE(report) << report.status().message();
  const HiddenLayer *first = report->hidden->firstDifference();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->name, "hidden.1");
  EXPECT_EQ(first->row, 2);
  EXPECT_EQ(first->column, 1);
  EXPECT_EQ(first->golden, -2);
  EXPECT_EQ(first->ours, -3);
}

TEST(Hidden, DifferenceIsRelativeToTheLayer) {
  // The same difference of 0.5 is noise in a layer a thousand times larger.
  HiddenLayer layer;
  layer.maxAbsDiff = 0.5;
  layer.rms = 1;
  EXPECT_TRUE(layer.differs());
  layer.rms = 1000;
  EXPECT_FALSE(layer.differs());
}

TEST(Hidden, NaNDiffers) {
  TableModel model;
  model.fault = [](Evaluation &evaluation) {
    if (!evaluation.taps.empty())
      evaluation.taps[0].values[2] = std::numeric_limits<float>::quiet_NaN();
  };
  auto report = compare(model);
  ASSERT_TRUE(report) << report.status().message();
  const HiddenLayer *first = report->hidden->firstDifference();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->name, "hidden.0");
  EXPECT_EQ(first->row, 1);
}

TEST(Hidden, MissingTapIsNamed) {
  TableModel model;
  model.fault = [](Evaluation &evaluation) {
    if (!evaluation.taps.empty())
      evaluation.taps.pop_back();
  };
  auto report = compare(model);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.status().message(), "the model has no tap 'hidden.1', the "
                                       "golden file has 2 hidden states");
}

TEST(Hidden, TapOfAnotherSizeIsNamed) {
  TableModel model;
  model.fault = [](Evaluation &evaluation) {
    if (!evaluation.taps.empty())
      evaluation.taps[0].values.pop_back();
  };
  auto report = compare(model);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.status().message(),
            "tap 'hidden.0' expects 6 values, got 5");
}

} // namespace
} // namespace ingot::eval
