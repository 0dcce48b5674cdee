//===- CudaAttention.h - GPU schedules of attention -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block computes some heads of one token that share their keys and values,
// which it stages in shared memory 32 positions at a time.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDAATTENTION_H
#define INGOT_KERNELS_CUDAATTENTION_H

#include "compiler/kernels/contract/CudaSchedule.h"
#include "compiler/kernels/contract/SplitAttention.h"

namespace ingot::kernels {

struct AttendConfig {
  /// Heads of a block.
  int64_t heads;
  /// Values of a query and of a result; whether results are made of the first
  /// columns of what queries are multiplied with.
  int64_t query, value;
  bool joint;

  /// Heads that a tile of tensor cores has, and warps of a block.
  static constexpr int64_t kRows = 16;
  static constexpr int64_t kWarps = kBlockThreads / kWarpThreads;
  /// From one head's scores of a unit to the next's: 8 banks further.
  static constexpr int64_t kWeightPitch = kSplitUnit + 8;

  /// Bytes from one staged row of `columns` values to the next: 8 banks
  /// further, so that no two lanes read the same bank, whether they have pairs
  /// of columns of four rows or columns of four rows.
  static constexpr int64_t pitch(int64_t columns, int64_t bytes) {
    int64_t row = ceilDiv(columns, 8) * 8 * bytes;
    return ceilDiv(row - 32, 128) * 128 + 32;
  }
  /// Keys and values, partial scores of the warps, weights, three values a
  /// head, and rows of the cache.
  constexpr int64_t sharedBytes(int64_t bytes) const {
    int64_t row = pitch(query, bytes) + (joint ? 0 : pitch(value, bytes));
    return kSplitUnit * row +
           4 * (kRows * kWeightPitch * (kWarps + 1) + 3 * kRows + kSplitUnit);
  }
};

/// As many of the `group` heads that share keys as a tile has.
constexpr AttendConfig attendConfig(int64_t group, int64_t query, int64_t value,
                                    bool joint) {
  AttendConfig c{smaller(group, 16), query, value, joint};
  while (group % c.heads != 0)
    --c.heads;
  return c;
}

constexpr const char *rejectAttend(const AttendConfig &c,
                                   const PagedCache &cache) {
  if (cache.format == Format::F16)
    return "expects a cache of f32, bf16 or f8E4M3FN";
  if (cache.pageSize < 1)
    return "expects pages of at least one token";
  if (c.sharedBytes(cache.bytes()) > kMostBytes)
    return "expects 32 positions' keys and values to fit in shared memory";
  return nullptr;
}

/// Stretches that a schedule wants: blocks for a whole GPU from one token, and
/// not so many that their results cost more to combine than they save.
constexpr int64_t splitsFor(int64_t blocksOfToken) {
  int64_t splits = kWantedBlocks / blocksOfToken;
  return splits < 1 ? 1 : smaller(splits, 64);
}

template <>
struct OnCuda<AttendLatent> {
  using Config = AttendConfig;

  static constexpr Config configure(const AttendLatent::Problem &p) {
    return attendConfig(p.heads, p.rank + p.rope, p.rank, true);
  }
  static constexpr const char *reject(const AttendLatent::Problem &p,
                                      const Config &c) {
    if (p.heads < 1 || p.rank < 1 || p.rope < 1)
      return "expects heads, a latent and a rope key";
    return rejectAttend(c, p.cache);
  }
  static constexpr Grid grid(const AttendLatent::Problem &p, const Config &c) {
    return {each('T'), fixed(p.heads / c.heads)};
  }
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  static constexpr int64_t resident(const Config &) { return 2; }
  static constexpr int64_t sharedBytes(const AttendLatent::Problem &p,
                                       const Config &c) {
    return c.sharedBytes(p.cache.bytes());
  }
  static constexpr int64_t splits(const AttendLatent::Problem &p) {
    return splitsFor(p.heads / configure(p).heads);
  }
};

template <>
struct OnCuda<Attention> {
  using Config = AttendConfig;

  static constexpr Config configure(const AttentionHeads &p) {
    return attendConfig(p.group(), p.width, p.width, false);
  }
  static constexpr const char *reject(const AttentionHeads &p,
                                      const Config &c) {
    if (p.kvHeads < 1 || p.heads < 1 || p.heads % p.kvHeads != 0)
      return "expects as many query heads for each key and value head";
    return rejectAttend(c, p.cache);
  }
  static constexpr Grid grid(const AttentionHeads &p, const Config &c) {
    return {each('T'), fixed(p.heads / c.heads)};
  }
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  static constexpr int64_t resident(const Config &) { return 2; }
  static constexpr int64_t sharedBytes(const AttentionHeads &p,
                                       const Config &c) {
    return c.sharedBytes(p.cache.bytes());
  }
  static constexpr int64_t splits(const AttentionHeads &p) {
    return splitsFor(p.heads / configure(p).heads);
  }
};

/// The whole's schedule, a stretch along z.
template <typename Whole>
struct SplitOnCuda : OnCuda<Whole> {
  using Base = OnCuda<Whole>;
  using Config = Base::Config;

  template <typename Problem>
  static constexpr Config configure(const Problem &p) {
    return Base::configure(p.whole);
  }
  template <typename Problem>
  static constexpr const char *reject(const Problem &p, const Config &c) {
    return Base::reject(p.whole, c);
  }
  template <typename Problem>
  static constexpr Grid grid(const Problem &p, const Config &c) {
    Grid grid = Base::grid(p.whole, c);
    grid.z = fixed(p.splits);
    return grid;
  }
  template <typename Problem>
  static constexpr int64_t sharedBytes(const Problem &p, const Config &c) {
    return Base::sharedBytes(p.whole, c);
  }
};
template <>
struct OnCuda<AttendLatentSplit> : SplitOnCuda<AttendLatent> {};
template <>
struct OnCuda<AttentionSplit> : SplitOnCuda<Attention> {};

/// A block is some columns of a head of a token: threads that have the same one
/// share the stretches, so that most of them are read at the same time.
template <>
struct OnCuda<CombineSplits> {
  struct Config {
    int64_t columns;

    constexpr int64_t shares() const { return kBlockThreads / columns; }
  };

  static constexpr Config configure(const CombineSplits::Problem &) {
    return {64};
  }
  static constexpr const char *reject(const CombineSplits::Problem &,
                                      const Config &) {
    return nullptr;
  }
  static constexpr Grid grid(const CombineSplits::Problem &p, const Config &c) {
    return {each('T'), fixed(p.heads), fixed(ceilDiv(p.value, c.columns))};
  }
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  /// What stretches count for, and each thread's sum.
  static constexpr int64_t sharedBytes(const CombineSplits::Problem &p,
                                       const Config &) {
    return 4 * (ceilDiv(p.splits, kWarpThreads) * kWarpThreads + kBlockThreads);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDAATTENTION_H
