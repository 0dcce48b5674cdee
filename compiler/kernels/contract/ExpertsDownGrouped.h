//===- ExpertsDownGrouped.h - contract of many outputs ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// outputs[t * top_k + j] = down_e hidden[t * top_k + j], e = indices[t, j], for
// tokens that ExpertsGroup has sorted.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_EXPERTSDOWNGROUPED_H
#define INGOT_KERNELS_EXPERTSDOWNGROUPED_H

#include "compiler/kernels/contract/ExpertsGrouped.h"

namespace ingot::kernels {

struct ExpertsDownGrouped : ExpertsGrouped {
  static constexpr Operands operands(const Problem &p) {
    return {{{"hidden", Operand::Scratch, 0},
             {"starts", Operand::Scratch, 1},
             {"slots", Operand::Scratch, 2},
             {"downs", Operand::Input, 5},
             {"down_scales",
              p.weight.scaled() ? Operand::Scales : Operand::Input, 5},
             {"outputs", Operand::WrittenScratch, 3}},
            6};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.product = true,
            .parts = p.experts,
            .partBytes = p.weight.matrixBytes(p.n, p.k),
            .rowParts = p.topK,
            .rowBytes = 4 * p.topK * (p.n + p.k),
            .rowFlops = 2 * p.topK * p.n * p.k};
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_EXPERTSDOWNGROUPED_H
