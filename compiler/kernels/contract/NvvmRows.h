//===- NvvmRows.h - GPU schedules of kernels in MLIR ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Norms, element-wise kernels, embeddings, rotation, the cache's writes, the
// codes of inputs, and the work on weights.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_NVVMROWS_H
#define INGOT_KERNELS_NVVMROWS_H

#include "compiler/kernels/contract/Add.h"
#include "compiler/kernels/contract/AddRmsNorm.h"
#include "compiler/kernels/contract/Concat.h"
#include "compiler/kernels/contract/CudaSchedule.h"
#include "compiler/kernels/contract/Embed.h"
#include "compiler/kernels/contract/ExpertsCombine.h"
#include "compiler/kernels/contract/KvAppend.h"
#include "compiler/kernels/contract/Quantize.h"
#include "compiler/kernels/contract/QuantizeInputs.h"
#include "compiler/kernels/contract/RmsNorm.h"
#include "compiler/kernels/contract/Rope.h"
#include "compiler/kernels/contract/Split.h"
#include "compiler/kernels/contract/Swiglu.h"
#include "compiler/kernels/contract/Transpose.h"

namespace ingot::kernels {

/// The aliases of own_places.mlir, for `size` values of which a thread handles
/// at most `most` at a time; of more, as many each time as can be alike.
template <typename Out>
constexpr void ownAliases(Out &out, int64_t threads, int64_t size,
                          int64_t most) {
  int64_t all = ceilDiv(size, threads);
  int64_t own = ceilDiv(all, ceilDiv(all, most));
  out.index("OWN", own);
  out.vector("OWN", own);
  out.index("BATCH", own * threads);
}

/// Those of own_values.mlir: such values are a row.
template <typename Out>
constexpr void ownRowAliases(Out &out, int64_t threads, int64_t size,
                             int64_t most) {
  ownAliases(out, threads, size, most);
  out.index("ROW_SIZE", size);
  out.rows("ROW", size);
}

/// Those of what warps hand to each other: a float each.
template <typename Out>
constexpr void warpAliases(Out &out, int64_t threads) {
  out.index("WARPS", threads / kWarpThreads);
  out.shared("PARTIAL", {threads / kWarpThreads}, "f32");
}

/// Values that a thread moves at a time: enough to keep memory busy, and few
/// enough for registers.
inline constexpr int64_t kMovedAtOnce = 16;

/// Blocks as RowSchedule has them, and what a body in MLIR is written in
/// besides the contract's aliases.
struct NvvmSchedule : RowSchedule {
  template <typename Problem, typename Out>
  static constexpr void aliases(const Problem &, const Config &c, Out &out) {
    out.index("THREADS", c.threads);
    out.unrolled();
  }
};

/// A block is a stretch of a row: a thread has one value.
struct PairwiseOnCuda : NvvmSchedule {
  template <typename Problem>
  static constexpr Config configure(const Problem &p) {
    return {threadsFor(p.columns)};
  }
  template <typename Problem>
  static constexpr const char *reject(const Problem &p, const Config &) {
    return p.columns < 1 ? "expects rows of at least one column" : nullptr;
  }
  template <typename Problem>
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {each('T'), fixed(ceilDiv(p.columns, c.threads))};
  }
};
template <>
struct OnCuda<Add> : PairwiseOnCuda {};
template <>
struct OnCuda<Swiglu> : PairwiseOnCuda {};

/// A block has a whole row (or a head of one, where norms are of heads), so
/// that blocks alike can hand it on to one another. One row keeps one
/// multiprocessor waiting for memory: many threads wait together.
struct WholeRowSchedule : NvvmSchedule {
  static constexpr bool kByRow = true;

  template <typename Problem>
  static constexpr Config configure(const Problem &) {
    return {512};
  }
};

