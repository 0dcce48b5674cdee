//===- CudaProducts.h - GPU schedules of products with weights --*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block multiplies some rows of a weight with a few tokens, reading each
// weight once for all of them: what a step costs that continues answers is its
// weights. A row's products are shared out over the lanes of `slices` warps.
// How, depends on the shape of the weight alone, so that the bits of a sum do
// as well.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDAPRODUCTS_H
#define INGOT_KERNELS_CUDAPRODUCTS_H

#include "compiler/kernels/contract/AbsorbQuery.h"
#include "compiler/kernels/contract/CudaSchedule.h"
#include "compiler/kernels/contract/ExpertsDownGrouped.h"
#include "compiler/kernels/contract/ExpertsDownSlots.h"
#include "compiler/kernels/contract/ExpertsUp.h"
#include "compiler/kernels/contract/ExpertsUpGrouped.h"
#include "compiler/kernels/contract/GatedLinear.h"
#include "compiler/kernels/contract/Linear.h"
#include "compiler/kernels/contract/Logits.h"
#include "compiler/kernels/contract/ProjectValue.h"

namespace ingot::kernels {

struct ProductConfig {
  /// Elements of a row that a lane reads at once.
  int64_t piece;
  /// Rows of a warp, of each of the matrices.
  int64_t rows;
  /// Warps that share rows.
  int64_t slices;
  /// Most tokens at a time.
  int64_t tokens;
  /// Values of a token's input that are in shared memory at a time.
  int64_t span;
  /// Groups of columns that a warp reads ahead.
  int64_t ahead;

  /// Values that a warp reads of a row at once, and that all slices do.
  constexpr int64_t group() const { return piece * kWarpThreads; }
  constexpr int64_t stride() const { return group() * slices; }
  constexpr int64_t rowsOfBlock() const {
    return kBlockThreads / kWarpThreads / slices * rows;
  }
  /// Where the sums of slices meet, behind the inputs.
  constexpr int64_t sharedBytes(int64_t matrices) const {
    return 4 * tokens * (span + rowsOfBlock() * slices * matrices);
  }
};

/// Tokens for which a weight is read once, where a step has as many: about as
/// many as are multiplied in the time that reading it takes.
inline constexpr int64_t kProductTokens = 8;

/// Columns of k inputs in shared memory: padded to whole groups and, where they
/// are rounded, to whole runs. Both are powers of two.
constexpr int64_t paddedColumns(int64_t k, int64_t group, Format inputs) {
  int64_t unit = inputs == Format::F32 ? group : larger(group, kInputRun);
  return ceilDiv(k, unit) * unit;
}

/// For `matrices` of [n, k] whose products with up to `tokens` are wanted
/// together, with inputs as they are or rounded. How sums are made up does not
/// depend on `tokens`.
constexpr ProductConfig productConfig(WeightFormat w, int64_t n, int64_t k,
                                      int64_t matrices, Format inputs,
                                      int64_t tokens) {
  ProductConfig c{pieceFor(w, k), matrices > 1 ? 1 : 2, 1, tokens, 0, 1};
  int64_t padded = paddedColumns(k, c.group(), inputs);
  // Few rows: more warps for each, as far as there is work for them.
  while (ceilDiv(n, c.rowsOfBlock()) < kWantedBlocks / 2 && c.slices < 8 &&
         c.stride() < padded)
    c.slices *= 2;
  if (ceilDiv(n, c.rowsOfBlock()) < kWantedBlocks / 2)
    c.rows = 1;
  if (tokens == 1) {
    // Registers of one token leave room to read ahead, and long rows are worth
    // more of them for each copy of the inputs.
    if (c.stride() < padded)
      c.ahead = 2;
    // A short row can be read as a whole.
    if (matrices == 1 && padded == 3 * c.stride())
      c.ahead = 3;
    if (matrices == 1 && c.rows == 2 && k >= 8192 && n >= 4096)
      c.rows = 4;
  }
  constexpr int64_t kFloats = 24576;
  // A span ends with what has been read ahead, and within no run.
  int64_t unit = paddedColumns(1, c.stride() * c.ahead, inputs);
  while (c.tokens > 1 && c.tokens * unit > kFloats)
    c.tokens /= 2;
  int64_t most = kFloats / c.tokens / unit * unit;
  c.span = smaller(ceilDiv(padded, unit) * unit, most);
  return c;
}

/// `configure` is told how many tokens a step has at most.
struct ProductSchedule {
  using Config = ProductConfig;
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  static constexpr int64_t resident(const Config &c) {
    return c.tokens > 1 ? 1 : c.rows < 4 ? 3 : 2;
  }
};

template <>
struct OnCuda<Linear> : ProductSchedule {
  static constexpr Config configure(const Linear::Problem &p,
                                    int64_t tokens = kProductTokens) {
    return productConfig(p.weight, p.n, p.k, 1, p.inputs, tokens);
  }
  static constexpr const char *reject(const Linear::Problem &p,
                                      const Config &) {
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const Linear::Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.rowsOfBlock())), blocks('T', c.tokens)};
  }
  static constexpr int64_t sharedBytes(const Linear::Problem &,
                                       const Config &c) {
    return c.sharedBytes(1);
  }
};
template <>
struct OnCuda<Logits> : OnCuda<Linear> {
  static constexpr Grid grid(const Linear::Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.rowsOfBlock())), blocks('R', c.tokens)};
  }
};
template <>
struct OnCuda<GatedLinear> : OnCuda<Linear> {
  static constexpr Config configure(const Linear::Problem &p,
                                    int64_t tokens = kProductTokens) {
    return productConfig(p.weight, p.n, p.k, 2, p.inputs, tokens);
  }
  static constexpr int64_t sharedBytes(const Linear::Problem &,
                                       const Config &c) {
    return c.sharedBytes(2);
  }
};

