//===- ReportTest.cpp - what ingot diff prints ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Report.h"

#include <gtest/gtest.h>

using namespace ingot::diff;

namespace {

DiffReport sampleReport() {
  StepDifference small{.name = "layers.0.add", .entry = "decode"};
  small.distance = {.maxAbsDiff = 1e-6, .rms = 0.5};
  StepDifference large{.name = "layers.1.o_proj", .entry = "decode"};
  large.firstPosition = large.lastPosition = 7;
  large.kernelA = "linear_a";
  large.kernelB = "linear_b";
  large.distance = {
      .maxAbsDiff = 0.25, .rms = 0.5, .index = 3, .a = 1, .b = 1.25};
  large.coordinate = "[0, 3]";
  large.differs = true;
  DiffReport report;
  report.steps = {small, large};
  report.first = large;
  report.launchesA = 4;
  report.launchesB = 3;
  report.tokens = 8;
  return report;
}

} // namespace

TEST(DiffReport, FirstDifference) {
  EXPECT_EQ(asText(sampleReport(), {}),
            "first difference: layers.1.o_proj\n"
            "  at [0, 3]: a 1, b 1.25\n"
            "  max_abs_diff 0.25, rms 0.5, in decode, position 7\n"
            "  kernels: a linear_a, b linear_b\n"
            "compared: 2 results of 4 and 3 launches, 8 tokens\n");
}

TEST(DiffReport, AllHasALineForEachStep) {
  DiffOptions options;
  options.all = true;
  EXPECT_TRUE(asText(sampleReport(), options)
                  .starts_with("decode layers.0.add: max_abs_diff 1e-06, rms "
                               "0.5\n"
                               "decode layers.1.o_proj: max_abs_diff 0.25, "
                               "rms 0.5, differs\n"
                               "first difference:"));
}

TEST(DiffReport, NoDifferenceNamesTheLargest) {
  DiffReport report = sampleReport();
  report.steps.pop_back();
  report.first.reset();
  EXPECT_EQ(asText(report, {}),
            "no step differs\n"
            "  most: layers.0.add: max_abs_diff 1e-06, rms 0.5\n"
            "compared: 1 results of 4 and 3 launches, 8 tokens\n");
}

TEST(DiffReport, StoppedHasTheTensorOfBoth) {
  DiffReport report = sampleReport();
  Statistics statistics{
      .shape = {1, 2}, .min = -1, .max = 2, .rms = 1.5, .first = {2, -1}};
  report.stopped = {"layers.0.add", statistics, statistics};
  EXPECT_TRUE(
      asText(report, {})
          .starts_with("layers.0.add\n"
                       "  a: [1, 2], min -1, max 2, rms 1.5, first 2 -1\n"
                       "  b: [1, 2], min -1, max 2, rms 1.5, first 2 -1\n"
                       "first difference:"));
}
