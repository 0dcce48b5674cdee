//===- Concat.h - contract of joining two rows ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[t] = [head[t], tail[t]].
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CONCAT_H
#define INGOT_KERNELS_CONCAT_H

#include "compiler/kernels/contract/TwoParts.h"

namespace ingot::kernels {

struct Concat : TwoParts {
  static constexpr Operands operands(const Problem &) {
    return {{{"head", Operand::Input, 0},
             {"tail", Operand::Input, 1},
             {"y", Operand::Output, 0}},
            3};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CONCAT_H
