//===- AbsorbQuery.h - contract of queries times W_UK -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.absorb_query. The weights are multiplied from the left, so that a
// row of W_UK is read along its columns: the sum runs over rows. A few rows at
// a time are read whole, so that memory is read in order.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ABSORBQUERY_H
#define INGOT_KERNELS_ABSORBQUERY_H

#include "compiler/kernels/contract/LatentHeads.h"

namespace ingot::kernels {

struct AbsorbQuery {
  using Problem = LatentHeads;
  struct Config {
    int64_t lanes;
    /// Vectors of a strip of columns, and tokens of a micro-tile: the sums of
    /// both together stay in registers.
    int64_t vectors;
    int64_t tokens;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    int64_t lanes = lanesFor(machine, p.weight, p.rank);
    int64_t strip = lanesFor(4 * lanes, p.rank);
    if (p.weight.scaled())
      strip = lanesFor(strip, p.weight.blockColumns);
    return {lanes, strip / lanes, machine.lanes >= 16 ? 4 : 2};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return rejectProduct(p.weight, p.kvRows(), p.rank);
  }
  static constexpr Grid grid(const Problem &p, const Config &) {
    return headGrid(p);
  }
  static constexpr Operands operands(const Problem &p) {
    return headOperands(p, "q");
  }
  static constexpr Cost cost(const Problem &p) {
    return {.product = true,
            .weightBytes = p.weight.matrixBytes(p.heads * p.nope, p.rank),
            .rowBytes = 4 * p.heads * (p.nope + p.rank + 2 * p.rope),
            .rowFlops = 2 * p.heads * p.nope * p.rank};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.name(out);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    weightAliases(out, p.weight, p.rank, c.lanes);
    p.aliases(out);
    out.index("VECTORS", c.vectors);
    out.index("STRIP", c.vectors * c.lanes);
    out.index("JOINT_DIMS", kJointDims);
    out.index("AHEAD", kJointDims * p.rank);
    out.index("TOKENS", c.tokens);
    out.index("TILE_TOKENS", kHeadTileTokens);
    out.rows("Q", p.heads * (p.nope + p.rope));
    out.rows("Y", p.heads * (p.rank + p.rope));
    out.tile("STRIPS", {c.tokens, c.vectors}, "!V");
  }

  /// Rows of W_UK that are read together: more would keep sums in registers for
  /// longer, fewer lie closer together in memory.
  static constexpr int64_t kJointDims = 8;
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ABSORBQUERY_H
