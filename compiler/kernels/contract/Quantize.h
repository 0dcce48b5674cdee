//===- Quantize.h - contract of quantisation --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// codes[n, k] = x[n, k] / scales[n / blockRows, k / blockColumns], in E4M3.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_QUANTIZE_H
#define INGOT_KERNELS_QUANTIZE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct Quantize {
  struct Problem {
    /// Elements of the source, in the blocks of the result.
    WeightFormat weight;
    int64_t n, k;
  };
  struct Config {
    int64_t lanes;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine, p.weight, p.k)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.weight.format == Format::F8E4M3 || !p.weight.scaled())
      return "expects a weight without scales, and blocks to cut it into";
    return p.n < 1 || p.k < 1
               ? "expects a weight with at least one row and column"
               : nullptr;
  }
  /// A tile is a block.
  static constexpr Grid grid(const Problem &p, const Config &) {
    return {fixed(ceilDiv(p.k, p.weight.blockColumns)),
            fixed(ceilDiv(p.n, p.weight.blockRows))};
  }
  static constexpr Operands operands(const Problem &) {
    return {{{"x", Operand::Input, 0},
             {"codes", Operand::Output, 0},
             {"scales", Operand::OutputScales, 0}},
            3};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rows = 0,
            .weightBytes = p.n * p.k * p.weight.bytes(),
            .rowBytes = p.n * p.k,
            .rowFlops = 2 * p.n * p.k};
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
    out.index("N", p.n);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_QUANTIZE_H
