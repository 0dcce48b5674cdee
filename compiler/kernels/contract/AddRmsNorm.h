//===- AddRmsNorm.h - contract of a sum and its norm ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// sum[t] = x[t] + update[t]; y[t] = RmsNorm of sum[t].
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ADDRMSNORM_H
#define INGOT_KERNELS_ADDRMSNORM_H

#include "compiler/kernels/contract/RmsNorm.h"

namespace ingot::kernels {

struct AddRmsNorm : RmsNorm {
  static constexpr Operands operands(const Problem &) {
    return {{{"x", Operand::Input, 0},
             {"update", Operand::Input, 1},
             {"weights", Operand::Input, 2},
             {"sum", Operand::Output, 0},
             {"y", Operand::Output, 1}},
            5};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.weightBytes = p.weight.matrixBytes(1, p.k),
            .rowBytes = 16 * p.k,
            .rowFlops = 5 * p.k};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ADDRMSNORM_H
