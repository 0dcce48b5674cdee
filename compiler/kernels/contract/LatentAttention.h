//===- LatentAttention.h - contract of latent attention ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.latent_attention; computed over the latent, with W_UK and W_UV
// applied per head and row.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_LATENTATTENTION_H
#define INGOT_KERNELS_LATENTATTENTION_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct LatentAttention {
  struct Problem {
    /// Format of kv_b, [heads * (nope + value), rank].
    WeightFormat weight;
    int64_t heads, rank, nope, rope, value;
    /// What scores are multiplied by.
    double scale;
    /// Tokens of a page, and pages of a row of the page table.
    int64_t pageSize, pagesPerSequence;
  };
  struct Config {
    int64_t lanes;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(lanesFor(machine, p.weight, p.rank), p.rope)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.value % kMicroRows != 0)
      return "expects a value dim that is a multiple of 4";
    if (p.pageSize % kJoint != 0 || p.pageSize < 1)
      return "expects a page size that is a multiple of 4";
    if (2 * p.rank + p.rope + p.pageSize > kStackFloats)
      return "expects a latent of at most 8128 values";
    return rejectProduct(p.weight, p.heads * (p.nope + p.value), p.rank);
  }
  static constexpr Grid grid(const Problem &p, const Config &) {
    return {each('T'), fixed(p.heads)};
  }
  static constexpr Operands operands(const Problem &p) {
    return {
        {{"q", Operand::Input, 0},
         {"cache", Operand::Input, 1},
         {"kv_b", Operand::Input, 2},
         {"scales", p.weight.scaled() ? Operand::Scales : Operand::Input, 2},
         {"pages", Operand::Batch, 0, "pages"},
         {"sequences", Operand::Batch, 0, "sequence"},
         {"positions", Operand::Batch, 0, "positions"},
         {"y", Operand::Output, 0}},
        8};
  }
  static constexpr Cost cost(const Problem &p) {
    int64_t rows = p.heads * (p.nope + p.value);
    return {.weightBytes = p.weight.matrixBytes(rows, p.rank),
            .rowBytes = 4 * p.heads * (p.nope + p.rope + p.value),
            .rowFlops = 2 * rows * p.rank,
            .cachedBytes = 4 * (p.rank + p.rope),
            .pairFlops = 2 * p.heads * (2 * p.rank + p.rope)};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.format(p.weight);
    out.size("h", p.heads);
    out.size("r", p.rank);
    out.size("d", p.nope);
    out.size("p", p.rope);
    out.size("v", p.value);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    productAliases(out, p.weight, p.heads * (p.nope + p.value), p.rank, c.lanes,
                   1);
    out.index("NOPE", p.nope);
    out.index("ROPE", p.rope);
    out.index("VALUES", p.value);
    out.index("HEAD_ROWS", p.nope + p.value);
    out.index("QUERY_WIDTH", p.nope + p.rope);
    out.index("WIDTH", p.rank + p.rope);
    out.index("PAGE_SIZE", p.pageSize);
    out.index("JOINT_ROWS", kJoint);
    out.real("SCALE", p.scale);
    out.rows("Q", p.heads * (p.nope + p.rope));
    out.rows("CACHE", p.rank + p.rope);
    out.rows("Y", p.heads * p.value);
    out.list("LIST");
    out.integers("PAGES", p.pagesPerSequence);
    out.tile("X", {1, p.rank}, "f32");
    out.tile("QUERY", {p.rank + p.rope}, "f32");
    out.tile("SCORES", {p.pageSize}, "f32");
    out.tile("JOINT", {kJoint}, "!V");
  }

  /// Cache rows that are read together.
  static constexpr int64_t kJoint = 4;
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_LATENTATTENTION_H
