//===- Route.h - contract of the choice of experts --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.route: logits [t, e] to weights and indices [t, top_k].
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ROUTE_H
#define INGOT_KERNELS_ROUTE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct Route {
  struct Problem {
    bool softmax;
    bool biased;
    /// Format of the bias; F32 without one.
    WeightFormat bias;
    int64_t experts, topK, groups, topGroups;
    /// A group's rank is the sum of its two best, else its best.
    bool top2Sum;
    bool renormalize;
    double scale;
    /// Experts are compared by their logits, not their scores.
    bool byLogits = false;
  };
  struct Config {
    int64_t lanes;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine, p.bias, p.experts)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (4 * p.experts > kStackFloats)
      return "expects at most 4096 experts";
    if (p.bias.scaled())
      return "expects a routing bias without scales";
    return rejectProduct(p.bias, 1, p.experts);
  }
  static constexpr Grid grid(const Problem &, const Config &) {
    return {each('T')};
  }
  static constexpr Operands operands(const Problem &p) {
    return {{{"logits", Operand::Input, 0},
             {"bias", Operand::Input, p.biased ? 1u : 0u},
             {"weights", Operand::Output, 0},
             {"indices", Operand::Output, 1}},
            4};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.weightBytes = p.biased ? p.bias.matrixBytes(1, p.experts) : 0,
            .rowBytes = 4 * p.experts + 8 * p.topK,
            .rowFlops = p.experts * (25 + 2 * p.topK)};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.word(p.softmax ? "softmax" : "sigmoid");
    if (p.biased)
      out.format(p.bias);
    out.size("e", p.experts);
    out.size("k", p.topK);
    out.size("g", p.groups);
    out.size("m", p.topGroups);
    if (p.byLogits)
      out.tag("by_logits");
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    weightAliases(out, p.bias, p.experts, c.lanes);
    out.index("EXPERTS", p.experts);
    out.index("TOP_K", p.topK);
    out.index("GROUPS", p.groups);
    out.index("GROUP_SIZE", p.experts / p.groups);
    out.index("TOP_GROUPS", p.topGroups);
    out.flag("BIASED", p.biased);
    out.flag("BY_LOGITS", p.byLogits);
    out.flag("TOP2_SUM", p.top2Sum);
    out.flag("RENORMALIZE", p.renormalize);
    out.real("SCALE", p.scale);
    out.rows("LOGITS", p.experts);
    out.rows("CHOICE", p.topK);
    out.integers("INDICES", p.topK);
    out.tile("SCORES", {p.experts}, "f32");
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ROUTE_H