struct TwoPartsOnCuda : WholeRowSchedule {
  template <typename Problem>
  static constexpr const char *reject(const Problem &p, const Config &) {
    return p.head < 1 || p.tail < 1 ? "expects two parts of at least one column"
                                    : nullptr;
  }
  template <typename Problem>
  static constexpr Grid grid(const Problem &, const Config &) {
    return {each('T')};
  }
  template <typename Problem, typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    NvvmSchedule::aliases(p, c, out);
    ownRowAliases(out, c.threads, p.head + p.tail, kMovedAtOnce);
  }
};
template <>
struct OnCuda<Concat> : TwoPartsOnCuda {};
template <>
struct OnCuda<Split> : TwoPartsOnCuda {};
template <>
struct OnCuda<KvAppend> : TwoPartsOnCuda {
  static constexpr const char *reject(const KvAppend::Problem &p,
                                      const Config &c) {
    return p.cache == Format::F16 ? "expects a cache of f32, bf16 or f8E4M3FN"
                                  : TwoPartsOnCuda::reject(p, c);
  }
};

/// A block is a head of a row; it keeps a partial sum a warp.
template <>
struct OnCuda<RmsNorm> : WholeRowSchedule {
  static constexpr const char *reject(const RmsNorm::Problem &p,
                                      const Config &) {
    if (p.weight.scaled())
      return "expects a norm weight without scales";
    return rejectProduct(p.weight, 1, p.k);
  }
  static constexpr Grid grid(const RmsNorm::Problem &p, const Config &) {
    return {each('T'), fixed(p.heads)};
  }
  template <typename Out>
  static constexpr void aliases(const RmsNorm::Problem &p, const Config &c,
                                Out &out) {
    NvvmSchedule::aliases(p, c, out);
    ownRowAliases(out, c.threads, p.k, p.k);
    warpAliases(out, c.threads);
  }
};
template <>
struct OnCuda<AddRmsNorm> : OnCuda<RmsNorm> {};

template <>
struct OnCuda<Embed> : WholeRowSchedule {
  static constexpr const char *reject(const Embed::Problem &p, const Config &) {
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const Embed::Problem &, const Config &) {
    return {each('T')};
  }
  template <typename Out>
  static constexpr void aliases(const Embed::Problem &p, const Config &c,
                                Out &out) {
    NvvmSchedule::aliases(p, c, out);
    ownRowAliases(out, c.threads, p.k, kMovedAtOnce);
  }
};

/// A block is a row of all heads: a thread turns one pair of every head, so
/// that the angle's sine and cosine are computed once.
template <>
struct OnCuda<Rope> : WholeRowSchedule {
  static constexpr const char *reject(const Rope::Problem &p, const Config &) {
    if (p.heads < 1 || p.pairs < 1 || 2 * p.pairs > p.width)
      return "expects heads with at least one pair";
    return p.pairs > 4096 ? "expects at most 8192 rotated values" : nullptr;
  }
  static constexpr Grid grid(const Rope::Problem &, const Config &) {
    return {each('T')};
  }
  template <typename Out>
  static constexpr void aliases(const Rope::Problem &p, const Config &c,
                                Out &out) {
    NvvmSchedule::aliases(p, c, out);
    int64_t plain = p.heads * (p.width - 2 * p.pairs);
    ownAliases(out, c.threads, larger(plain, p.heads * p.pairs),
               kMovedAtOnce / 2);
    out.index("PLAIN_VALUES", plain);
    out.index("PAIR_VALUES", p.heads * p.pairs);
    out.shared("SHARED_ANGLES", {p.pairs}, "f32");
  }
};

template <>
struct OnCuda<ExpertsCombine> : WholeRowSchedule {
  static constexpr const char *reject(const ExpertsCombine::Problem &,
                                      const Config &) {
    return nullptr;
  }
  static constexpr Grid grid(const ExpertsCombine::Problem &, const Config &) {
    return {each('T')};
  }
  /// A thread asks for the outputs of all experts at once, for few columns: as
  /// many values as registers can wait for.
  template <typename Out>
  static constexpr void aliases(const ExpertsCombine::Problem &p,
                                const Config &c, Out &out) {
    NvvmSchedule::aliases(p, c, out);
    ownRowAliases(
        out, c.threads, p.n,
        smaller(kMovedAtOnce, larger(1, 4 * kMovedAtOnce / (p.topK + 1))));
  }
};

