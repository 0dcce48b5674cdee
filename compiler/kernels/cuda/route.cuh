//===- route.cuh - the choice of experts ------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.route. One warp chooses for a row, so nothing waits for a barrier.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_ROUTE_CUH
#define INGOT_KERNELS_CUDA_ROUTE_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

/// Where the largest of `count` values is; the lowest index among equals, and 0
/// if none is above minus infinity (NaN included).
INGOT_KERNEL_FUNCTION int indexOfLargest(const float *values, int count) {
  float best = lowest();
  int at = count;
  for (int i = laneIndex(); i < count; i += kWarp)
    if (values[i] > best) {
      best = values[i];
      at = i;
    }
  // No lane's best is a NaN. Adding 0 makes one zero of two.
  uint32_t bits = floatToBits(best + 0.0f);
  uint32_t order = bits >> 31 ? ~bits : bits | 0x80000000u;
  bool isBest = order == largestOfWarp(order);
  int first = static_cast<int>(
      smallestOfWarp(static_cast<uint32_t>(isBest ? at : count)));
  return first < count ? first : 0;
}

template <kernels::Route::Problem P>
INGOT_KERNEL_FUNCTION void scoreExperts(const float *logits, float *scores) {
  constexpr int kExperts = P.experts;
  if constexpr (!P.softmax) {
    for (int e = laneIndex(); e < kExperts; e += kWarp)
      scores[e] = 1.0f / (1.0f + exponential(-logits[e]));
  } else {
    float largest = lowest();
    for (int e = laneIndex(); e < kExperts; e += kWarp)
      largest = larger(largest, logits[e]);
    largest = largestOfLanes(largest);
    float sum = 0;
    for (int e = laneIndex(); e < kExperts; e += kWarp) {
      scores[e] = exponential(logits[e] - largest);
      sum += scores[e];
    }
    sum = sumOfLanes(sum);
    for (int e = laneIndex(); e < kExperts; e += kWarp)
      scores[e] /= sum;
  }
  syncWarp();
}

/// Leaves the experts of the best groups in the choice. The others become minus
/// infinity, not 0: a biased score may be negative.
template <kernels::Route::Problem P>
INGOT_KERNEL_FUNCTION void keepBestGroups(float *choice, float *ranks) {
  constexpr int kGroups = P.groups, kSize = P.experts / P.groups;
  for (int g = laneIndex(); g < kGroups; g += kWarp) {
    float first = lowest(), second = lowest();
    for (int e = g * kSize; e < (g + 1) * kSize; ++e) {
      float value = choice[e];
      second = larger(second, value > first ? first : value);
      first = larger(first, value);
    }
    ranks[g] = P.top2Sum ? first + second : first;
  }
  syncWarp();
  // A group that is kept becomes a NaN, which no choice takes for the largest.
  for (int i = 0; i < P.topGroups; ++i) {
    int g = indexOfLargest(ranks, kGroups);
    syncWarp();
    if (laneIndex() == 0)
      ranks[g] = bitsToFloat(0x7FC00000u);
    syncWarp();
  }
  for (int e = laneIndex(); e < P.experts; e += kWarp)
    if (ranks[e / kSize] == ranks[e / kSize])
      choice[e] = lowest();
  syncWarp();
}

template <kernels::Route::Problem P, OnCuda<kernels::Route>::Config C>
INGOT_KERNEL_FUNCTION void route(Tile tile, const float *allLogits,
                                 const void *bias, float *allWeights,
                                 int32_t *allIndices) {
  float *scores = static_cast<float *>(sharedMemory());
  float *choice = scores + P.experts, *ranks = choice + P.experts;
  if (warpIndex() > 0)
    return;
  waitForEarlierLaunches();
  const float *logits = allLogits + tile.x * P.experts;
  float *weights = allWeights + tile.x * P.topK;
  int32_t *indices = allIndices + tile.x * P.topK;
  scoreExperts<P>(logits, scores);
  for (int e = laneIndex(); e < P.experts; e += kWarp) {
    choice[e] = withBias<P.biased, P.bias.format>(
        P.byLogits ? logits[e] : scores[e], bias, e);
  }
  syncWarp();
  if constexpr (P.groups > P.topGroups)
    keepBestGroups<P>(choice, ranks);

  // A lane keeps the scores of every 32nd choice.
  constexpr int kOwn = int(ceilDiv(P.topK, kWarp));
  float sum = 0, chosen[kOwn] = {};
#pragma unroll
  for (int j = 0; j < P.topK; ++j) {
    int e = indexOfLargest(choice, P.experts);
    syncWarp();
    float score = scores[e];
    if (laneIndex() == j % kWarp) {
      chosen[j / kWarp] = score;
      indices[j] = e;
    }
    if (laneIndex() == 0)
      choice[e] = lowest();
    sum += score;
    syncWarp();
  }
  constexpr float kScale = static_cast<float>(P.scale);
  float divisor = P.renormalize ? sum + 1e-20f : 1.0f;
#pragma unroll
  for (int i = 0; i < kOwn; ++i)
    if (int j = laneIndex() + i * kWarp; j < P.topK)
      weights[j] = chosen[i] / divisor * kScale;
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_ROUTE_CUH
