//===- TiledAttention.h - contract of tiled attention -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That of Attention, for steps with many rows of a sequence: several tokens'
// rows attend together.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_TILEDATTENTION_H
#define INGOT_KERNELS_TILEDATTENTION_H

#include "compiler/kernels/contract/Attention.h"

namespace ingot::kernels {

struct AttentionTiled {
  using Problem = AttentionHeads;

  static constexpr Operands operands(const Problem &p) {
    Operands all = Attention::operands(p);
    all.list[all.count++] = {"T", Operand::Symbol, 0, "T"};
    return all;
  }
  static constexpr Cost cost(const Problem &p) { return p.cost(); }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.name(out);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_TILEDATTENTION_H
