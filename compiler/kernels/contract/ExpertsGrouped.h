//===- ExpertsGrouped.h - products of tokens sorted by expert ---*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What ExpertsUpGrouped and ExpertsDownGrouped share. A tile is some rows of
// one expert with all of its tokens, so that weights are decoded once; a sum is
// made of the same operations as in ExpertsUp and ExpertsDown and has the same
// bits.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EXPERTSGROUPED_H
#define INGOT_KERNELS_EXPERTSGROUPED_H

#include "compiler/kernels/contract/TileProducts.h"

namespace ingot::kernels {

struct ExpertsGrouped {
  struct Problem {
    /// Each of the experts is [n, k] in this format, a tensor of its own.
    WeightFormat weight;
    int64_t n, k, topK, experts;
    bool weightsOnInput = false;
    /// What inputs are rounded to before: see Linear.
    Format inputs = Format::F32;
  };
  struct Config {
    int64_t lanes;
    /// Tokens of a micro-tile.
    int64_t tokens;
    int64_t tileRows;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    int64_t step = kMicroRows * kPanelMicroRows;
    // Large, as every expert has its own tiles and most of them few tokens.
    return {lanesFor(machine, p.weight, p.k), microTokensFor(machine),
            smaller(48, ceilDiv(p.n, step) * step)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return rejectTileProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.tileRows)), fixed(p.experts)};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.format(p.weight);
    out.size("n", p.n);
    out.size("k", p.k);
    out.size("top", p.topK);
    if (p.weightsOnInput)
      out.tag("weighted_input");
    out.inputs(p.inputs);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    tileAliases(out, p.weight, p.n, p.k, c.lanes, c.tokens, c.tileRows);
    out.index("TOP_K", p.topK);
    out.flag("ON_INPUT", p.weightsOnInput);
    out.rows("CHOICE", p.topK);
    out.rows("X", p.k);
    out.rows("Y", p.n);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EXPERTSGROUPED_H
