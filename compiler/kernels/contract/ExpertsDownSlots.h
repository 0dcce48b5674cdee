//===- ExpertsDownSlots.h - contract of a few outputs -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// outputs[t * top_k + j] = down_e hidden[t * top_k + j], e = indices[t, j].
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EXPERTSDOWNSLOTS_H
#define INGOT_KERNELS_EXPERTSDOWNSLOTS_H

#include "compiler/kernels/contract/ExpertsDownGrouped.h"

namespace ingot::kernels {

/// Each slot's own result: to add them up is up to ExpertsCombine. A block then
/// needs the hidden values of one slot, not of all that a token has.
struct ExpertsDownSlots : ExpertsGrouped {
  static constexpr Operands operands(const Problem &p) {
    return {{{"hidden", Operand::Scratch, 0},
             {"indices", Operand::Input, 2},
             {"downs", Operand::Input, 5},
             {"down_scales",
              p.weight.scaled() ? Operand::Scales : Operand::Input, 5},
             {"outputs", Operand::WrittenScratch, 1}},
            5};
  }
  static constexpr Cost cost(const Problem &p) {
    return ExpertsDownGrouped::cost(p);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EXPERTSDOWNSLOTS_H
