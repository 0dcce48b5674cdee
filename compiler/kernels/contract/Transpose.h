//===- Transpose.h - contract of columns as rows ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y[n, k] = x[k, from + n], elements as they are stored.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_TRANSPOSE_H
#define INGOT_KERNELS_TRANSPOSE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct Transpose {
  struct Problem {
    Format format;
    /// Rows and columns of the result.
    int64_t n, k;
    /// Columns of the source, and the first of them that is taken.
    int64_t columns, from;
  };
  struct Config {};

  static constexpr Config configure(const Problem &, Machine) { return {}; }
  static constexpr const char *reject(const Problem &p, const Config &) {
    if (p.format == Format::F8E4M3)
      return "expects a weight without scales";
    return p.n < 1 || p.k < 1
               ? "expects a weight with at least one row and column"
               : nullptr;
  }
  static constexpr Grid grid(const Problem &p, const Config &) {
    return {fixed(ceilDiv(p.k, kTile)), fixed(ceilDiv(p.n, kTile))};
  }
  static constexpr Operands operands(const Problem &) {
    return {{{"x", Operand::Input, 0}, {"y", Operand::Output, 0}}, 2};
  }
  static constexpr Cost cost(const Problem &p) {
    int64_t bytes = p.n * p.k * WeightFormat{p.format}.bytes();
    return {.rows = 0, .weightBytes = bytes, .rowBytes = bytes};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.format({p.format});
    out.size("n", p.n);
    out.size("k", p.k);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &, Out &out) {
    out.codes(1, WeightFormat{p.format}.bytes());
    out.index("N", p.n);
    out.index("K", p.k);
    out.index("SOURCE_COLUMNS", p.columns);
    out.index("FROM", p.from);
    out.index("TILE", kTile);
    out.tile("STAGE", {kTile, kTile}, "!CODES");
  }

private:
  /// Rows and columns of a tile: 16 KiB of float32, half of a first-level
  /// cache.
  static constexpr int64_t kTile = 64;
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_TRANSPOSE_H
