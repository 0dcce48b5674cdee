//===- cache_rows.cuh - rows of a paged cache on a GPU ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels of attention share: which positions a row sees, how rows come into
// shared memory, and how lanes have tiles.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_CACHE_ROWS_CUH
#define INGOT_KERNELS_CUDA_CACHE_ROWS_CUH

#include "compiler/kernels/contract/CudaAttention.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

using kernels::AttentionMask;
using kernels::PagedCache;

/// Positions from `begin` to before `end`.
struct Range {
  int begin, end;
};

/// What a row at `position` sees.
template <AttentionMask M>
INGOT_KERNEL_FUNCTION Range seenFrom(int position) {
  int64_t begin = 0;
  if constexpr (M.kind == AttentionMask::Chunked)
    begin = position / M.size * M.size;
  else if constexpr (M.kind == AttentionMask::Sliding)
    begin = position + 1 > M.size ? position + 1 - M.size : 0;
  return {static_cast<int>(begin), position + 1};
}

/// What scores of a row at `position` are multiplied by.
template <kernels::AttentionHeads P>
INGOT_KERNEL_FUNCTION float attentionScale(int position) {
  constexpr float kScale = static_cast<float>(P.scale);
  if constexpr (P.temperature.floor == 0)
    return kScale;
  constexpr double kStrength = P.temperature.strength;
  double steps =
      static_cast<double>((position + 1) / P.temperature.floor + 1);
  return static_cast<float>(kScale *
                            multiplyAdd(logarithm(steps), kStrength, 1.0));
}

/// Where a sequence's rows are.
struct CacheRows {
  const void *cache;
  const int32_t *pages;
};

/// The lane's row of a tile's first side, its column, and the first of its two
/// neighbouring ones. Where both sides of a product are laid out alike, columns
/// tilePair() and the next are what tileColumn() and the fourth after it are to
/// a tensor core.
INGOT_KERNEL_FUNCTION int tileRow() { return laneIndex() / 4; }
INGOT_KERNEL_FUNCTION int tileColumn() { return laneIndex() % 4; }
INGOT_KERNEL_FUNCTION int tilePair() { return tileColumn() * 2; }

/// Two neighbouring columns.
struct alignas(8) Pair {
  float of[2];
};

/// Columns `k` and the next of a row of `Columns`; zeros behind them, and
/// without a row.
template <int64_t Columns>
INGOT_KERNEL_FUNCTION Pair loadPair(const float *row, int k) {
  Pair pair = {};
  if constexpr (Columns % 8 == 0) {
    if (row)
      pair = *reinterpret_cast<const Pair *>(row + k);
  } else {
    for (int c = 0; c < 2; ++c)
      if (row && k + c < Columns)
        pair.of[c] = row[k + c];
  }
  return pair;
}

/// `Unit` positions whose rows, of `Width` values, a block has in shared memory.
template <PagedCache Cache, int64_t Width, int Unit>
struct StagedRows {
  static constexpr int kThreads = kernels::kBlockThreads;
  static constexpr int kWarps = kThreads / kWarp;
  static constexpr int kBytes = Cache.bytes();
  /// Whether cached values have a second part in float32 products.
  static constexpr bool kParts = Cache.format == Format::F32;

  /// Of each position of a unit: its row of the cache, or -1 where there is none.
  int32_t *rowsOfUnit;

  /// Starts to copy columns from `from` on of the unit's rows, and writes zeros
  /// behind them and where there is no row.
  template <int Columns, int Pitch>
  INGOT_KERNEL_FUNCTION void stageRows(const void *cache, int64_t from,
                                       uint8_t *to) const {
    constexpr int kPiece = int(kernels::lanesFor(
        kernels::lanesFor(16, Width * kBytes), Columns * kBytes));
    constexpr int kPieces = int(ceilDiv(Columns, 8)) * 8 * kBytes / kPiece;
#pragma unroll 1
    for (int r = warpIndex(); r < Unit; r += kWarps) {
      int64_t row = rowsOfUnit[r];
      const uint8_t *source = static_cast<const uint8_t *>(cache) +
                              ((row < 0 ? 0 : row) * Width + from) * kBytes;
#pragma unroll
      for (int i = 0; i < (kPieces + kWarp - 1) / kWarp; ++i) {
        int piece = i * kWarp + laneIndex();
        if (piece < kPieces)
          copyToShared<kPiece>(to + r * Pitch + piece * kPiece,
                               source + piece * kPiece,
                               row >= 0 && piece * kPiece < Columns * kBytes);
      }
    }
  }

  /// Starts to bring `Columns` columns from `from` on of a range of positions
  /// into the L2 cache.
  template <int64_t Columns>
  INGOT_KERNEL_FUNCTION static void prefetchRows(CacheRows rows, int64_t from,
                                                 Range range) {
    if constexpr (Columns * kBytes % 16 == 0 && Width * kBytes % 16 == 0)
      for (int position = range.begin + threadIndex(); position < range.end;
           position += kThreads)
        prefetchL2(static_cast<const uint8_t *>(rows.cache) +
                       (rowOf(rows, position) * Width + from) * kBytes,
                   Columns * kBytes);
  }

  /// Looks up the rows of the positions of `range` among those from `first` on;
  /// threads meet before they are used.
  INGOT_KERNEL_FUNCTION void findRows(CacheRows rows, int first, Range range) {
    if (int position = first + threadIndex(); threadIndex() < Unit)
      rowsOfUnit[threadIndex()] =
          position >= range.begin && position < range.end
              ? static_cast<int32_t>(rowOf(rows, position))
              : -1;
  }

  INGOT_KERNEL_FUNCTION static int64_t rowOf(CacheRows rows, int position) {
    return static_cast<int64_t>(rows.pages[position / Cache.pageSize]) *
               Cache.pageSize +
           position % Cache.pageSize;
  }

  /// Adds the products of a tile of queries, `a`, with the same columns, from `k`
  /// on, of the keys of all positions, rows `Pitch` bytes apart.
  template <int Pitch>
  INGOT_KERNEL_FUNCTION static void multiplyKeys(const uint8_t *keys, int k,
                                                 const float (&a)[4],
                                                 float (&sums)[Unit / 8][4]) {
#pragma unroll
    for (int tile = 0; tile < Unit / 8; ++tile) {
      float b[2];
      loadWrittenValues<Cache.format, 2>(keys + (tile * 8 + tileRow()) * Pitch,
                                         k, b);
      multiplyFloatTiles<true, kParts>(sums[tile], a, b);
    }
  }
};

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_CACHE_ROWS_CUH
