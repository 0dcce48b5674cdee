//===- Paged.h - the KV cache as kernels read it ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels share that walk through the pages of a sequence.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_PAGED_H
#define INGOT_KERNELS_PAGED_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

struct PagedCache {
  /// Tokens of a page, and pages of a row of the page table.
  int64_t pageSize, pagesPerSequence;
  /// How cache values are stored, without scales.
  Format format = Format::F32;

  /// Positions that a page's scores are handled by: the same on every
  /// processor, as the order of a softmax's sum depends on it.
  constexpr int64_t lanes() const { return lanesFor(16, pageSize); }
  constexpr int64_t bytes() const { return WeightFormat{format}.bytes(); }
  /// What a value as loaded must be multiplied by: see load_f8e4m3.mlir.
  constexpr double unit() const {
    return format == Format::F8E4M3 ? 256.0 : 1.0;
  }

  template <typename Out>
  constexpr void name(Out &out) const {
    out.cache(format);
  }
};

/// What is wrong with pages that are read `joint` rows at a time, or null.
constexpr const char *rejectPages(const PagedCache &cache, int64_t joint) {
  return cache.pageSize < 1 || cache.pageSize % joint != 0
             ? "expects a page size that is a multiple of 4"
             : nullptr;
}

template <typename Out>
constexpr void pageAliases(Out &out, const PagedCache &cache) {
  out.index("PAGE_SIZE", cache.pageSize);
  out.index("PAGE_LANES", cache.lanes());
  out.vector("PAGE_VECTOR", cache.lanes());
  out.integers("PAGES", cache.pagesPerSequence);
}

} // namespace ingot::kernels

#endif // INGOT_KERNELS_PAGED_H