/// A block of threads is a block of values.
template <>
struct OnCuda<Quantize> : NvvmSchedule {
  static constexpr Config configure(const Quantize::Problem &p) {
    return {threadsFor(p.weight.blockRows * p.weight.blockColumns)};
  }
  static constexpr const char *reject(const Quantize::Problem &p,
                                      const Config &) {
    if (p.weight.format == Format::F8E4M3 || !p.weight.scaled())
      return "expects a weight without scales, and blocks to cut it into";
    if (ceilDiv(p.n, p.weight.blockRows) > 65535)
      return "expects at most 65535 blocks of rows";
    return p.n < 1 || p.k < 1
               ? "expects a weight with at least one row and column"
               : nullptr;
  }
  static constexpr Grid grid(const Quantize::Problem &p, const Config &) {
    return {fixed(ceilDiv(p.k, p.weight.blockColumns)),
            fixed(ceilDiv(p.n, p.weight.blockRows))};
  }
  template <typename Out>
  static constexpr void aliases(const Quantize::Problem &p, const Config &c,
                                Out &out) {
    NvvmSchedule::aliases(p, c, out);
    int64_t values = p.weight.blockRows * p.weight.blockColumns;
    ownAliases(out, c.threads, values, kMovedAtOnce / 2);
    warpAliases(out, c.threads);
    out.index("BLOCK_VALUES", values);
    out.index("LAST_ROW", p.n - 1);
    out.index("LAST_COLUMN", p.k - 1);
  }
};

/// A block is a row, of which a warp has a run at a time.
template <>
struct OnCuda<QuantizeInputs> : NvvmSchedule {
  static constexpr Config configure(const QuantizeInputs::Problem &p) {
    return {threadsFor(QuantizeInputs::runs(p) * kWarpThreads)};
  }
  static constexpr const char *reject(const QuantizeInputs::Problem &p,
                                      const Config &) {
    return p.k < 4 || p.k % 4 != 0 ? "expects columns in fours" : nullptr;
  }
  static constexpr Grid grid(const QuantizeInputs::Problem &p, const Config &) {
    return {each('T', p.rows)};
  }
  template <typename Out>
  static constexpr void aliases(const QuantizeInputs::Problem &p,
                                const Config &c, Out &out) {
    NvvmSchedule::aliases(p, c, out);
    int64_t warps = c.threads / kWarpThreads, runs = QuantizeInputs::runs(p);
    out.index("K", p.k);
    out.index("LAST_UNIT", p.k - 4);
    out.index("RUNS", runs);
    out.index("WARPS", warps);
    out.index("BATCH_RUNS", 4 * warps);
    out.flag("WEIGHTED", p.weighted);
    out.index("REPEATS", p.weighted ? p.rows : 1);
    out.rows("X", p.k);
    out.rows("WEIGHTS", 1);
    out.integers("CODES", p.k / 4);
    out.rows("SCALES", runs);
  }
};

/// A block turns a square of 32 by 32, through shared memory with a column more
/// than it needs, which spreads columns over banks.
template <>
struct OnCuda<Transpose> : NvvmSchedule {
  static constexpr int64_t kSide = 32;

  static constexpr Config configure(const Transpose::Problem &) {
    return {kBlockThreads};
  }
  static constexpr const char *reject(const Transpose::Problem &p,
                                      const Config &) {
    if (p.format == Format::F8E4M3)
      return "expects a weight without scales";
    if (ceilDiv(p.n, kSide) > 65535)
      return "expects at most 2097120 rows";
    return p.n < 1 || p.k < 1
               ? "expects a weight with at least one row and column"
               : nullptr;
  }
  static constexpr Grid grid(const Transpose::Problem &p, const Config &) {
    return {fixed(ceilDiv(p.k, kSide)), fixed(ceilDiv(p.n, kSide))};
  }
  template <typename Out>
  static constexpr void aliases(const Transpose::Problem &p, const Config &c,
                                Out &out) {
    NvvmSchedule::aliases(p, c, out);
    int64_t bytes = WeightFormat{p.format}.bytes();
    int64_t own = kSide * kSide / c.threads;
    out.index("SIDE", kSide);
    out.index("OWN", own);
    out.elements("OWN", own, bytes);
    out.element("ELEMENT", bytes);
    out.shared("SQUARE", {kSide, kSide + 1}, "!ELEMENT");
    out.index("LAST_ROW", p.n - 1);
    out.index("LAST_COLUMN", p.k - 1);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_NVVMROWS_H
