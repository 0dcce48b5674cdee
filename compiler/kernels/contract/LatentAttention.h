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

#include "compiler/kernels/contract/LatentHeads.h"
#include "compiler/kernels/contract/Paged.h"
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
    /// Rows of a micro-tile of the attention, and its vectors of positions and
    /// of values.
    int64_t rows, pageVectors, valueLanes, valueVectors;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    const LatentHeads &s = p.sizes;
    int64_t few = machine.lanes >= 16 ? 4 : 2;
    int64_t valueLanes = lanesFor(machine.lanes, s.value);
    return {lanesFor(lanesFor(machine, s.weight, s.rank), s.rope),
            few,
            few,
            lanesFor(few, p.cache.pageSize / p.cache.lanes()),
            valueLanes,
            lanesFor(4 * valueLanes, s.value) / valueLanes};
  }
  static constexpr const char *reject(const Problem &p, const Config &c) {
    const LatentHeads &s = p.sizes;
    if (s.nope % kMicroRows != 0 || s.value % kMicroRows != 0)
      return "expects a nope dim and a value dim that are multiples of 4";
    if (const char *reason = rejectPages(p.cache, c.tokens))
      return reason;
    if (p.cache.pageSize > kTileTokens)
      return "expects pages of at most 64 tokens";
    if (stackFloats(p) > kPageFloats)
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
    out.index("QUERY_ROWS", c.rows);
    out.index("PAGE_VECTORS", c.pageVectors);
    out.index("PAGE_STRIP", c.pageVectors * p.cache.lanes());
    out.index("VALUE_LANES", c.valueLanes);
    out.index("VALUE_VECTORS", c.valueVectors);
    out.index("VALUE_STRIP", c.valueVectors * c.valueLanes);
    out.vector("VALUE_VECTOR", c.valueLanes);
    out.real("SCALE", p.scale);
    out.real("UNIT", p.cache.unit());
    out.rows("Q", s.heads * (s.nope + s.rope));
    out.rows("Y", s.heads * s.value);
    out.list("LIST");
    out.tile("X", {p.cache.pageSize, s.rank + s.rope}, "f32");
    out.tile("KEYS", {s.nope + s.rope, p.cache.pageSize}, "f32");
    out.tile("VALUES", {p.cache.pageSize, s.value}, "f32");
    out.tile("SCORES", {c.rows, p.cache.pageSize}, "f32");
    out.tile("ROW_VALUES", {c.rows}, "f32");
    out.tile("QUERY_VALUES", {kBlockQueries}, "f32");
    out.tile("PAGE_TILE", {c.rows, c.pageVectors}, "!PAGE_VECTOR");
    out.tile("VALUE_TILE", {c.rows, c.valueVectors}, "!VALUE_VECTOR");
  }

  /// Rows whose maxima and sums are on the stack at a time: those of a step, so
  /// that a page is expanded once.
  static constexpr int64_t kBlockQueries = 256;

private:
  /// What may be on the stack of an expanded page: a quarter of a second-level
  /// cache of 1 MiB.
  static constexpr int64_t kPageFloats = 65536;

  static constexpr int64_t stackFloats(const Problem &p) {
    const LatentHeads &s = p.sizes;
    return p.cache.pageSize * (s.rank + s.rope + s.nope + s.rope + s.value) +
           2 * kBlockQueries;
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_LATENTATTENTION_H
