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

#include "compiler/kernels/contract/TwoParts.h"

namespace ingot::kernels {

struct KvAppend : TwoParts {
  static constexpr Operands operands(const Problem &) {
    return {{{"head", Operand::Input, 1},
             {"tail", Operand::Input, 2},
             {"slots", Operand::Batch, 0, "slot"},
             {"pages", Operand::Input, 0}},
            4};
  }
  template <typename Out>
  static constexpr void aliases(const Problem &p, const Config &c, Out &out) {
    TwoParts::aliases(p, c, out);
    out.list("LIST");
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_KVAPPEND_H
