//===- AttendTile.h - attention of tiles of rows ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What LatentAttention and AttentionChunk share: the sizes of
// cpu/attend_tile.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_ATTENDTILE_H
#define INGOT_KERNELS_ATTENDTILE_H

#include "compiler/kernels/contract/Paged.h"

namespace ingot::kernels {

/// Of one head: what a page's keys and values are multiplied with and make.
struct AttendTile {
  int64_t heads;
  /// Values of a query and of a result.
  int64_t query, value;
  /// Rows whose maxima and sums are on the stack.
  int64_t states;
  /// Rows of a micro-tile, and its vectors of positions and of values.
  int64_t rows, pageVectors, valueLanes, valueVectors;

  constexpr AttendTile(int64_t heads, int64_t query, int64_t value,
                       int64_t states, const PagedCache &cache, Machine machine)
      : heads(heads), query(query), value(value), states(states),
        rows(machine.lanes >= 16 ? 4 : 2),
        pageVectors(lanesFor(rows, cache.pageSize / cache.lanes())),
        valueLanes(lanesFor(machine.lanes, value)),
        valueVectors(lanesFor(4 * valueLanes, value) / valueLanes) {}

  /// On the stack, keys and values of a page and what is kept for rows.
  constexpr int64_t stackFloats(const PagedCache &cache) const {
    return cache.pageSize * (query + value) + 3 * states;
  }

  template <typename Out>
  constexpr void aliases(Out &out, const PagedCache &cache) const {
    out.index("QUERY_ROWS", rows);
    out.index("QUERY_COLUMNS", query);
    out.index("VALUE_COLUMNS", value);
    out.index("PAGE_VECTORS", pageVectors);
    out.index("PAGE_STRIP", pageVectors * cache.lanes());
    out.index("VALUE_LANES", valueLanes);
    out.index("VALUE_VECTORS", valueVectors);
    out.index("VALUE_STRIP", valueVectors * valueLanes);
    out.vector("VALUE_VECTOR", valueLanes);
    out.rows("Q", heads * query);
    out.rows("Y", heads * value);
    out.tile("KEYS", {query, cache.pageSize}, "f32");
    out.tile("VALUES", {cache.pageSize, value}, "f32");
    out.tile("SCORES", {rows, cache.pageSize}, "f32");
    out.tile("ROW_VALUES", {rows}, "f32");
    out.tile("QUERY_VALUES", {states}, "f32");
    out.tile("PAGE_TILE", {rows, pageVectors}, "!PAGE_VECTOR");
    out.tile("VALUE_TILE", {rows, valueVectors}, "!VALUE_VECTOR");
  }
};

/// What may be on the stack of a page: a quarter of a second-level cache of 1
/// MiB.
inline constexpr int64_t kPageFloats = 65536;

} // namespace ingot::kernels

#endif // INGOT_KERNELS_ATTENDTILE_H
