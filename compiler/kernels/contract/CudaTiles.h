//===- CudaTiles.h - GPU schedules of products with many tokens -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Products of steps that take prompts, by tensor cores: a block multiplies 128
// rows of a weight with 64 tokens. Weights are exact in bf16, which is what
// they are or E4M3. An input is exact in it where it has been rounded to bf16
// or to codes of E4M3; else it becomes the sum of two bf16 values, 16 bits of
// its 24, which takes twice the products.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDATILES_H
#define INGOT_KERNELS_CUDATILES_H

#include "compiler/kernels/contract/CodedProducts.h"
#include "compiler/kernels/contract/CudaSchedule.h"

namespace ingot::kernels {

// The contracts are those of Linear and so on; only how they are computed
// differs.
struct LinearTiled : Linear {};
struct GatedLinearTiled : GatedLinear {};
struct ExpertsUpTiled : ExpertsUpGrouped {};
struct ExpertsDownTiled : ExpertsDownGrouped {};

/// Rows of a weight, of all of its matrices together, tokens, and columns that
/// a block has in shared memory at a time.
inline constexpr int64_t kTileWeightRows = 128, kTileInputRows = 64,
                         kTileColumns = 64;
/// From one row in shared memory to the next, in bf16 values: 4 banks further,
/// so that 8 rows of 4 words are read without conflicts.
inline constexpr int64_t kTilePitch = kTileColumns + 8;

/// Whether tensor cores multiply weights of k columns with inputs that are
/// rounded to `inputs`, but not to codes.
constexpr bool isTiled(WeightFormat w, int64_t k, Format inputs) {
  bool exact = w.format == Format::BF16 || w.format == Format::F8E4M3;
  // Sums are scaled where a block ends, and each 128 columns.
  bool blocks = !w.scaled() || w.blockColumns == kTileColumns ||
                w.blockColumns % (2 * kTileColumns) == 0;
  return exact && blocks && inputs != Format::F8E4M3 &&
         pieceFor(w, k) * w.bytes() == 16;
}

template <int64_t Matrices>
struct TileSchedule {
  struct Config {
    /// Rows of each matrix that a block has.
    int64_t rows;
  };
  template <typename Problem>
  static constexpr Config configure(const Problem &) {
    return {kTileWeightRows / Matrices};
  }
  template <typename Problem>
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (!isTiled(p.weight, p.k, p.inputs))
      return "expects bf16 or f8E4M3FN weights in rows of whole 16 bytes";
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  /// Weights, and inputs or both parts of them.
  template <typename Problem>
  static constexpr int64_t sharedBytes(const Problem &p, const Config &) {
    int64_t parts = p.inputs == Format::F32 ? 2 : 1;
    return 2 * kTilePitch * (kTileWeightRows + parts * kTileInputRows);
  }
};

template <int64_t Matrices>
struct LinearTileSchedule : TileSchedule<Matrices> {
  using Config = TileSchedule<Matrices>::Config;
  static constexpr Grid grid(const Linear::Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.rows)), blocks('T', kTileInputRows)};
  }
};
template <int64_t Matrices>
struct ExpertsTileSchedule : TileSchedule<Matrices> {
  using Config = TileSchedule<Matrices>::Config;
  static constexpr Grid grid(const ExpertsGrouped::Problem &p,
                             const Config &c) {
    return {fixed(ceilDiv(p.n, c.rows)), fixed(p.experts)};
  }
};
template <>
struct OnCuda<LinearTiled> : LinearTileSchedule<1> {};
template <>
struct OnCuda<GatedLinearTiled> : LinearTileSchedule<2> {};
template <>
struct OnCuda<ExpertsUpTiled> : ExpertsTileSchedule<2> {};
template <>
struct OnCuda<ExpertsDownTiled> : ExpertsTileSchedule<1> {};

/// The same tiles, of codes.
template <typename Tiles>
struct CodedOnCuda : Tiles {
  using Config = Tiles::Config;
  template <typename Problem>
  static constexpr const char *reject(const Problem &p, const Config &) {
    return rejectCoded(p.weight, p.n, p.k, p.inputs);
  }
};
template <>
struct OnCuda<LinearCoded> : CodedOnCuda<LinearTileSchedule<1>> {};
template <>
struct OnCuda<GatedLinearCoded> : CodedOnCuda<LinearTileSchedule<2>> {};
template <>
struct OnCuda<ExpertsUpCoded> : CodedOnCuda<ExpertsTileSchedule<2>> {};
template <>
struct OnCuda<ExpertsDownCoded> : CodedOnCuda<ExpertsTileSchedule<1>> {};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDATILES_H
