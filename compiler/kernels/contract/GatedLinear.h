//===- GatedLinear.h - contract of a SwiGLU's first half --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t, n] = silu(sum_k x[t, k] * gate[n, k]) * sum_k x[t, k] * up[n, k]: two
// Linears of the same shape and format in one launch.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_GATEDLINEAR_H
#define INGOT_KERNELS_GATEDLINEAR_H

#include "compiler/kernels/contract/Linear.h"

namespace ingot::kernels {

struct GatedLinear : Linear {
  static constexpr Operands operands(const Problem &p) {
    Operand::Kind scales = p.weight.scaled() ? Operand::Scales : Operand::Input;
    return {{{"x", Operand::Input, 0},
             {"gate", Operand::Input, 1},
             {"gate_scales", scales, 1},
             {"up", Operand::Input, 2},
             {"up_scales", scales, 2},
             {"y", Operand::Output, 0},
             {"T", Operand::Symbol, 0, "T"}},
            7};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.product = true,
            .weightBytes = 2 * p.weight.matrixBytes(p.n, p.k),
            .rowBytes = 4 * (p.n + p.k),
            .rowFlops = 4 * p.n * p.k};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_GATEDLINEAR_H
