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
    WeightFormat weight;
    int64_t k;
    double eps;
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
  static constexpr Operands operands(const Problem &) {
    return {{{"x", Operand::Input, 0},
             {"weights", Operand::Input, 1},
             {"y", Operand::Output, 0}},
            3};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.weightBytes = p.weight.matrixBytes(1, p.k),
            .rowBytes = 8 * p.k,
            .rowFlops = 4 * p.k};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.format(p.weight);
    out.size("k", p.k);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    weightAliases(out, p.weight, p.k, c.lanes);
    out.real("SIZE", static_cast<double>(p.k));
    out.real("EPS", p.eps);
    out.rows("X", p.k);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_RMSNORM_H
