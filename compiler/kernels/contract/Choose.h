//===- Choose.h - contract of drawing tokens --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// chosen[j] = the token that draw j gives of logits[j], or -1 if none can be
// drawn: ingot.choose. For GPUs alone: a host's runtime draws by itself.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CHOOSE_H
#define INGOT_KERNELS_CHOOSE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct Choose {
  /// The sum of their weights fits in 63 bits (see ingot/TokenDraw.h).
  static constexpr int64_t kMostLogits = 8388607;

  struct Problem {
    /// Logits of a row.
    int64_t vocabulary;
  };

  static constexpr Operands operands(const Problem &) {
    return {{{"logits", Operand::Input, 0},
             {"draws", Operand::Batch, 0, "draws"},
             {"chosen", Operand::Output, 0}},
            3};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rows = 'R', .rowBytes = 4 * p.vocabulary};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.size("n", p.vocabulary);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CHOOSE_H
