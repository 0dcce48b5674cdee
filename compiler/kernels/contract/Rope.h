//===- Rope.h - contract of rotary position embedding -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last 2 * pairs values of each head turn by position * frequency[j].
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ROPE_H
#define INGOT_KERNELS_ROPE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct Rope {
  struct Problem {
    int64_t heads;
    /// Values of a head, rotated ones included.
    int64_t width;
    int64_t pairs;
    /// Pairs are (2j, 2j + 1), else (j, j + pairs).
    bool interleaved;
    /// What cos and sin are multiplied by.
    double magnitude;
    /// `pairs` angles in radians a position; the caller keeps them.
    const double *frequencies;
  };
  struct Config {
    int64_t tileHeads;
  };

  static constexpr Config configure(const Problem &p, Machine) {
    return {smaller(p.heads, 8)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.heads < 1 || p.pairs < 1 || 2 * p.pairs > p.width)
      return "expects heads with at least one pair";
    if (2 * p.pairs > kStackFloats)
      return "expects at most 16384 rotated values";
    return nullptr;
  }
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {each('T'), fixed(ceilDiv(p.heads, c.tileHeads))};
  }
  static constexpr Operands operands(const Problem &) {
    return {{{"x", Operand::Input, 0},
             {"positions", Operand::Batch, 0, "positions"},
             {"y", Operand::Output, 0}},
            3};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = 8 * p.heads * p.width,
            .rowFlops = 6 * p.heads * p.pairs};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.word(p.interleaved ? "interleaved" : "halves");
    out.size("h", p.heads);
    out.size("d", p.width);
    out.size("p", 2 * p.pairs);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    out.index("HEADS", p.heads);
    out.index("WIDTH", p.width);
    out.index("PLAIN", p.width - 2 * p.pairs);
    out.index("PAIRS", p.pairs);
    out.index("STRIDE", p.interleaved ? 2 : 1);
    out.index("DISTANCE", p.interleaved ? 1 : p.pairs);
    out.index("TILE_HEADS", c.tileHeads);
    out.real64("MAGNITUDE", p.magnitude);
    out.table("FREQUENCY_VALUES", p.frequencies, p.pairs);
    out.tile("FREQUENCIES", {p.pairs}, "f64");
    out.tile("ANGLES", {p.pairs}, "f32");
    out.list("LIST");
    out.rows("X", p.heads * p.width);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ROPE_H
