//===- TwoParts.h - rows that consist of two parts --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels share that copy rows of a head and a tail: Concat, Split and
// KvAppend. A tile is a row.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_TWOPARTS_H
#define INGOT_KERNELS_TWOPARTS_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct TwoParts {
  /// Columns of the parts.
  struct Problem {
    int64_t head, tail;
  };
  struct Config {};

  static constexpr Config configure(const Problem &, Machine) { return {}; }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return p.head < 1 || p.tail < 1 ? "expects two parts of at least one column"
                                    : nullptr;
  }
  static constexpr Grid grid(const Problem &, const Config &) {
    return {each('T')};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = 8 * (p.head + p.tail)};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.size("a", p.head);
    out.size("b", p.tail);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &, Out &out) {
    out.index("HEAD_COLUMNS", p.head);
    out.index("TAIL_COLUMNS", p.tail);
    out.rows("HEAD", p.head);
    out.rows("TAIL", p.tail);
    out.rows("JOINED", p.head + p.tail);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_TWOPARTS_H
