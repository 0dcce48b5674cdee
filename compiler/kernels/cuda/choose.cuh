//===- choose.cuh - drawing tokens ------------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block draws for a row, as ingot/TokenDraw.h says and the host's sampler does:
// weights are integers, so their sums are right in any order.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_CHOOSE_CUH
#define INGOT_KERNELS_CUDA_CHOOSE_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/common.cuh"
#include "ingot/TokenDraw.h"

namespace ingot::cuda {

/// Sums over all threads, the same in each; `room` is shared memory for `Count`
/// numbers a warp. Threads meet before and after.
template <int Threads, int Count>
INGOT_KERNEL_FUNCTION void sumCounts(uint64_t (&counts)[Count],
                                     uint64_t *room) {
  constexpr int kWarps = Threads / kWarp;
  syncThreads();
#pragma unroll
  for (int i = 0; i < Count; ++i) {
#pragma unroll
    for (int mask = kWarp / 2; mask > 0; mask /= 2)
      counts[i] += shuffleXor(counts[i], mask);
    if (laneIndex() == 0)
      room[i * kWarps + warpIndex()] = counts[i];
  }
  syncThreads();
#pragma unroll
  for (int i = 0; i < Count; ++i) {
    counts[i] = 0;
    for (int warp = 0; warp < kWarps; ++warp)
      counts[i] += room[i * kWarps + warp];
  }
}
template <int Threads>
INGOT_KERNEL_FUNCTION uint64_t largestCount(uint64_t count, uint64_t *room) {
  syncThreads();
#pragma unroll
  for (int mask = kWarp / 2; mask > 0; mask /= 2) {
    uint64_t other = shuffleXor(count, mask);
    count = other > count ? other : count;
  }
  if (laneIndex() == 0)
    room[warpIndex()] = count;
  syncThreads();
  for (int warp = 0; warp < Threads / kWarp; ++warp)
    count = room[warp] > count ? room[warp] : count;
  return count;
}

static_assert(kernels::Choose::kMostLogits == kMostDrawnFrom);

template <int64_t Vocabulary, int Threads>
class LogitRow {
public:
  INGOT_KERNEL_FUNCTION LogitRow(const float *logits, uint64_t *room)
      : logits(logits), room(room) {}

  /// The order of the best logit, and below it how far its index, the lowest of
  /// equal ones, is from the highest number; all ones if a logit is NaN or
  /// infinite, 0 if no token can be drawn.
  INGOT_KERNEL_FUNCTION uint64_t findBest() const {
    // Many at once: one multiprocessor waits for all of them.
    constexpr int kUnit = Vocabulary % 4 == 0 ? 4 : 1;
    struct alignas(4 * kUnit) Unit {
      float of[kUnit];
    };
    const float infinity = bitsToFloat(0x7f800000u);
    float best = -infinity;
    int64_t at = 0;
    bool isOdd = false;
#pragma unroll 4
    for (int64_t i = threadIndex() * kUnit; i < Vocabulary;
         i += Threads * kUnit) {
      const Unit unit = *reinterpret_cast<const Unit *>(logits + i);
#pragma unroll
      for (int u = 0; u < kUnit; ++u) {
        isOdd |= !(unit.of[u] < infinity);
        if (unit.of[u] > best) {
          best = unit.of[u];
          at = i + u;
        }
      }
    }
    uint64_t own = static_cast<uint64_t>(orderOfBits(floatToBits(best))) << 32 |
                   (0xffffffffu - static_cast<uint32_t>(at));
    if (isOdd)
      own = ~static_cast<uint64_t>(0);
    else if (best == -infinity)
      own = 0;
    return largestCount<Threads>(own, room);
  }

  /// The sum of what `measure` gives for the order and the value of each logit.
  template <typename Measure>
  INGOT_KERNEL_FUNCTION uint64_t sum(Measure measure) const {
    uint64_t sums[1] = {};
    for (int64_t i = threadIndex(); i < Vocabulary; i += Threads)
      sums[0] += measure(orderAt(i), logits[i]);
    sumCounts<Threads>(sums, room);
    return sums[0];
  }

  /// The highest order such that logits of it or above measure `needed`
  /// together. Those from `low` on do, those from `high` on do not.
  template <typename Measure>
  INGOT_KERNEL_FUNCTION uint32_t highestReaching(uint64_t needed, uint64_t low,
                                                 uint64_t high,
                                                 Measure measure) const {
    while (high - low > 1) {
      const uint64_t step = (high - low + 3) / 4;
      uint64_t sums[3] = {};
      for (int64_t i = threadIndex(); i < Vocabulary; i += Threads) {
        const uint32_t order = orderAt(i);
        if (order < low + step)
          continue;
        const uint64_t own = measure(order, logits[i]);
        sums[0] += own;
        sums[1] += order >= low + 2 * step ? own : 0;
        sums[2] += order >= low + 3 * step ? own : 0;
      }
      sumCounts<Threads>(sums, room);
      const int reached = (sums[0] >= needed ? 1 : 0) +
                          (sums[1] >= needed ? 1 : 0) +
                          (sums[2] >= needed ? 1 : 0);
      low += static_cast<uint64_t>(reached) * step;
      high = high - low > step ? low + step : high;
    }
    return static_cast<uint32_t>(low);
  }

