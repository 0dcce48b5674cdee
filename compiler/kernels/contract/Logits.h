//===- Logits.h - contract of the output projection -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[j, n] = sum_k x[logit_row[j], k] * head[n, k]: Linear over gathered rows.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_LOGITS_H
#define INGOT_KERNELS_LOGITS_H

#include "compiler/kernels/contract/Linear.h"

namespace ingot::kernels {

struct Logits : Linear {
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {fixed(ceilDiv(p.n, c.tileRows)), blocks('R', kTileTokens)};
  }
  static constexpr Operands operands(const Problem &p) {
    return {
        {{"x", Operand::Input, 0},
         {"rows", Operand::Batch, 0, "logit_row"},
         {"weights", Operand::Input, 1},
         {"scales", p.weight.scaled() ? Operand::Scales : Operand::Input, 1},
         {"bias", Operand::Input, 0},
         {"y", Operand::Output, 0},
         {"R", Operand::Symbol, 0, "R"}},
        7};
  }
  static constexpr Cost cost(const Problem &p) {
    Cost cost = Linear::cost(p);
    cost.rows = 'R';
    return cost;
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_LOGITS_H
