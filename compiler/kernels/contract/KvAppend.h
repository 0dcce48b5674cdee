//===- KvAppend.h - contract of writing the KV cache ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// pages[slot[t]] = [head[t], tail[t]]: the cache is written in place.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_KVAPPEND_H
#define INGOT_KERNELS_KVAPPEND_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct KvAppend {
  struct Problem {
    /// Columns of the parts.
    int64_t head, tail;
    /// How the cache stores values.
    Format cache;
  };
  struct Config {
    int64_t lanes;
  };

  static constexpr Config configure(const Problem &p, Machine machine) {
    return {lanesFor(lanesFor(machine.lanes, p.head), p.tail)};
  }
  static constexpr const char *reject(const Problem &p, const Config &) {
    return p.head < 1 || p.tail < 1 ? "expects two parts of at least one column"
                                    : nullptr;
  }
  static constexpr Grid grid(const Problem &, const Config &) {
    return {each('T')};
  }
  static constexpr Operands operands(const Problem &) {
    return {{{"head", Operand::Input, 1},
             {"tail", Operand::Input, 2},
             {"slots", Operand::Batch, 0, "slot"},
             {"pages", Operand::Input, 0}},
            4};
  }
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes =
                (4 + WeightFormat{p.cache}.bytes()) * (p.head + p.tail)};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.cache(p.cache);
    out.size("a", p.head);
    out.size("b", p.tail);
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    out.lanes(c.lanes);
    out.index("HEAD_COLUMNS", p.head);
    out.index("TAIL_COLUMNS", p.tail);
    out.index("WIDTH", p.head + p.tail);
    out.rows("HEAD", p.head);
    out.rows("TAIL", p.tail);
    out.list("LIST");
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_KVAPPEND_H
