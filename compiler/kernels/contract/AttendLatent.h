//===- AttendLatent.h - contract of latent attention ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.attend_latent.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ATTENDLATENT_H
#define INGOT_KERNELS_ATTENDLATENT_H

#include "compiler/kernels/contract/Paged.h"

namespace ingot::kernels {

struct AttendLatent {
  struct Problem {
    int64_t heads, rank, rope;
    /// What scores are multiplied by.
    double scale;
    PagedCache cache;
  };
  struct Config {
    int64_t lanes;
    /// Heads that share a load of a cache row.
    int64_t heads;
    /// Vectors of a strip of the latent.
    int64_t vectors;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    int64_t lanes = lanesFor(lanesFor(machine.lanes, p.rank), p.rope);
    return {lanes, lanesFor(machine.lanes >= 16 ? 4 : 2, p.heads),
            lanesFor(4 * lanes, p.rank) / lanes};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.heads < 1 || p.rank < 1 || p.rope < 1)
      return "expects heads, a latent and a rope key";
    return rejectPages(p.cache, kJointRows);
  }
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {each('T'), fixed(p.heads / c.heads)};
  }
  static constexpr Operands operands(const Problem &) {
    return {{{"query", Operand::Input, 0},
             {"cache", Operand::Input, 1},
             {"pages", Operand::Batch, 0, "pages"},
             {"sequences", Operand::Batch, 0, "sequence"},
             {"positions", Operand::Batch, 0, "positions"},
             {"y", Operand::Output, 0}},
            6};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = 4 * p.heads * (2 * p.rank + p.rope),
            .cachedBytes = p.cache.bytes() * (p.rank + p.rope),
            .pairFlops = 2 * p.heads * (2 * p.rank + p.rope)};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.cache.name(out);
    out.size("h", p.heads);
    out.size("r", p.rank);
    out.size("p", p.rope);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    out.lanes(c.lanes);
    pageAliases(out, p.cache);
    out.index("WIDTH", p.rank + p.rope);
    out.index("KEY_WIDTH", p.rank + p.rope);
    out.index("VALUE_WIDTH", p.rank);
    out.index("JOINT_HEADS", c.heads);
    out.index("JOINT_ROWS", kJointRows);
    out.index("VECTORS", c.vectors);
    out.index("STRIP", c.vectors * c.lanes);
    out.real("SCALE", p.scale * p.cache.unit());
    out.real("UNIT", p.cache.unit());
    out.rows("QUERY", p.heads * (p.rank + p.rope));
    out.rows("Y", p.heads * p.rank);
    out.list("LIST");
    out.tile("SCORES", {c.heads, p.cache.pageSize}, "f32");
    out.tile("HEAD_VALUES", {c.heads}, "f32");
    out.tile("JOINT_VALUES", {c.heads}, "f32");
    out.tile("PARTIAL", {c.heads, kJointRows}, "!V");
    out.tile("STRIPS", {c.heads, c.vectors}, "!V");
  }

  /// Cache rows that are read together.
  static constexpr int64_t kJointRows = 4;
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ATTENDLATENT_H
