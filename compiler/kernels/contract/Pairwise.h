//===- Pairwise.h - two rows, value by value --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels share that make one row of `columns` values out of two, value by
// value: Add and Swiglu.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_PAIRWISE_H
#define INGOT_KERNELS_PAIRWISE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

/// A tile has at most `TileColumns` values of a row, each of which takes
/// `Operations` operations.
template <int64_t TileColumns, int64_t Operations>
struct Pairwise {
  struct Problem {
    int64_t columns;
  };
  struct Config {
    int64_t tileColumns;
  };

  static constexpr Config configure(const Problem &p, Machine) {
    return {smaller(p.columns, TileColumns)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return p.columns < 1 ? "expects rows of at least one column" : nullptr;
  }
  static constexpr Grid grid(const Problem &p, const Config &c) {
    return {each('T'), fixed(ceilDiv(p.columns, c.tileColumns))};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = 12 * p.columns, .rowFlops = Operations * p.columns};
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

#endif // INGOT_KERNELS_PAIRWISE_H
