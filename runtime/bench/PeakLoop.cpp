//===- PeakLoop.cpp - how fast the machine multiplies ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/PeakLoop.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace ingot {

namespace {

typedef float Lanes __attribute__((vector_size(64)));

constexpr int64_t kLanes = 16, kRounds = 100000;
/// Of so many runs the fastest counts: others use this machine, too.
constexpr int kRuns = 10;

/// Chains of multiply-adds that do not wait for each other. How many it takes
/// to keep a processor busy, and how many its registers hold, differs.
template <int kChains>
[[gnu::always_inline]] inline float multiplyOften() {
  Lanes sums[kChains] = {};
  volatile float unknown = 0.5f;
  Lanes factor = Lanes{} + unknown, term = factor;
  for (int64_t round = 0; round < kRounds; ++round)
    for (Lanes &sum : sums)
      sum = sum * factor + term;
  float total = 0;
  for (const Lanes &sum : sums)
    total += sum[0];
  return total;
}

#if defined(__x86_64__)
#define INGOT_EACH_PROCESSOR                                                   \
  __attribute__((target_clones("avx512f", "fma", "default")))
#else
#define INGOT_EACH_PROCESSOR
#endif
INGOT_EACH_PROCESSOR float multiplyIn6() { return multiplyOften<6>(); }
INGOT_EACH_PROCESSOR float multiplyIn12() { return multiplyOften<12>(); }
#undef INGOT_EACH_PROCESSOR

/// Operations a second where every thread calls `loop` once.
double rateOf(ThreadPool &pool, float (*loop)(), int64_t chains) {
  const uint32_t threads = uint32_t(pool.threads());
  double best = 0;
  for (int run = 0; run < kRuns; ++run) {
    auto start = std::chrono::steady_clock::now();
    pool.parallelFor(threads, [&](uint32_t begin, uint32_t end) {
      for (uint32_t i = begin; i < end; ++i) {
        volatile float sum = loop();
        (void)sum;
      }
    });
    std::chrono::duration<double> took =
        std::chrono::steady_clock::now() - start;
    best = std::max(best, double(threads) * 2 * double(kLanes * chains) *
                              double(kRounds) / took.count());
  }
  return best;
}

} // namespace

double measurePeakFlops(ThreadPool &pool) {
  return std::max(rateOf(pool, multiplyIn6, 6), rateOf(pool, multiplyIn12, 12));
}

} // namespace ingot
