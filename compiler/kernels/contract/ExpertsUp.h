//===- ExpertsUp.h - contract of the experts' first half --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// hidden[t * top_k + j] = silu(gate_e x) * (up_e x), e = indices[t, j], where x
// is x[t], or weights[t, j] * x[t] with weights on the input.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EXPERTSUP_H
#define INGOT_KERNELS_EXPERTSUP_H

#include "compiler/kernels/contract/TileProducts.h"

namespace ingot::kernels {

struct ExpertsUp {
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
    int64_t tileRows;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine, p.weight, p.k), tileRowsFor(p.n, p.k)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return rejectProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.tileRows)), each('T', p.topK)};
  }
  static constexpr Operands operands(const Problem &p) {
    Operand::Kind scales = p.weight.scaled() ? Operand::Scales : Operand::Input;
    return {{{"x", Operand::Input, 0},
             {"indices", Operand::Input, 2},
             {"gates", Operand::Input, 3},
             {"gate_scales", scales, 3},
             {"ups", Operand::Input, 4},
             {"up_scales", scales, 4},
             {"weights", Operand::Input, 1},
             {"hidden", Operand::WrittenScratch, 0}},
            8};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.product = true,
            .parts = p.experts,
            .partBytes = 2 * p.weight.matrixBytes(p.n, p.k),
            .rowParts = p.topK,
            .rowBytes = 4 * (p.k + p.topK * p.n),
            .rowFlops = 4 * p.topK * p.n * p.k};
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
    productAliases(out, p.weight, p.n, p.k, c.lanes, 1);
    out.index("TILE_ROWS", c.tileRows);
    out.index("TOP_K", p.topK);
    out.flag("ON_INPUT", p.weightsOnInput);
    out.rows("CHOICE", p.topK);
    out.rows("X", p.k);
    out.rows("Y", p.n);
    out.integers("INDICES", p.topK);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EXPERTSUP_H
