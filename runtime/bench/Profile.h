//===- Profile.h - the launches of a step and their times -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_BENCH_PROFILE_H
#define INGOT_BENCH_PROFILE_H

#include "runtime/exec/LaunchTimes.h"
#include "runtime/plan/StepCost.h"

#include <string>
#include <vector>

namespace ingot {

/// A launch, what it took, and what it costs at the least.
struct ProfiledLaunch {
  /// As the plan names them; live as long as the model.
  std::string_view name, kernel;
  double seconds = 0;
  StepCost cost;
};

/// Steps of one entry and size, each launch at its mean time.
struct StepProfile {
  std::string entry;
  StepShape shape;
  /// Bytes a second that memory gives, for the shares.
  double readBytesPerSecond = 0;
  std::vector<ProfiledLaunch> launches;
};

/// What `times` says of the launches of `entry`, which ran in steps of `shape`.
StepProfile profileOf(const fb::Plan &plan, std::string_view entry,
                      const StepShape &shape, const LaunchTimes &times,
                      double readBytesPerSecond);

/// A line a launch: microseconds, bytes, GB/s, share of what memory gives,
/// share of the step, name and kernel; and a last one for all of them.
std::string asText(const StepProfile &profile);

/// The launches one after the other, as JSON that Chrome's and Perfetto's trace
/// viewers read; a row for each of `profiles`.
std::string asChromeTrace(const std::vector<StepProfile> &profiles);

} // namespace ingot

#endif // INGOT_BENCH_PROFILE_H
