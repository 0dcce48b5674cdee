//===- SplitAttention.h - contracts of attention in stretches ---*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row that attends to a long past alone would keep one multiprocessor busy.
// AttendLatentSplit and AttentionSplit compute what AttendLatent and Attention
// do for up to `splits` stretches of the positions that a row sees;
// CombineSplits puts the stretches together. How long they are depends on the
// row's position alone.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_SPLITATTENTION_H
#define INGOT_KERNELS_SPLITATTENTION_H

#include "compiler/kernels/contract/AttendLatent.h"
#include "compiler/kernels/contract/Attention.h"

namespace ingot::kernels {

/// Stretches are multiples of it: positions that are attended to at a time.
inline constexpr int64_t kSplitUnit = 32;

/// Positions of a stretch of `seen` ones.
constexpr int64_t splitLength(int64_t seen, int64_t splits) {
  int64_t units = ceilDiv(ceilDiv(seen, splits), kSplitUnit);
  return kSplitUnit * (units < 1 ? 1 : units);
}

/// What each token has: of each stretch and head a row of sums, not yet
/// divided, and behind all of them the largest score and the sum of the
/// weights. Whole 16 bytes.
constexpr int64_t splitColumns(int64_t heads, int64_t value, int64_t splits) {
  return ceilDiv(splits * heads * (value + 2), 4) * 4;
}

struct AttendLatentSplit {
  struct Problem {
    AttendLatent::Problem whole;
    int64_t splits;
  };

  static constexpr Operands operands(const Problem &) {
    return {{{"query", Operand::Input, 0},
             {"cache", Operand::Input, 1},
             {"pages", Operand::Batch, 0, "pages"},
             {"sequences", Operand::Batch, 0, "sequence"},
             {"positions", Operand::Batch, 0, "positions"},
             {"parts", Operand::WrittenScratch, 0}},
            6};
  }
  static constexpr Cost cost(const Problem &p) {
    return AttendLatent::cost(p.whole);
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    AttendLatent::name(p.whole, out);
    out.size("s", p.splits);
  }
};

struct AttentionSplit {
  struct Problem {
    AttentionHeads whole;
    int64_t splits;
  };

  static constexpr Operands operands(const Problem &) {
    return AttendLatentSplit::operands({});
  }
  static constexpr Cost cost(const Problem &p) { return p.whole.cost(); }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    p.whole.name(out);
    out.size("s", p.splits);
  }
};

struct CombineSplits {
  struct Problem {
    int64_t heads, value, splits;
    AttentionMask mask;
  };

  static constexpr Operands operands(const Problem &) {
    return {{{"parts", Operand::Scratch, 0},
             {"positions", Operand::Batch, 0, "positions"},
             {"y", Operand::Output, 0}},
            3};
  }
  /// The least: one stretch.
  static constexpr Cost cost(const Problem &p) {
    return {.rowBytes = 4 * p.heads * (2 * p.value + 2),
            .rowFlops = 2 * p.heads * p.value};
  }
  template <typename Out>
  static constexpr void name(const Problem &p, Out &out) {
    out.size("h", p.heads);
    out.size("v", p.value);
    out.size("s", p.splits);
    if (p.mask.kind != AttentionMask::Causal)
      out.size(p.mask.kind == AttentionMask::Chunked ? "chunk" : "window",
               p.mask.size);
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_SPLITATTENTION_H
