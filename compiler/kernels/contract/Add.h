//===- Add.h - contract of the sum of two rows ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = lhs + rhs, rows of `columns` values.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ADD_H
#define INGOT_KERNELS_ADD_H

#include "compiler/kernels/contract/Pairwise.h"

namespace ingot::kernels {

struct Add : Pairwise<8192, 1> {
  static constexpr Operands operands(const Problem &) {
    return {{{"lhs", Operand::Input, 0},
             {"rhs", Operand::Input, 1},
             {"y", Operand::Output, 0}},
            3};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ADD_H
