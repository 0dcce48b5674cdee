//===- ReportTest.cpp - spelling of evaluation reports --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Report.h"

#include <gtest/gtest.h>
#include <limits>

namespace ingot::eval {
namespace {

TEST(Report, GoldenTextHasOneNumberALine) {
  GoldenReport report;
  report.prompt = {6, 0.5, 0.25, 1};
  report.greedy.steps = 3;
  std::string text = asText(report);
  EXPECT_NE(text.find("prompt.max_abs_diff: 0.5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("long.positions: 0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("greedy.mismatches_beyond_margin: 0\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("mtp"), std::string::npos) << text;
}

TEST(Report, HiddenTextNamesTheFirstDifference) {
  GoldenReport report;
  report.hidden.emplace();
  report.hidden->layers.push_back({"hidden.0", 0, 1, 0, 0, 0, 0});
  report.hidden->layers.push_back({"hidden.1", 1, 2, 3, 4, 5, 6});
  EXPECT_NE(asText(report).find(
                "first difference: hidden.1 at [3, 4], golden 5, ours 6\n"),
            std::string::npos)
      << asText(report);
}

TEST(Report, NaNIsNullInJson) {
  GoldenReport report;
  report.prompt.meanKl = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(asJson(report).find("\"mean_kl\": null"), std::string::npos);
}

TEST(Report, TextReportNamesItsNumbers) {
  TextReport report{1, 2, 3.5, 33.1, 0.5};
  EXPECT_EQ(asText(report), "windows: 1\ntokens: 2\nnll_per_token: 3.5\n"
                            "perplexity: 33.1\ndraft1_agreement: 0.5\n");
}

} // namespace
} // namespace ingot::eval
