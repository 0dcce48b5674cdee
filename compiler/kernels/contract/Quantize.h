//===- Quantize.h - contract of quantisation --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// codes[n, k] = x[n, k] / scales[n / blockRows, k / blockColumns], in E4M3; or
// of x[k, from + n], which saves a transposed copy of the weight.
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
    /// Columns of a source that is stored [k, columns], and the first of them
    /// that is taken; 0 columns if it is stored [n, k].
    int64_t columns = 0;
    int64_t from = 0;
  };
  struct Config {
    int64_t lanes;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    int64_t lanes = lanesFor(machine, p.weight, p.k);
    // Along the rows of the source, cut into blocks from a column on.
    if (p.columns > 0)
      lanes = lanesFor(lanesFor(lanes, p.n), p.weight.blockRows);
    return {lanes};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.weight.format == Format::F8E4M3 || !p.weight.scaled())
      return "expects a weight without scales, and blocks to cut it into";
    if (p.columns > 0 &&
        p.weight.blockRows * p.weight.blockColumns > kStackFloats)
      return "expects blocks of at most 16384 values";
    return p.n < 1 || p.k < 1
               ? "expects a weight with at least one row and column"
               : nullptr;
  }
  /// A tile is a block.
  static constexpr Grid grid(const Problem &p, const Config &) {
    return {fixed(ceilDiv(p.k, p.weight.blockColumns)),
            fixed(ceilDiv(p.n, p.weight.blockRows))};
  }
  static constexpr Operands operands(const Problem &p) {
    return {{{"x", p.columns > 0 ? Operand::Source : Operand::Input, 0},
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
    out.variant(p.columns > 0 ? "columns" : "rows");
    if (p.columns > 0)
      out.size("columns", p.from);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    weightAliases(out, p.weight, p.k, c.lanes);
    out.index("N", p.n);
    out.index("SOURCE_COLUMNS", p.columns);
    out.index("FROM", p.from);
    if (p.columns > 0)
      out.tile("STAGE", {p.weight.blockRows, p.weight.blockColumns}, "f32");
    else
      out.tile("STAGE", {1, 1}, "f32");
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_QUANTIZE_H