/// A block is some rows of one token's expert.
template <>
struct OnCuda<ExpertsUp> : ProductSchedule {
  static constexpr Config configure(const ExpertsUp::Problem &p) {
    return productConfig(p.weight, p.n, p.k, 2, p.inputs, 1);
  }
  static constexpr const char *reject(const ExpertsUp::Problem &p,
                                      const Config &) {
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const ExpertsUp::Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.rowsOfBlock())), each('T', p.topK)};
  }
  static constexpr int64_t sharedBytes(const ExpertsUp::Problem &,
                                       const Config &c) {
    return c.sharedBytes(2);
  }
};

template <>
struct OnCuda<ExpertsDownSlots> : ProductSchedule {
  static constexpr Config configure(const ExpertsDownSlots::Problem &p) {
    // As many rows as a token's experts have: they share a grid.
    return productConfig(p.weight, p.topK * p.n, p.k, 1, p.inputs, 1);
  }
  static constexpr const char *reject(const ExpertsDownSlots::Problem &p,
                                      const Config &) {
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const ExpertsDownSlots::Problem &p,
                             const Config &c) {
    return {fixed(ceilDiv(p.n, c.rowsOfBlock())), each('T', p.topK)};
  }
  static constexpr int64_t sharedBytes(const ExpertsDownSlots::Problem &,
                                       const Config &c) {
    return c.sharedBytes(1);
  }
};

/// A block is some rows of one expert, for all tokens that chose it.
template <int64_t Matrices>
struct ExpertsGroupedOnCuda : ProductSchedule {
  static constexpr Config configure(const ExpertsGrouped::Problem &p) {
    return productConfig(p.weight, p.n, p.k, Matrices, p.inputs,
                         kProductTokens);
  }
  static constexpr const char *reject(const ExpertsGrouped::Problem &p,
                                      const Config &) {
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const ExpertsGrouped::Problem &p,
                             const Config &c) {
    return {fixed(ceilDiv(p.n, c.rowsOfBlock())), fixed(p.experts)};
  }
  static constexpr int64_t sharedBytes(const ExpertsGrouped::Problem &,
                                       const Config &c) {
    return c.sharedBytes(Matrices);
  }
};
template <>
struct OnCuda<ExpertsUpGrouped> : ExpertsGroupedOnCuda<2> {};
template <>
struct OnCuda<ExpertsDownGrouped> : ExpertsGroupedOnCuda<1> {};

/// A block is some rows of a head's W_UV.
template <>
struct OnCuda<ProjectValue> : ProductSchedule {
  static constexpr Config configure(const LatentHeads &p,
                                    int64_t tokens = kProductTokens) {
    // As many rows as all heads have: they share a grid.
    return productConfig(p.weight, p.heads * p.value, p.rank, 1, Format::F32,
                         tokens);
  }
  static constexpr const char *reject(const LatentHeads &p, const Config &) {
    return rejectProduct(p.weight, p.kvRows(), p.rank);
  }
  static constexpr Grid grid(const LatentHeads &p, const Config &c) {
    return {fixed(ceilDiv(p.value, c.rowsOfBlock())), fixed(p.heads),
            blocks('T', c.tokens)};
  }
  static constexpr int64_t sharedBytes(const LatentHeads &, const Config &c) {
    return c.sharedBytes(1);
  }
};

/// A block is a strip of a head's latent: its threads stand in rows, each of
/// which reads a row of W_UK at a time, and add up what rows have summed.
struct AbsorbConfig {
  /// Columns that a thread has, and threads that make up a strip.
  int64_t piece, lanes;
  /// Tokens at a time.
  int64_t tokens;

  constexpr int64_t columns() const { return piece * lanes; }
  constexpr int64_t rows() const { return kBlockThreads / lanes; }
};
template <>
struct OnCuda<AbsorbQuery> {
  using Config = AbsorbConfig;

  static constexpr Config configure(const LatentHeads &p, int64_t tokens = 4) {
    int64_t piece = lanesFor(pieceFor(p.weight, p.rank), p.rank);
    int64_t lanes = lanesFor(32, p.rank / piece);
    while (lanes > 4 && p.heads * (p.rank / piece / lanes) < kWantedBlocks)
      lanes /= 2;
    return {piece, lanes, smaller(tokens, 4)};
  }
  static constexpr const char *reject(const LatentHeads &p, const Config &c) {
    if (sharedBytes(p, c) > kMostBytes)
      return "expects a nope dim whose queries fit in shared memory";
    return rejectProduct(p.weight, p.kvRows(), p.rank);
  }
  static constexpr Grid grid(const LatentHeads &p, const Config &c) {
    return {fixed(p.rank / c.columns()), fixed(p.heads), blocks('T', c.tokens)};
  }
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  /// Queries, and the sums of each row of threads.
  static constexpr int64_t sharedBytes(const LatentHeads &p, const Config &c) {
    return 4 * c.tokens * (p.nope + c.rows() * c.columns());
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDAPRODUCTS_H
