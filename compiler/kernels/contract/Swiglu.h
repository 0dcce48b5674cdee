//===- Swiglu.h - contract of the SwiGLU gate -------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = silu(gate) * up, rows of `columns` values. A tile is smaller than that of
// a sum, as an exponential costs more.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_SWIGLU_H
#define INGOT_KERNELS_SWIGLU_H

#include "compiler/kernels/contract/Pairwise.h"

namespace ingot::kernels {

struct Swiglu : Pairwise<1024, 25> {
  static constexpr Operands operands(const Problem &) {
    return {{{"gate", Operand::Input, 0},
             {"up", Operand::Input, 1},
             {"y", Operand::Output, 0}},
            3};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_SWIGLU_H
