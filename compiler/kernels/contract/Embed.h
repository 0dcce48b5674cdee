//===- Embed.h - contract of the embedding ----------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = table[tokens[t]], k values each.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EMBED_H
#define INGOT_KERNELS_EMBED_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct Embed {
  struct Problem {
    WeightFormat weight;
    /// Entries of the table.
    int64_t n;
    int64_t k;
  };
  struct Config {
    int64_t lanes;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine, p.weight, p.k)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const Problem &, const Config &) {
    return {each('T')};
  }
  static constexpr Operands operands(const Problem &p) {
    return {
        {{"tokens", Operand::Batch, 0, "tokens"},
         {"table", Operand::Input, 1},
         {"scales", p.weight.scaled() ? Operand::Scales : Operand::Input, 1},
         {"y", Operand::Output, 0}},
        4};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.parts = p.n,
            .partBytes = p.weight.matrixBytes(1, p.k),
            .rowParts = 1,
            .rowBytes = 4 * p.k,
            .rowFlops = p.weight.scaled() ? p.k : 0};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.format(p.weight);
    out.size("n", p.n);
    out.size("k", p.k);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    weightAliases(out, p.weight, p.k, c.lanes);
    out.list("LIST");
    out.rows("Y", p.k);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EMBED_H
