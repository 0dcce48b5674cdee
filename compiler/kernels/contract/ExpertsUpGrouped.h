//===- ExpertsUpGrouped.h - contract of many gates --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As ExpertsUp, for tokens that ExpertsGroup has sorted.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EXPERTSUPGROUPED_H
#define INGOT_KERNELS_EXPERTSUPGROUPED_H

#include "compiler/kernels/contract/ExpertsGrouped.h"
#include "compiler/kernels/contract/ExpertsUp.h"

namespace ingot::kernels {

struct ExpertsUpGrouped : ExpertsGrouped {
  static constexpr Operands operands(const Problem &p) {
    Operand::Kind scales = p.weight.scaled() ? Operand::Scales : Operand::Input;
    return {{{"x", Operand::Input, 0},
             {"starts", Operand::Scratch, 1},
             {"slots", Operand::Scratch, 2},
             {"gates", Operand::Input, 3},
             {"gate_scales", scales, 3},
             {"ups", Operand::Input, 4},
             {"up_scales", scales, 4},
             {"weights", Operand::Input, 1},
             {"hidden", Operand::WrittenScratch, 0}},
            9};
  }
  static constexpr Cost cost(const Problem &p) {
    return ExpertsUp::cost({p.weight, p.n, p.k, p.topK, p.experts});
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EXPERTSUPGROUPED_H
