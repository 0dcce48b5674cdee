//===- grouping.cuh - tokens sorted by expert, and back ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_GROUPING_CUH
#define INGOT_KERNELS_CUDA_GROUPING_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

/// Calls `handle(s, expert, same)` for the warp's share of `count` slots, all of
/// its lanes together: `same` are the lanes whose slots have the same expert. A
/// lane without a slot has one of its own. Some are loaded before any of them is
/// handled.
template <int Warps, typename Handle>
INGOT_KERNEL_FUNCTION void forOwnSlots(const int32_t *indices, int64_t count,
                                       Handle handle) {
  constexpr int kBatch = 4;
  int64_t size = ceilDiv(ceilDiv(count, Warps), kWarp) * kWarp;
  int64_t begin = warpIndex() * size;
  int64_t end = begin + size < count ? begin + size : count;
  for (int64_t first = begin; first < end; first += kBatch * kWarp) {
    int32_t experts[kBatch];
#pragma unroll
    for (int b = 0; b < kBatch; ++b) {
      int64_t s = first + b * kWarp + laneIndex();
      experts[b] = s < end ? indices[s] : -1;
    }
#pragma unroll
    for (int b = 0; b < kBatch; ++b)
      handle(first + b * kWarp + laneIndex(), experts[b],
             lanesWithSame(experts[b]));
  }
}

/// Each warp counts its share of the slots by expert; from the counts of all
/// warps follows where each lists its own. In order, so that what is computed
/// does not depend on timing.
template <kernels::ExpertsGroup::Problem P,
          OnCuda<kernels::ExpertsGroup>::Config C>
INGOT_KERNEL_FUNCTION void experts_group(Tile, const int32_t *indices,
                                         int32_t *starts, int32_t *slots,
                                         int64_t tokens) {
  constexpr int kExperts = P.experts, kWarps = C.threads / kWarp;
  // places[warp][expert] and, behind them, totals[expert].
  int32_t *places = static_cast<int32_t *>(sharedMemory());
  int32_t *own = places + warpIndex() * kExperts;
  int32_t *totals = places + kWarps * kExperts;
  for (int e = laneIndex(); e < kExperts; e += kWarp)
    own[e] = 0;
  syncWarp();
  waitForEarlierLaunches();
  // The first lane of those with the same expert speaks for all.
  auto addToOwn = [&](int32_t expert, uint32_t same) {
    if (expert >= 0 && (same & lanesBelow()) == 0)
      own[expert] += countBits(same);
    syncWarp();
  };
  forOwnSlots<kWarps>(indices, tokens * P.topK,
                      [&](int64_t, int32_t expert, uint32_t same) {
                        addToOwn(expert, same);
                      });
  syncThreads();
  for (int e = threadIndex(); e < kExperts; e += C.threads) {
    int32_t total = 0;
    for (int warp = 0; warp < kWarps; ++warp) {
      int32_t count = places[warp * kExperts + e];
      places[warp * kExperts + e] = total;
      total += count;
    }
    totals[e] = total;
  }
  syncThreads();
  for (int e = threadIndex(); e <= kExperts; e += C.threads) {
    int32_t start = 0;
    for (int before = 0; before < e; ++before)
      start += totals[before];
    starts[e] = start;
    for (int warp = 0; e < kExperts && warp < kWarps; ++warp)
      places[warp * kExperts + e] += start;
  }
  syncThreads();
  forOwnSlots<kWarps>(indices, tokens * P.topK,
                      [&](int64_t s, int32_t expert, uint32_t same) {
                        if (expert >= 0)
                          slots[own[expert] + countBits(same & lanesBelow())] =
                              static_cast<int32_t>(s);
                        syncWarp();
                        addToOwn(expert, same);
                      });
}

/// y[t] = sum_j weights[t, j] * outputs[t, j], in the order of j, plus
/// shared[t].
} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_GROUPING_CUH
