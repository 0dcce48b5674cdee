//===- Machine.h - what a machine does at best ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The yardsticks of benchmarks: how long reading takes, and how many
// multiplications a second there can be.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_BENCH_MACHINE_H
#define INGOT_TEST_BENCH_MACHINE_H

#include "runtime/device/cpu/ThreadPool.h"
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

namespace ingot::bench {

/// Of so many runs the fastest counts: others use this machine, too.
constexpr int kRuns = 20;

/// The best times of several loops, run in turns so that all meet the same
/// disturbances.
template <size_t N>
std::array<double, N>
bestSeconds(const std::array<std::function<void(int)>, N> &loops) {
  std::array<double, N> best;
  best.fill(1e9);
  for (int i = 0; i < kRuns; ++i)
    for (size_t loop = 0; loop < N; ++loop) {
      auto start = std::chrono::steady_clock::now();
      loops[loop](i);
      std::chrono::duration<double> took =
          std::chrono::steady_clock::now() - start;
      best[loop] = std::min(best[loop], took.count());
    }
  return best;
}

/// A pool and what it can multiply.
struct Machine {
  std::unique_ptr<ThreadPool> pool;
  /// float32 operations a second.
  double peak;
};

/// As the first argument says, with 2 threads without one; prints both.
Machine startMachine(int argc, char **argv);

/// Only reads, with all threads of the pool.
void readAll(ThreadPool &pool, const std::byte *from, int64_t size);

} // namespace ingot::bench

#endif // INGOT_TEST_BENCH_MACHINE_H
