//===- CudaFp8Tiles.h - GPU schedules of products of codes ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of E4M3 inputs, which have a scale for each run of 128 columns, with
// E4M3 weights, by the tensor cores of sm_90a. What a multiprocessor works on
// is 128 tokens by 256 rows of weights: 128 of each matrix, where there are
// two, whose products then meet in one thread.
//
// Two warpgroups multiply, a third copies. For each 128 columns they are
// 128 * 256 * 128 * 2 = 8.4 million operations, 1,024 clocks of the tensor
// cores, and 48 KiB from the L2 cache, 48 bytes a clock, which has about as
// many for each multiprocessor; half the rows would ask for 64. Four such
// stages are in flight. Sums leave the tensor cores, which add to less than 24
// bits, after 128 columns.
//
// Tokens are the rows that a warpgroup multiplies (64 of them), as both scales
// are then one a thread and row. That rounds tokens up to 64; what it wastes is
// free: few tokens wait for weights, 32 KiB of the 3.35 TB/s that 132
// multiprocessors share, 2,300 clocks, for each 512 that multiplying takes.
// Up to 64 tokens, the warpgroups share the rows of weights instead of tokens.
// Tiles of 256 tokens by 128 rows would bring the weights of an expert with
// more than 128 tokens once; but the copying threads then have twice as many
// rows to look up, and with that all products took longer.
//
// A block computes tile after tile, so that the first columns of the next tile
// are under way while the sums of the last are stored; with 12 stages to a tile
// (1,536 columns), waiting for them would cost a fifth of the time.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDAFP8TILES_H
#define INGOT_KERNELS_CUDAFP8TILES_H

#include "compiler/kernels/contract/CodedProducts.h"
#include "compiler/kernels/contract/CudaSchedule.h"

namespace ingot::kernels {

// The contracts are those of codes; only how they are computed differs.
struct LinearFp8Tiles : LinearCoded {};
struct GatedLinearFp8Tiles : GatedLinearCoded {};
struct ExpertsUpFp8Tiles : ExpertsUpCoded {};
struct ExpertsDownFp8Tiles : ExpertsDownCoded {};

/// Tokens of a tile, rows of each half of its weights, and columns that are in
/// a stage of shared memory.
inline constexpr int64_t kCodeTokens = 128, kCodeRows = 128, kCodeColumns = 128;
/// Columns are rows' bytes; shared memory has them in a pattern that repeats
/// after as many bytes.
inline constexpr int64_t kCodePattern = 1024;
/// Three warpgroups.
inline constexpr int64_t kCodeThreads = 384;
/// Tiles of tokens whose inputs are to stay in the L2 cache while weights pass:
/// 2,048 tokens of 7,168 columns are 15 MB.
inline constexpr int64_t kCodeTileGroup = 16;

struct Fp8TileConfig {
  /// Thread blocks: one for each multiprocessor.
  int64_t blocks;
  /// Of 128 columns, in shared memory.
  int64_t stages;

  // Where things are in shared memory, from a multiple of the pattern on: the
  // codes of a stage, tokens' before weights'; scales of a stage, one a token,
  // then one for each half of the weights; two barriers a stage; room for
  // experts.
  static constexpr int64_t codes() {
    return kCodeColumns * (kCodeTokens + 2 * kCodeRows);
  }
  static constexpr int64_t scales() { return kCodeTokens + 4; }
  constexpr int64_t scalesAt() const { return stages * codes(); }
  constexpr int64_t barriersAt() const {
    return scalesAt() + stages * 4 * scales();
  }
  constexpr int64_t expertsAt() const { return barriersAt() + stages * 16; }
  constexpr int64_t sharedBytes(int64_t experts) const {
    return kCodePattern + expertsAt() + 4 * (experts + 1);
  }
};

constexpr const char *rejectFp8Tiles(WeightFormat w, int64_t n, int64_t k,
                                     Format inputs) {
  if (inputs != Format::F8E4M3 || w.format != Format::F8E4M3 || !w.scaled() ||
      w.blockRows % kCodeRows != 0 || w.blockColumns % kCodeColumns != 0)
    return "expects f8E4M3FN inputs, and f8E4M3FN weights in blocks of "
           "multiples of 128x128";
  if (k % kCodeColumns != 0 || n % 8 != 0)
    return "expects rows in eights and columns in whole runs of 128";
  return rejectProduct(w, n, k);
}

struct Fp8TileSchedule {
  using Config = Fp8TileConfig;
  template <typename Problem>
  static constexpr Config configure(const Problem &) {
    return {132, 4};
  }
  static constexpr int64_t threads(const Config &) { return kCodeThreads; }
  template <typename Problem>
  static constexpr Grid grid(const Problem &, const Config &c) {
    return {fixed(c.blocks)};
  }
};
struct LinearFp8Schedule : Fp8TileSchedule {
  static constexpr const char *reject(const Linear::Problem &p,
                                      const Config &) {
    return rejectFp8Tiles(p.weight, p.n, p.k, p.inputs);
  }
  static constexpr int64_t sharedBytes(const Linear::Problem &,
                                       const Config &c) {
    return c.sharedBytes(0);
  }
};
struct ExpertsFp8Schedule : Fp8TileSchedule {
  static constexpr const char *reject(const ExpertsGrouped::Problem &p,
                                      const Config &c) {
    if (c.sharedBytes(p.experts) > kMostBytes)
      return "expects experts that shared memory has room for";
    return rejectFp8Tiles(p.weight, p.n, p.k, p.inputs);
  }
  static constexpr int64_t sharedBytes(const ExpertsGrouped::Problem &p,
                                       const Config &c) {
    return c.sharedBytes(p.experts);
  }
};
template <>
struct OnCuda<LinearFp8Tiles> : LinearFp8Schedule {};
template <>
struct OnCuda<GatedLinearFp8Tiles> : LinearFp8Schedule {};
template <>
struct OnCuda<ExpertsUpFp8Tiles> : ExpertsFp8Schedule {};
template <>
struct OnCuda<ExpertsDownFp8Tiles> : ExpertsFp8Schedule {};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDAFP8TILES_H
