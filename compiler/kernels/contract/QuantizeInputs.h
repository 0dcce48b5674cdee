//===- QuantizeInputs.h - contract of rounding inputs -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// codes[r, k] = x[r, k] / scales[r, k / kInputRun], in E4M3, where the scale of
// a run is its largest finite magnitude over 448, or 1 if that is no normal
// number. What products of many tokens with FP8 weights read: each input is
// rounded once, not by every block of threads that multiplies it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_QUANTIZEINPUTS_H
#define INGOT_KERNELS_QUANTIZEINPUTS_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct QuantizeInputs {
  struct Problem {
    int64_t k;
    /// Rows of codes for each token of the step.
    int64_t rows = 1;
    /// Row r of codes is made of weights[r] * x[r / rows], not of x[r].
    bool weighted = false;
  };

  /// `weights` are never read without need.
  static constexpr Operands operands(const Problem &p) {
    return {{{"x", Operand::Input, 0},
             {"weights", Operand::Input, p.weighted ? 1u : 0u},
             {"codes", Operand::WrittenScratch, 0},
             {"code_scales", Operand::WrittenScratch, 1}},
            4};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = p.rows * (5 * p.k + 4 * runs(p)),
            .rowFlops = 2 * p.rows * p.k};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.size("k", p.k);
    if (p.rows > 1)
      out.size("top", p.rows);
    if (p.weighted)
      out.tag("weighted_input");
  }

  /// Columns of the scales.
  static constexpr int64_t runs(const Problem &p) {
    return ceilDiv(p.k, kInputRun);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_QUANTIZEINPUTS_H
