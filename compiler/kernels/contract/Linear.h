//===- Linear.h - contract of the product with a weight ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t, n] = sum_k x[t, k] * weight[n, k], plus bias[n] if there is one.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_LINEAR_H
#define INGOT_KERNELS_LINEAR_H

#include "compiler/kernels/contract/TileProducts.h"

namespace ingot::kernels {

struct Linear {
  struct Problem {
    WeightFormat weight;
    int64_t n, k;
    bool biased = false;
    /// Of the bias; F32 without one.
    Format bias = Format::F32;
    /// What inputs are rounded to before: BF16, or F8E4M3 in runs of kInputRun
    /// with a scale each; F32 takes them as they are.
    Format inputs = Format::F32;
  };
  struct Config {
    int64_t lanes;
    /// Tokens of a micro-tile.
    int64_t tokens;
    int64_t tileRows;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine, p.weight, p.k), microTokensFor(machine),
            tileRowsFor(p.n, p.k)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return rejectTileProduct(p.weight, p.n, p.k);
  }
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.tileRows)), blocks('T', kTileTokens)};
  }
  /// `rows` is for gathered inputs (Logits); it is never read here, nor is a
  /// bias without one.
  static constexpr Operands operands(const Problem &p) {
    return {
        {{"x", Operand::Input, 0},
         {"rows", Operand::Input, 0},
         {"weights", Operand::Input, 1},
         {"scales", p.weight.scaled() ? Operand::Scales : Operand::Input, 1},
         {"bias", Operand::Input, p.biased ? 2u : 0u},
         {"y", Operand::Output, 0},
         {"T", Operand::Symbol, 0, "T"}},
        7};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.product = true,
            .weightBytes = p.weight.matrixBytes(p.n, p.k) +
                           (p.biased ? p.n * WeightFormat{p.bias}.bytes() : 0),
            .rowBytes = 4 * (p.n + p.k),
            .rowFlops = 2 * p.n * p.k};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.format(p.weight);
    out.size("n", p.n);
    out.size("k", p.k);
    out.bias(p.biased, p.bias);
    out.inputs(p.inputs);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    tileAliases(out, p.weight, p.n, p.k, c.lanes, c.tokens, c.tileRows);
    out.rows("X", p.k);
    out.rows("Y", p.n);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_LINEAR_H
