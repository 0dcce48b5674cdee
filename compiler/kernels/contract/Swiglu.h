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

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct Swiglu {
  struct Problem {
    int64_t columns;
  };
  struct Config {
    int64_t tileColumns;
  };

  static constexpr Config configure(const Problem &p, Machine) {
    return {smaller(p.columns, 1024)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return p.columns < 1 ? "expects rows of at least one column" : nullptr;
  }
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {each('T'), fixed(ceilDiv(p.columns, c.tileColumns))};
  }
  static constexpr Operands operands(const Problem &) {
    return {{{"gate", Operand::Input, 0},
             {"up", Operand::Input, 1},
             {"y", Operand::Output, 0}},
            3};
  }
  static constexpr Cost cost(const Problem &p, int64_t t) {
    return {12 * t * p.columns, 25 * t * p.columns};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.size("n", p.columns);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    out.index("COLUMNS", p.columns);
    out.index("TILE_COLUMNS", c.tileColumns);
    out.rows("X", p.columns);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_SWIGLU_H
