//===- TileProducts.h - products of many rows and tokens --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels share that multiply tiles of a weight with tiles of tokens: the
// sizes of cpu/tile_products.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_TILEPRODUCTS_H
#define INGOT_KERNELS_TILEPRODUCTS_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

/// Most tokens of a tile: the weights of a panel are decoded once for them.
inline constexpr int64_t kTileTokens = 64;

/// Weight rows of a micro-tile. With 4 tokens the sums of a block and those of
/// the blocks before it are 24 of the 32 vector registers of AVX-512.
inline constexpr int64_t kPanelMicroRows = 3;

/// Weight rows of a panel and, if blocks allow it, columns: 12 KiB of float32,
/// which with 4 tokens' inputs fill most of a first-level cache.
inline constexpr int64_t kPanelRows = 6, kPanelColumns = 512;

/// Columns of a panel: whole blocks, so that sums of blocks end in it.
constexpr int64_t spanFor(WeightFormat w, int64_t k) {
  if (!w.scaled() || w.blockColumns >= k)
    return smaller(k, kPanelColumns);
  int64_t blocks = kPanelColumns / w.blockColumns;
  return w.blockColumns * (blocks < 1 ? 1 : blocks);
}

/// Tokens of a micro-tile.
constexpr int64_t microTokensFor(Machine machine) {
  return machine.lanes >= 16 ? 4 : 2;
}

/// Weight rows of a tile, a multiple of what is computed at a time for one
/// token and for many: enough tiles to share among threads, each large enough
/// (about 32 K multiplications a token) to be worth handing out.
constexpr int64_t tileRowsFor(int64_t n, int64_t k) {
  int64_t rows = kMicroRows * kPanelMicroRows;
  while (rows < 48 && rows * k < 32768 && rows < n)
    rows *= 2;
  return rows;
}

/// What is wrong with a product of [n, k] weights in tiles, or null.
constexpr const char *rejectTileProduct(WeightFormat w, int64_t n, int64_t k) {
  if (w.scaled() && spanFor(w, k) > 4 * kPanelColumns)
    return "expects blocks of at most 2048 columns, or of whole rows";
  return rejectProduct(w, n, k);
}

/// The aliases of tile_products.mlir for an [n, k] weight, tiles of `tileRows`
/// and micro-tiles of `tokens`.
template <typename Out>
constexpr void tileAliases(Out &out, WeightFormat w, int64_t n, int64_t k,
                           int64_t lanes, int64_t tokens, int64_t tileRows) {
  productAliases(out, w, n, k, lanes, 1);
  bool oneBlock = !w.scaled() || w.blockColumns >= k;
  int64_t span = spanFor(w, k);
  out.index("TILE_ROWS", tileRows);
  out.index("TILE_TOKENS", kTileTokens);
  out.index("PANEL_ROWS", kPanelRows);
  out.index("PANEL_CODES", kPanelRows * k);
  out.index("SPAN", span);
  out.index("STRETCH", oneBlock ? span : w.blockColumns);
  out.flag("ONE_BLOCK", oneBlock);
  out.index("MICRO_ROWS", kPanelMicroRows);
  out.index("MICRO_TOKENS", tokens);
  out.tile("MICRO", {kPanelMicroRows, tokens}, "!V");
  out.tile("SOURCES", {tokens}, "index");
  out.tile("PANEL", {kPanelRows, span}, "f32");
  out.tile("TOTALS", {kTileTokens / tokens, tileRows, tokens}, "!V");
  out.tile("TILE_MARKS", {tileRows}, "!CODES");
  out.tile("TILE_SUMS", {kTileTokens, tileRows}, "f32");
}

} // namespace ingot::kernels

#endif // INGOT_KERNELS_TILEPRODUCTS_H
