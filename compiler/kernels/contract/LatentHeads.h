//===- LatentHeads.h - the sizes of latent attention ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the kernels have in common that multiply with W_UK and W_UV.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_LATENTHEADS_H
#define INGOT_KERNELS_LATENTHEADS_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct LatentHeads {
  /// Format of kv_b, [heads * (nope + value), rank]: per head W_UK, then W_UV.
  WeightFormat weight;
  int64_t heads, rank, nope, rope, value;

  constexpr int64_t headRows() const { return nope + value; }
  constexpr int64_t kvRows() const { return heads * headRows(); }

  template <typename Out>
  constexpr void name(Out &out) const {
    out.format(weight);
    out.size("h", heads);
    out.size("r", rank);
    out.size("d", nope);
    out.size("p", rope);
    out.size("v", value);
  }
  template <typename Out>
  constexpr void aliases(Out &out) const {
    out.index("HEADS", heads);
    out.index("NOPE", nope);
    out.index("ROPE", rope);
    out.index("VALUES", value);
    out.index("HEAD_ROWS", nope + value);
    out.index("QUERY_WIDTH", nope + rope);
    out.index("WIDTH", rank + rope);
  }
};

/// Tokens of a tile of these kernels, which is one head of them.
inline constexpr int64_t kHeadTileTokens = 64;

constexpr Grid headGrid(const LatentHeads &p) {
  return {fixed(p.heads), blocks('T', kHeadTileTokens)};
}

/// `x` names the rows that are multiplied.
constexpr Operands headOperands(const LatentHeads &p, const char *x) {
  return {{{x, Operand::Input, 0},
           {"kv_b", Operand::Input, 1},
           {"scales", p.weight.scaled() ? Operand::Scales : Operand::Input, 1},
           {"y", Operand::Output, 0},
           {"T", Operand::Symbol, 0, "T"}},
          5};
}

} // namespace ingot::kernels

#endif // INGOT_KERNELS_LATENTHEADS_H