  /// Stores the index at which what `measure` gives, added up by index, reaches
  /// beyond `number`. The last thing that a block does.
  template <typename Measure>
  INGOT_KERNEL_FUNCTION void find(uint64_t number, Measure measure,
                                  int32_t *index) const {
    constexpr int kWarps = Threads / kWarp;
    constexpr int64_t kStretch = ceilDiv(Vocabulary, Threads) * kWarp;
    const int64_t begin = warpIndex() * kStretch;
    const int64_t end =
        begin + kStretch < Vocabulary ? begin + kStretch : Vocabulary;
    uint64_t own = 0;
    for (int64_t i = begin + laneIndex(); i < end; i += kWarp)
      own += measure(orderAt(i), logits[i]);
    syncThreads();
    own = sumOfWarp(own);
    if (laneIndex() == 0)
      room[warpIndex()] = own;
    syncThreads();
    int warp = 0;
    for (; warp < kWarps - 1 && number >= room[warp]; ++warp)
      number -= room[warp];
    if (warp != warpIndex())
      return;
    uint64_t *lanes = room + 3 * kWarps;
    for (int64_t base = begin; base < end; base += kWarp) {
      const int64_t i = base + laneIndex();
      own = i < end ? measure(orderAt(i), logits[i]) : 0;
      const uint64_t sum = sumOfWarp(own);
      if (number >= sum) {
        number -= sum;
        continue;
      }
      lanes[laneIndex()] = own;
      syncWarp();
      int lane = 0;
      for (; number >= lanes[lane]; ++lane)
        number -= lanes[lane];
      if (laneIndex() == 0)
        *index = static_cast<int32_t>(base + lane);
      return;
    }
  }

private:
  INGOT_KERNEL_FUNCTION static uint64_t sumOfWarp(uint64_t value) {
#pragma unroll
    for (int mask = kWarp / 2; mask > 0; mask /= 2)
      value += shuffleXor(value, mask);
    return value;
  }
  INGOT_KERNEL_FUNCTION uint32_t orderAt(int64_t i) const {
    return orderOfBits(floatToBits(logits[i]));
  }

  const float *logits;
  uint64_t *room;
};

template <kernels::Choose::Problem P, OnCuda<kernels::Choose>::Config C>
INGOT_KERNEL_FUNCTION void choose(Tile tile, const float *allLogits,
                                  const TokenDraw *draws, int32_t *allChosen) {
  waitForEarlierLaunches();
  const LogitRow<P.vocabulary, C.threads> row(
      allLogits + tile.x * P.vocabulary,
      static_cast<uint64_t *>(sharedMemory()));
  const TokenDraw draw = draws[tile.x];
  int32_t *chosen = allChosen + tile.x;
  const uint64_t found = row.findBest();
  const bool none = found == 0 || found == ~static_cast<uint64_t>(0);
  if (none || draw.temperature == 0.0f) {
    if (threadIndex() == 0)
      *chosen = none ? -1
                     : static_cast<int32_t>(0xffffffffu -
                                            static_cast<uint32_t>(found));
    return;
  }
  const uint32_t best = static_cast<uint32_t>(found >> 32);
  const float largest = bitsToFloat(bitsOfOrder(best));
  auto weigh = [&](uint32_t, float logit) {
    return drawWeight(logit, largest, draw.temperature);
  };
  auto weightOf = [&](uint32_t order) {
    return drawWeight(bitsToFloat(bitsOfOrder(order)), largest,
                      draw.temperature);
  };

  // Kept are those above the threshold, and the first few of those at it.
  uint32_t threshold = 0;
  uint64_t ties = 0;
  if (draw.topK > 0 && draw.topK < P.vocabulary) {
    auto one = [](uint32_t, float) { return static_cast<uint64_t>(1); };
    const uint64_t count = static_cast<uint64_t>(draw.topK);
    threshold = row.highestReaching(count, 0, static_cast<uint64_t>(best) + 1,
                                    one);
    ties = count - row.sum([&](uint32_t order, float) {
      return static_cast<uint64_t>(order > threshold);
    });
  }
  auto weighAbove = [&](uint32_t order, float logit) {
    return order > threshold ? weigh(order, logit) : 0;
  };
  uint64_t above = row.sum(weighAbove);
  if (draw.share < kWholeShare) {
    const uint64_t needed =
        shareOf(above + ties * weightOf(threshold), draw.share);
    if (above >= needed) {
      threshold = row.highestReaching(
          needed, static_cast<uint64_t>(threshold) + 1,
          static_cast<uint64_t>(best) + 1, weigh);
      above = row.sum(weighAbove);
    }
    const uint64_t weight = weightOf(threshold);
    ties = (needed - above + weight - 1) / weight;
  }
  const uint64_t number =
      numberBelow(above + ties * weightOf(threshold), draw.bits);
  if (number < above)
    return row.find(number, weighAbove, chosen);
  row.find((number - above) / weightOf(threshold),
           [&](uint32_t order, float) {
             return static_cast<uint64_t>(order == threshold);
           },
           chosen);
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_CHOOSE_CUH
