//===- LaunchTimes.h - where the time of steps goes -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   LaunchTimes times(session);
//   session.decode(rows);
//   for (const KernelTime &kernel : times.byKernel()) // the slowest first
//     print(kernel.kernel, kernel.seconds);
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_LAUNCHTIMES_H
#define INGOT_EXEC_LAUNCHTIMES_H

#include "ingot/Runtime.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ingot {

/// Time of all launches of one kernel.
struct KernelTime {
  /// As the plan names it; lives as long as the model.
  std::string_view kernel;
  int64_t launches = 0;
  double seconds = 0;
  /// Whether it multiplies rows by weights.
  bool product = false;
};

/// Times every launch of a session while it lives, which must be shorter than
/// the session does.
class LaunchTimes {
public:
  explicit LaunchTimes(Session &session);
  ~LaunchTimes();
  LaunchTimes(const LaunchTimes &) = delete;
  LaunchTimes &operator=(const LaunchTimes &) = delete;

  /// Forgets what ran so far.
  void clear() { times.clear(); }
  /// The slowest first.
  std::vector<KernelTime> byKernel() const;
  /// Of the launch in that place of `entry`; 0 if it has not run.
  double meanSeconds(std::string_view entry, size_t launch) const;

private:
  struct Time {
    int64_t launches = 0;
    double seconds = 0;
  };

  Session &session;
  /// By entry and place in it.
  std::map<std::pair<std::string_view, size_t>, Time> times;
};

/// A line a kernel: seconds, share of all, launches, name.
std::string asText(const std::vector<KernelTime> &kernels);

} // namespace ingot

#endif // INGOT_EXEC_LAUNCHTIMES_H
