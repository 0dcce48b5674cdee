//===- AttentionHeads.h - what attention kernels share ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Attention and AttentionChunk, two forms of ingot.attention, have in
// common.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ATTENTIONHEADS_H
#define INGOT_KERNELS_ATTENTIONHEADS_H

#include "compiler/kernels/contract/Paged.h"

namespace ingot::kernels {

/// Which earlier positions a row sees: all; those of its chunk of `size`; or
/// the last `size`, its own included.
struct AttentionMask {
  enum Kind : uint8_t { Causal, Chunked, Sliding };
  Kind kind = Causal;
  int64_t size = 1;
};

/// The query of position p times log1p(floor((p + 1) / floor)) * strength + 1.
struct Temperature {
  /// 0: none.
  int64_t floor = 0;
  double strength = 0;
};

struct AttentionHeads {
  int64_t heads, kvHeads;
  /// Values of a head.
  int64_t width;
  /// What scores are multiplied by.
  double scale;
  AttentionMask mask;
  Temperature temperature;
  PagedCache cache;

  /// Query heads of a key and value head.
  constexpr int64_t group() const { return heads / kvHeads; }
  /// Values of a cache row: the keys of all heads, then the values of all.
  constexpr int64_t rowWidth() const { return 2 * kvHeads * width; }

  constexpr Operands operands(const char *rowsName,
                              const char *rowsField) const {
    return {{{"query", Operand::Input, 0},
             {"cache", Operand::Input, 1},
             {"pages", Operand::Batch, 0, "pages"},
             {rowsName, Operand::Batch, 0, rowsField},
             {"positions", Operand::Batch, 0, "positions"},
             {"y", Operand::Output, 0}},
            6};
  }
  /// As without a mask: what it hides is not counted off.
  constexpr Cost cost() const {
    return {.rowBytes = 8 * heads * width,
            .cachedBytes = cache.bytes() * rowWidth(),
            .pairFlops = 4 * heads * width};
  }
  template <typename Out>
  constexpr void name(Out &out) const {
    cache.name(out);
    out.size("h", heads);
    out.size("g", kvHeads);
    out.size("d", width);
    if (mask.kind != AttentionMask::Causal)
      out.size(mask.kind == AttentionMask::Chunked ? "chunk" : "window",
               mask.size);
    if (temperature.floor > 0)
      out.size("floor", temperature.floor);
  }
  /// The body multiplies queries with `unit`-th parts of keys.
  template <typename Out>
  constexpr void aliases(Out &out, double unit) const {
    pageAliases(out, cache);
    out.index("GROUP", group());
    out.index("WIDTH", rowWidth());
    out.index("VALUE_BEGIN", kvHeads * width);
    out.index("MASK_SIZE", mask.size);
    out.flag("MASKED", mask.kind != AttentionMask::Causal);
    out.flag("CHUNKED", mask.kind == AttentionMask::Chunked);
    out.flag("TEMPERED", temperature.floor > 0);
    out.index("FLOOR", temperature.floor > 0 ? temperature.floor : 1);
    out.real64("TEMPERATURE", temperature.strength);
    out.real("SCALE", scale * unit);
    out.real("UNIT", cache.unit());
    out.list("LIST");
  }
};

/// What is wrong with heads whose rows are computed `joint` rows of a page at a
/// time, or null.
constexpr const char *rejectAttention(const AttentionHeads &p, int64_t joint) {
  if (p.kvHeads < 1 || p.heads < 1 || p.heads % p.kvHeads != 0)
    return "expects as many query heads for each key and value head";
  if (p.width < 1 || p.width > 256)
    return "expects heads of at most 256 values";
  if (p.group() > 256)
    return "expects at most 256 query heads for a key and value head";
  return rejectPages(p.cache, joint);
}

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ATTENTIONHEADS_H
