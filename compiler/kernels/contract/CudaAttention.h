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

  /// Rows of shared memory for heads: whole groups of four, a power of two.
  constexpr int64_t rows() const {
    return heads <= 4 ? 4 : heads <= 8 ? 8 : 16;
  }
  constexpr int64_t queryPadded() const { return ceilDiv(query, 4) * 4; }
  /// From one staged key to the next: an odd number of 16 bytes, so that 32
  /// positions are read without conflicts.
  constexpr int64_t keyPitch() const {
    int64_t quads = queryPadded() / 4;
    return 4 * (quads % 2 == 0 ? quads + 1 : quads + 2);
  }
  constexpr int64_t floats() const {
    int64_t keys = kSplitUnit * keyPitch();
    int64_t values = joint ? 0 : kSplitUnit * value;
    // Partial scores of 8 warps with 4 rows each, weights, and three values a
    // row.
    int64_t scores = 8 * 4 * kSplitUnit + rows() * kSplitUnit;
    return rows() * queryPadded() + keys + values + scores + 3 * rows();
  }
};

/// As many of the `group` heads that share keys as fit, so that two blocks
/// share a multiprocessor.
constexpr AttendConfig attendConfig(int64_t group, int64_t query, int64_t value,
                                    bool joint) {
  AttendConfig c{smaller(group, 16), query, value, joint};
  while (c.heads > 1 && (group % c.heads != 0 || 4 * c.floats() > kBlockBytes))
    --c.heads;
  return c;
}

constexpr const char *rejectAttend(const AttendConfig &c,
                                   const PagedCache &cache) {
  if (cache.format == Format::F16)
    return "expects a cache of f32, bf16 or f8E4M3FN";
  if (cache.pageSize < 1)
    return "expects pages of at least one token";
  if (4 * c.floats() > kMostBytes)
    return "expects 32 positions' keys and values to fit in shared memory";
  return nullptr;
}

/// Stretches that a schedule wants: blocks for a whole GPU from one token, and
/// not so many that their results cost more to combine than they save.
constexpr int64_t splitsFor(int64_t blocksOfToken) {
  int64_t splits = kWantedBlocks / 2 / blocksOfToken;
  return splits < 1 ? 1 : smaller(splits, 32);
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
  static constexpr int64_t sharedBytes(const AttendLatent::Problem &,
                                       const Config &c) {
    return 4 * c.floats();
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
  static constexpr int64_t sharedBytes(const AttentionHeads &,
                                       const Config &c) {
    return 4 * c.floats();
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

/// A block is a head of a token.
template <>
struct OnCuda<CombineSplits> : RowSchedule {
  static constexpr Config configure(const CombineSplits::Problem &p) {
    return {threadsFor(p.value)};
  }
  static constexpr const char *reject(const CombineSplits::Problem &,
                                      const Config &) {
    return nullptr;
  }
  static constexpr Grid grid(const CombineSplits::Problem &p, const Config &) {
    return {each('T'), fixed(p.heads)};
  }
  static constexpr int64_t sharedBytes(const CombineSplits::Problem &,
                                       const Config &) {
    return 0;
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDAATTENTION_H
