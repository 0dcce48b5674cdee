//===- ProjectValue.h - contract of W_UV times latents ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ingot.project_value.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_PROJECTVALUE_H
#define INGOT_KERNELS_PROJECTVALUE_H

#include "compiler/kernels/contract/LatentHeads.h"

namespace ingot::kernels {

struct ProjectValue {
  /// The rope dim is 0: values have no such part.
  using Problem = LatentHeads;
  struct Config {
    int64_t lanes;
    /// Tokens of a micro-tile.
    int64_t tokens;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(machine, p.weight, p.rank), machine.lanes >= 16 ? 4 : 2};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.value % kMicroRows != 0)
      return "expects a value dim that is a multiple of 4";
    return rejectProduct(p.weight, p.kvRows(), p.rank);
  }
  static constexpr Grid grid(const Problem &p, const Config &) {
    return headGrid(p);
  }
  static constexpr Operands operands(const Problem &p) {
    return headOperands(p, "latent");
  }
  static constexpr Cost cost(const Problem &p) {
    return {.product = true,
            .weightBytes = p.weight.matrixBytes(p.heads * p.value, p.rank),
            .rowBytes = 4 * p.heads * (p.rank + p.value),
            .rowFlops = 2 * p.heads * p.value * p.rank};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.name(out);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    productAliases(out, p.weight, p.kvRows(), p.rank, c.lanes, c.tokens);
    p.aliases(out);
    out.index("TILE_TOKENS", kHeadTileTokens);
    out.rows("X", p.rank);
    out.rows("Y", p.heads * p.value);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_PROJECTVALUE_H
