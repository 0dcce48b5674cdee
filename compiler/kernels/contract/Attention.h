//===- Attention.h - contract of attention, row by row ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.attention: for steps with few rows of a sequence.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ATTENTION_H
#define INGOT_KERNELS_ATTENTION_H

#include "compiler/kernels/contract/AttentionHeads.h"

namespace ingot::kernels {

struct Attention {
  using Problem = AttentionHeads;
  struct Config {
    int64_t lanes;
    /// Query heads that share a load of a cache row.
    int64_t heads;
    /// Vectors of a strip of a head's values.
    int64_t vectors;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    int64_t lanes = lanesFor(machine.lanes, p.width);
    return {lanes, jointHeads(p, machine),
            lanesFor(4 * lanes, p.width) / lanes};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return rejectAttention(p, kJointRows);
  }
  static constexpr Grid grid(const Problem &p, const Config &) {
    return {each('T'), fixed(p.kvHeads)};
  }
  static constexpr Operands operands(const Problem &p) {
    return p.operands("sequences", "sequence");
  }
  static constexpr Cost cost(const Problem &p) { return p.cost(); }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.name(out);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    out.lanes(c.lanes);
    p.aliases(out, p.cache.unit());
    out.index("KEY_WIDTH", p.width);
    out.index("VALUE_WIDTH", p.width);
    out.index("JOINT_HEADS", c.heads);
    out.index("JOINT_ROWS", kJointRows);
    out.index("VECTORS", c.vectors);
    out.index("STRIP", c.vectors * c.lanes);
    out.rows("QUERY", p.heads * p.width);
    out.rows("Y", p.heads * p.width);
    out.tile("SCORES", {c.heads, p.cache.pageSize}, "f32");
    out.tile("HEAD_VALUES", {p.group()}, "f32");
    out.tile("JOINT_VALUES", {c.heads}, "f32");
    out.tile("PARTIAL", {c.heads, kJointRows}, "!V");
    out.tile("STRIPS", {c.heads, c.vectors}, "!V");
  }

  /// Cache rows that are read together.
  static constexpr int64_t kJointRows = 4;

private:
  /// As many heads of a group as leave their sums with 4 cache rows, and one
  /// row beside them, in registers: 7 of 32, or 3 of 16.
  static constexpr int64_t jointHeads(const Problem &p, Machine machine) {
    if (p.kvHeads < 1 || p.heads % p.kvHeads != 0)
      return 1;
    int64_t heads = machine.lanes >= 16 ? 7 : 3;
    while (p.group() % heads != 0)
      --heads;
    return heads;
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ATTENTION_H
