//===- CudaRows.h - GPU schedules of choices --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Routing, drawing, and sorting by experts.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDAROWS_H
#define INGOT_KERNELS_CUDAROWS_H

#include "compiler/kernels/contract/Choose.h"
#include "compiler/kernels/contract/CudaSchedule.h"
#include "compiler/kernels/contract/ExpertsGroup.h"
#include "compiler/kernels/contract/Route.h"

namespace ingot::kernels {

/// A warp chooses for a row. For a single one, its block has as many threads as
/// those of products, which can run beside it.
template <>
struct OnCuda<Route> : RowSchedule {
  static constexpr Config configure(const Route::Problem &,
                                    int64_t tokens = kWantedBlocks) {
    return {tokens == 1 ? kBlockThreads : kWarpThreads};
  }
  static constexpr const char *reject(const Route::Problem &p, const Config &) {
    if (p.experts > 4096)
      return "expects at most 4096 experts";
    if (p.bias.scaled())
      return "expects a routing bias without scales";
    return rejectProduct(p.bias, 1, p.experts);
  }
  static constexpr Grid grid(const Route::Problem &, const Config &) {
    return {each('T')};
  }
  /// Scores, what experts are chosen by, and ranks of groups.
  static constexpr int64_t sharedBytes(const Route::Problem &p,
                                       const Config &) {
    return 4 * (2 * p.experts + p.groups);
  }
};

/// A block draws for a row, of which there are few: it is as large as can be.
template <>
struct OnCuda<Choose> : RowSchedule {
  static constexpr Config configure(const Choose::Problem &p) {
    int64_t threads = kWarpThreads;
    while (threads < 1024 && threads * 4 < p.vocabulary)
      threads *= 2;
    return {threads};
  }
  static constexpr const char *reject(const Choose::Problem &p,
                                      const Config &) {
    return p.vocabulary < 1 || p.vocabulary > Choose::kMostLogits
               ? "expects 1 to 8388607 logits"
               : nullptr;
  }
  static constexpr Grid grid(const Choose::Problem &, const Config &) {
    return {each('R')};
  }
  /// Three sums a warp, and a number a lane.
  static constexpr int64_t sharedBytes(const Choose::Problem &,
                                       const Config &c) {
    return 8 * (3 * c.threads / kWarpThreads + kWarpThreads);
  }
};

/// One block counts, for all experts, and then lists: as many warps as there is
/// shared memory for a count of each expert.
template <>
struct OnCuda<ExpertsGroup> : RowSchedule {
  static constexpr Config configure(const ExpertsGroup::Problem &p) {
    int64_t threads = 1024;
    while (threads > kWarpThreads && sharedBytes(p, {threads}) > kMostBytes)
      threads /= 2;
    return {threads};
  }
  static constexpr const char *reject(const ExpertsGroup::Problem &p,
                                      const Config &) {
    return p.experts > 4096 ? "expects at most 4096 experts" : nullptr;
  }
  static constexpr Grid grid(const ExpertsGroup::Problem &, const Config &) {
    return {fixed(1)};
  }
  /// A count for each expert and warp, and their sums.
  static constexpr int64_t sharedBytes(const ExpertsGroup::Problem &p,
                                       const Config &c) {
    return 4 * p.experts * (c.threads / kWarpThreads + 1);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDAROWS_H
