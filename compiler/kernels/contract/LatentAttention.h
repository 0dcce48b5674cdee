//===- LatentAttention.h - contract of latent attention ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.latent_attention; computed as it is written, keys and values of a
// page being expanded once for all rows of a sequence.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_LATENTATTENTION_H
#define INGOT_KERNELS_LATENTATTENTION_H

#include "compiler/kernels/contract/AttendTile.h"
#include "compiler/kernels/contract/LatentHeads.h"
#include "compiler/kernels/contract/TileProducts.h"

namespace ingot::kernels {

struct LatentAttention {
  struct Problem {
    LatentHeads sizes;
    /// What scores are multiplied by.
    double scale;
    PagedCache cache;
  };
  struct Config {
    int64_t lanes;
    /// Tokens of a micro-tile of the expansion.
    int64_t tokens;
    AttendTile tile;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    const LatentHeads &s = p.sizes;
    return {lanesFor(lanesFor(machine, s.weight, s.rank), s.rope),
            microTokensFor(machine),
            AttendTile(s.heads, s.nope + s.rope, s.value, kBlockQueries,
                       p.cache, machine)};
  }
  static constexpr const char *reject(const Problem &p, const Config &c) {
    const LatentHeads &s = p.sizes;
    if (s.nope % kMicroRows != 0 || s.value % kMicroRows != 0)
      return "expects a nope dim and a value dim that are multiples of 4";
    if (const char *reason = rejectPages(p.cache, c.tokens))
      return reason;
    if (p.cache.pageSize > kTileTokens)
      return "expects pages of at most 64 tokens";
    if (p.cache.pageSize * (s.rank + s.rope) + c.tile.stackFloats(p.cache) >
        kPageFloats)
      return "expects a page's latents, keys and values to fit in 256 KiB";
    return rejectTileProduct(s.weight, s.kvRows(), s.rank);
  }
  static constexpr Grid grid(const Problem &p, const Config &) {
    return {fixed(p.sizes.heads), each('S')};
  }
  static constexpr Operands operands(const Problem &p) {
    bool scaled = p.sizes.weight.scaled();
    return {{{"q", Operand::Input, 0},
             {"cache", Operand::Input, 1},
             {"kv_b", Operand::Input, 2},
             {"scales", scaled ? Operand::Scales : Operand::Input, 2},
             {"pages", Operand::Batch, 0, "pages"},
             {"query_ends", Operand::Batch, 0, "query_end"},
             {"positions", Operand::Batch, 0, "positions"},
             {"y", Operand::Output, 0}},
            8};
  }
  static constexpr Cost cost(const Problem &p) {
    const LatentHeads &s = p.sizes;
    return {.weightBytes = s.weight.matrixBytes(s.kvRows(), s.rank),
            .rowBytes = 4 * s.heads * (s.nope + s.rope + s.value),
            .cachedBytes = p.cache.bytes() * (s.rank + s.rope),
            .cachedFlops = 2 * s.kvRows() * s.rank,
            .pairFlops = 2 * s.heads * (s.nope + s.rope + s.value)};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.sizes.name(out);
    p.cache.name(out);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    const LatentHeads &s = p.sizes;
    tileAliases(out, s.weight, s.kvRows(), s.rank, c.lanes, c.tokens,
                tileRowsFor(s.value, s.rank));
    s.aliases(out);
    pageAliases(out, p.cache);
    out.index("BLOCK_QUERIES", kBlockQueries);
    c.tile.aliases(out, p.cache);
    out.real("SCALE", p.scale);
    out.real("UNIT", p.cache.unit());
    out.list("LIST");
    out.tile("X", {p.cache.pageSize, s.rank + s.rope}, "f32");
  }

  /// Rows whose maxima and sums are on the stack at a time: those of a step, so
  /// that a page is expanded once.
  static constexpr int64_t kBlockQueries = 256;
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_LATENTATTENTION_H
