//===- ExpertsCombine.h - contract of weighing outputs ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = sum_j w * outputs[t * top_k + j], in the order of j, plus the result
// of a shared network if there is one. w is weights[t, j], or 1 with weights on
// the input.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EXPERTSCOMBINE_H
#define INGOT_KERNELS_EXPERTSCOMBINE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct ExpertsCombine {
  struct Problem {
    int64_t n, topK;
    /// Whether a network took every token: its result is added to the sum.
    bool shared;
    bool weightsOnInput = false;
  };
  struct Config {};

  static constexpr Config configure(const Problem &, Machine) { return {}; }
  static constexpr const char *reject(const Problem &, const Config &) {
    return nullptr;
  }
  static constexpr Grid grid(const Problem &, const Config &) {
    return {each('T')};
  }
  static constexpr Operands operands(const Problem &p) {
    return {{{"outputs", Operand::Scratch, 3},
             {"shared", Operand::Scratch, p.shared ? 5u : 3u},
             {"weights", Operand::Input, 1},
             {"y", Operand::Output, 0}},
            4};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = 4 * ((p.shared ? 2 : 1) * p.n + p.topK * (p.n + 1)),
            .rowFlops = 2 * p.topK * p.n};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    if (p.shared)
      out.word("shared");
    out.size("n", p.n);
    out.size("top", p.topK);
    if (p.weightsOnInput)
      out.tag("weighted_input");
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &, Out &out) {
    out.index("N", p.n);
    out.index("TOP_K", p.topK);
    out.flag("SHARED", p.shared);
    out.flag("ON_INPUT", p.weightsOnInput);
    out.rows("CHOICE", p.topK);
    out.rows("Y", p.n);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EXPERTSCOMBINE_H
