//===- ProgressBar.h - progress of a long run, on a terminal ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A bar on stderr, once a run has taken a second, and only if stderr is a
// terminal.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_INGOT_PROGRESSBAR_H
#define INGOT_TOOLS_INGOT_PROGRESSBAR_H

#include <chrono>
#include <cstdint>

namespace ingot::tool {

/// Starts its clock when made; wipes its line when destroyed.
class ProgressBar {
public:
  ProgressBar();
  ~ProgressBar();
  ProgressBar(const ProgressBar &) = delete;
  ProgressBar &operator=(const ProgressBar &) = delete;

  void update(int64_t done, int64_t total);

private:
  std::chrono::steady_clock::time_point begin;
  bool enabled, shown = false;
};

} // namespace ingot::tool

#endif // INGOT_TOOLS_INGOT_PROGRESSBAR_H
