//===- RmsNorm.h - contract of root-mean-square normalisation ---*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = x[t] / sqrt(mean(x[t]^2) + eps) * weight, k values each.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_RMSNORM_H
#define INGOT_KERNELS_RMSNORM_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct RmsNorm {
  struct Problem {
    /// F32 without one.
    WeightFormat weight;
    /// Values that are normalised together.
    int64_t k;
    double eps;
    /// Times k are the values of a row.
    int64_t heads = 1;
    bool weighted = true;
  };
  struct Config {
    int64_t lanes;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine, p.weight, p.k)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.weight.scaled())
      return "expects a norm weight without scales";
    return rejectProduct(p.weight, 1, p.k);
  }
  static constexpr Grid grid(const Problem &, const Config &) {
    return {each('T')};
  }
  static constexpr Operands operands(const Problem &p) {
    return {{{"x", Operand::Input, 0},
             {"weights", Operand::Input, p.weighted ? 1u : 0u},
             {"y", Operand::Output, 0}},
            3};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.weightBytes = p.weighted ? p.weight.matrixBytes(1, p.k) : 0,
            .rowBytes = 8 * p.heads * p.k,
            .rowFlops = 4 * p.heads * p.k};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    if (p.weighted)
      out.format(p.weight);
    out.size("k", p.k);
    if (p.heads > 1)
      out.size("h", p.heads);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    weightAliases(out, p.weight, p.k, c.lanes);
    out.real("SIZE", static_cast<double>(p.k));
    out.real("EPS", p.eps);
    out.index("HEADS", p.heads);
    out.flag("WEIGHTED", p.weighted);
    out.rows("X", p.k);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_RMSNORM_H
