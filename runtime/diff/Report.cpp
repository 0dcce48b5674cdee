//===- Report.cpp - a comparison of two artifacts as text -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Report.h"

#include <algorithm>
#include <cstdio>

namespace ingot::diff {

/// Nine digits tell every float32 from its neighbours.
static std::string text(double value, int digits = 9) {
  char number[40];
  std::snprintf(number, sizeof number, "%.*g", digits, value);
  return number;
}

/// "max_abs_diff 1.2e-06, rms 1.3".
static std::string sizes(const Distance &distance) {
  return "max_abs_diff " + text(distance.maxAbsDiff, 3) + ", rms " +
         text(distance.rms, 3);
}

/// "position 7" or "positions 0 to 6".
static std::string positions(const StepDifference &step) {
  if (step.firstPosition == step.lastPosition)
    return "position " + std::to_string(step.firstPosition);
  return "positions " + std::to_string(step.firstPosition) + " to " +
         std::to_string(step.lastPosition);
}

static std::string line(const StepDifference &step) {
  return step.entry + " " + step.name + ": " + sizes(step.distance) +
         (step.differs ? ", differs\n" : "\n");
}

static std::string line(const char *artifact, const Statistics &statistics) {
  std::string shape, first;
  for (int64_t size : statistics.shape)
    shape += (shape.empty() ? "" : ", ") + std::to_string(size);
  for (double value : statistics.first)
    first += " " + text(value);
  return std::string("  ") + artifact + ": [" + shape + "], min " +
         text(statistics.min) + ", max " + text(statistics.max) + ", rms " +
         text(statistics.rms) + ", first" + first + "\n";
}

static std::string firstDifference(const StepDifference &step) {
  const Distance &distance = step.distance;
  return "first difference: " + step.name + "\n  at " + step.coordinate +
         ": a " + text(distance.a) + ", b " + text(distance.b) + "\n  " +
         sizes(distance) + ", in " + step.entry + ", " + positions(step) +
         "\n  kernels: a " + step.kernelA + ", b " + step.kernelB + "\n";
}

static std::string noDifference(const DiffReport &report) {
  std::string text = "no step differs\n";
  auto most =
      std::max_element(report.steps.begin(), report.steps.end(),
                       [](const StepDifference &x, const StepDifference &y) {
                         return x.distance.relative() < y.distance.relative();
                       });
  if (most != report.steps.end() && most->distance.maxAbsDiff > 0)
    text += "  most: " + most->name + ": " + sizes(most->distance) + "\n";
  return text;
}

std::string asText(const DiffReport &report, const DiffOptions &options) {
  std::string text;
  if (options.all)
    for (const StepDifference &step : report.steps)
      text += line(step);
  if (report.stopped)
    text += report.stopped->name + "\n" + line("a", report.stopped->a) +
            line("b", report.stopped->b);
  text += report.first ? firstDifference(*report.first) : noDifference(report);
  return text + "compared: " + std::to_string(report.steps.size()) +
         " results of " + std::to_string(report.launchesA) + " and " +
         std::to_string(report.launchesB) + " launches, " +
         std::to_string(report.tokens) + " tokens\n";
}

} // namespace ingot::diff
