//===- Split.h - contract of splitting a row --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x[t] = [head[t], tail[t]].
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_SPLIT_H
#define INGOT_KERNELS_SPLIT_H

#include "compiler/kernels/contract/TwoParts.h"

namespace ingot::kernels {

struct Split : TwoParts {
  static constexpr Operands operands(const Problem &) {
    return {{{"x", Operand::Input, 0},
             {"head", Operand::Output, 0},
             {"tail", Operand::Output, 1}},
            3};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_SPLIT_H
