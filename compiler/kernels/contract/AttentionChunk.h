//===- AttentionChunk.h - contract of attention of chunks -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.attention: for steps with many rows of a sequence.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ATTENTIONCHUNK_H
#define INGOT_KERNELS_ATTENTIONCHUNK_H

#include "compiler/kernels/contract/AttendTile.h"
#include "compiler/kernels/contract/AttentionHeads.h"

namespace ingot::kernels {

struct AttentionChunk {
  using Problem = AttentionHeads;
  struct Config {
    int64_t lanes;
    AttendTile tile;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine.lanes, p.width),
            AttendTile(p.heads, p.width, p.width,
                       p.heads / p.kvHeads * blockQueries(p), p.cache,
                       machine)};
  }
  static constexpr const char *reject(const Problem &p, const Config &c) {
    if (const char *reason = rejectAttention(p, c.tile.rows))
      return reason;
    return c.tile.stackFloats(p.cache) > kPageFloats
               ? "expects a page's keys and values to fit in 256 KiB"
               : nullptr;
  }
  static constexpr Grid grid(const Problem &p, const Config &) {
    return {fixed(p.kvHeads), each('S'), blocks('T', blockQueries(p))};
  }
  static constexpr Operands operands(const Problem &p) {
    return p.operands("query_ends", "query_end");
  }
  static constexpr Cost cost(const Problem &p) { return p.cost(); }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.name(out);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    out.lanes(c.lanes);
    p.aliases(out, 1.0);
    c.tile.aliases(out, p.cache);
    out.index("BLOCK_QUERIES", blockQueries(p));
  }

private:
  /// Rows of a block: with their heads some 256, for which loading a page costs
  /// a few per cent, and not so few that chunks have no tiles to share.
  static constexpr int64_t blockQueries(const Problem &p) {
    int64_t rows = 128;
    while (rows > 16 && p.heads / p.kvHeads * rows > 256)
      rows /= 2;
    return rows;
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ATTENTIONCHUNK_H
