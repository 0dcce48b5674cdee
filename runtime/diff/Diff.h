//===- Diff.h - finds where two artifacts part ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs two artifacts of one model over the same tokens, step of the plan by
// step of the plan, and compares what both compute under one name:
//
//   auto report = diff::compare(a, b, promptIds, {});
//   if (report && report->first)
//     std::cout << report->first->name;
//
// Tokens after the prompt are A's best ones, for both.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIFF_DIFF_H
#define INGOT_DIFF_DIFF_H

#include "ingot/Runtime.h"
#include "runtime/diff/Values.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ingot::diff {

/// Other orders of float32 sums stay below 1e-5 of a tensor's rms after dozens
/// of layers, one wrong weight, position or scale is mostly above 1e-2: between
/// the two, and nearer to the noise.
inline constexpr double kTolerance = 1e-3;

struct DiffOptions {
  /// A step differs if a value does by more than this share of the rms of A's
  /// tensor, or if an integer does at all.
  double tolerance = kTolerance;
  /// Tokens to run one by one after the prompt.
  int64_t steps = 4;
  /// Goes on after the first difference.
  bool all = false;
  /// If not empty: stops after the first run of the step of this name, and
  /// reports its statistics.
  std::string stopAfter = {};
};

/// One step of the plan, compared.
struct StepDifference {
  /// "layers.1.self_attn.o_proj"; with ", result 1" for the second of a
  /// launch's results, and so on.
  std::string name;
  /// The entry that ran, and the positions of its tokens.
  std::string entry;
  int64_t firstPosition = 0, lastPosition = 0;
  /// Names of the kernels in A and B.
  std::string kernelA = {}, kernelB = {};
  Distance distance = {};
  /// Where the difference is largest: "[3, 17]".
  std::string coordinate = {};
  bool differs = false;
};

/// A tensor of both artifacts.
struct StoppedAt {
  std::string name;
  Statistics a, b;
};

struct DiffReport {
  /// Every result that was compared, in the order of B's plan; of several runs
  /// the one that differs most.
  std::vector<StepDifference> steps;
  /// The first that differs, in the order of execution.
  std::optional<StepDifference> first;
  /// Launches of the entries that ran, in A and in B.
  size_t launchesA = 0, launchesB = 0;
  /// How many tokens both ran.
  int64_t tokens = 0;
  /// Present if options.stopAfter was reached.
  std::optional<StoppedAt> stopped;
};

/// Compares with a sequence of each session that is gone at the end.
/// InvalidInput for an empty prompt or options out of range, Incompatible if
/// the sessions' models are not one or have no step in common, NotFound if none
/// is called options.stopAfter; else the errors of Session.
Result<DiffReport> compare(Session &a, Session &b,
                           std::span<const int32_t> prompt,
                           const DiffOptions &options);

} // namespace ingot::diff

#endif // INGOT_DIFF_DIFF_H
