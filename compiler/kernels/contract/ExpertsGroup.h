//===- ExpertsGroup.h - contract of sorting tokens by expert ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of the slots t * top_k + j of a step, which the expert indices[t, j]
// computes: slots lists them expert by expert, in order; those of e are from
// starts[e] to before starts[e + 1].
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EXPERTSGROUP_H
#define INGOT_KERNELS_EXPERTSGROUP_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct ExpertsGroup {
  struct Problem {
    int64_t experts, topK;
  };
  struct Config {};

  static constexpr Config configure(const Problem &, Machine) { return {}; }
  static constexpr const char *reject(const Problem &, const Config &) {
    return nullptr;
  }
  static constexpr Grid grid(const Problem &, const Config &) {
    return {fixed(1)};
  }
  static constexpr Operands operands(const Problem &) {
    return {{{"indices", Operand::Input, 2},
             {"starts", Operand::WrittenScratch, 1},
             {"slots", Operand::WrittenScratch, 2},
             {"T", Operand::Symbol, 0, "T"}},
            4};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = 8 * p.topK, .rowFlops = 2 * p.topK};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.size("e", p.experts);
    out.size("top", p.topK);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &, Out &out) {
    out.index("EXPERTS", p.experts);
    out.index("TOP_K", p.topK);
    out.integers("INDICES", p.topK);
    out.list("LIST");
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EXPERTSGROUP_H
