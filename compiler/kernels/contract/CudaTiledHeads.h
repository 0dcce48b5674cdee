//===- CudaTiledHeads.h - heads times a latent on tensor cores --*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDATILEDHEADS_H
#define INGOT_KERNELS_CUDATILEDHEADS_H

#include "compiler/kernels/contract/AbsorbQuery.h"
#include "compiler/kernels/contract/CudaTiles.h"
#include "compiler/kernels/contract/ProjectValue.h"

namespace ingot::kernels {

// The contracts are those of AbsorbQuery and ProjectValue; only how they are
// computed differs.
struct AbsorbQueryTiled : AbsorbQuery {};
struct ProjectValueTiled : ProjectValue {};

/// A block is 128 results of a head, for 64 tokens.
struct HeadTileSchedule {
  struct Config {
    int64_t rows;
  };
  static constexpr Config configure(const LatentHeads &) {
    return {kTileWeightRows};
  }
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  /// Weights, and both parts of inputs.
  static constexpr int64_t sharedBytes(const LatentHeads &, const Config &) {
    return 2 * kTilePitch * (kTileWeightRows + 2 * kTileInputRows);
  }
};

template <>
struct OnCuda<ProjectValueTiled> : HeadTileSchedule {
  static constexpr const char *reject(const LatentHeads &p, const Config &) {
    return isTiled(p.weight, p.rank, Format::F32)
               ? rejectProduct(p.weight, p.kvRows(), p.rank)
               : "expects bf16 or f8E4M3FN weights in rows of whole 16 bytes";
  }
  static constexpr Grid grid(const LatentHeads &p, const Config &c) {
    return {fixed(ceilDiv(p.value, c.rows)), fixed(p.heads),
            blocks('T', kTileInputRows)};
  }
};

/// A block's results have one block of scales in each row of W_UK.
template <>
struct OnCuda<AbsorbQueryTiled> : HeadTileSchedule {
  static constexpr const char *reject(const LatentHeads &p, const Config &c) {
    bool exact =
        p.weight.format == Format::BF16 || p.weight.format == Format::F8E4M3;
    bool blocks = !p.weight.scaled() || p.weight.blockColumns % c.rows == 0;
    return exact && blocks && p.rank % c.rows == 0 && p.nope % kTileColumns == 0
               ? rejectProduct(p.weight, p.kvRows(), p.rank)
               : "expects bf16 or f8E4M3FN weights in whole tiles";
  }
  static constexpr Grid grid(const LatentHeads &p, const Config &c) {
    return {fixed(p.rank / c.rows), fixed(p.heads),
            blocks('T', kTileInputRows)};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDATILEDHEADS_H
