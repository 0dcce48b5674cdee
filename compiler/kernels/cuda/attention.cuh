//===- attention.cuh - attention to a paged cache ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Up to 16 heads of one token attend to the positions that it sees, 32 at a
// time, whose rows lie in shared memory as they lie in the cache. Both products
// are of float32 tiles (see multiplyFloatTiles), heads along the first side.
// Scores: a warp has every eighth 8 columns of queries and keys. Softmax: online
// (Milakov and Gimelshein 2018), a warp has a head, a lane a position. Results:
// a warp has every eighth 8 columns of values. The order of every sum depends on
// the row's position only.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_ATTENTION_CUH
#define INGOT_KERNELS_CUDA_ATTENTION_CUH

#include "compiler/kernels/contract/CudaAttention.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

using kernels::AttendConfig;
using kernels::AttentionMask;
using kernels::kSplitUnit;
using kernels::PagedCache;

/// Positions from `begin` to before `end`.
struct Range {
  int64_t begin, end;
};

/// What a row at `position` sees.
template <AttentionMask M>
INGOT_KERNEL_FUNCTION Range seenFrom(int64_t position) {
  int64_t begin = 0;
  if constexpr (M.kind == AttentionMask::Chunked)
    begin = position / M.size * M.size;
  else if constexpr (M.kind == AttentionMask::Sliding)
    begin = position + 1 > M.size ? position + 1 - M.size : 0;
  return {begin, position + 1};
}

/// Stretch `index` of what a row sees; empty if there are fewer.
template <int64_t Splits>
INGOT_KERNEL_FUNCTION Range stretchOf(Range seen, int64_t index) {
  int64_t length = kernels::splitLength(seen.end - seen.begin, Splits);
  int64_t begin = seen.begin + index * length;
  int64_t end = begin + length < seen.end ? begin + length : seen.end;
  return {begin, end};
}

/// Where a sequence's rows are.
struct CacheRows {
  const void *cache;
  const int32_t *pages;
};

template <AttendConfig C, PagedCache Cache, int64_t Width>
struct Attend {
  static constexpr int kThreads = kernels::kBlockThreads;
  static constexpr int kWarps = kThreads / kWarp;
  static constexpr int kRows = AttendConfig::kRows;
  static constexpr int kUnit = kSplitUnit;
  static_assert(kUnit == kWarp);
  static constexpr int kBytes = Cache.bytes();
  /// Whether cached values have a second part in float32 products.
  static constexpr bool kParts = Cache.format == Format::F32;
  static constexpr int kKeyPitch = C.pitch(C.query, kBytes);
  static constexpr int kValuePitch =
      C.joint ? kKeyPitch : C.pitch(C.value, kBytes);
  static constexpr int kWeightPitch = AttendConfig::kWeightPitch;
  /// Tiles of 8 columns, and how many of them a warp has at most.
  static constexpr int kQueryTiles = ceilDiv(C.query, 8);
  static constexpr int kValueTiles = ceilDiv(C.value, 8);
  static constexpr int kOwnQueryTiles = (kQueryTiles + kWarps - 1) / kWarps;
  static constexpr int kOwnValueTiles = (kValueTiles + kWarps - 1) / kWarps;
  static constexpr int kUnitTiles = kUnit / 8;

  uint8_t *keys, *values;
  float *partial, *weights, *maxima, *sums, *drops;

  INGOT_KERNEL_FUNCTION Attend() {
    keys = static_cast<uint8_t *>(sharedMemory());
    values = C.joint ? keys : keys + kUnit * kKeyPitch;
    partial = reinterpret_cast<float *>(
        keys + kUnit * (kKeyPitch + (C.joint ? 0 : kValuePitch)));
    weights = partial + kWarps * kRows * kWeightPitch;
    maxima = weights + kRows * kWeightPitch;
    sums = maxima + kRows;
    drops = sums + kRows;
  }

  /// The lane's row of a tile's first side, and its column.
  INGOT_KERNEL_FUNCTION static int tileRow() { return laneIndex() / 4; }
  INGOT_KERNEL_FUNCTION static int tileColumn() { return laneIndex() % 4; }

  /// What the lane has of the warp's tiles of queries; zeros where there is no
  /// head or column. `query` has the heads one after the other.
  INGOT_KERNEL_FUNCTION static void
  loadQueries(const float *query, float (&own)[kOwnQueryTiles][4]) {
#pragma unroll
    for (int i = 0; i < kOwnQueryTiles; ++i)
#pragma unroll
      for (int part = 0; part < 4; ++part) {
        int head = tileRow() + part % 2 * 8;
        int k = (warpIndex() + i * kWarps) * 8 + tileColumn() + part / 2 * 4;
        own[i][part] = head < C.heads && k < C.query
                           ? query[head * C.query + k]
                           : 0.0f;
      }
  }

  /// Starts to copy columns from `from` on of the positions from `first` on,
  /// and writes zeros behind `end` and behind the columns.
  template <int Columns, int Pitch>
  INGOT_KERNEL_FUNCTION static void stageRows(CacheRows rows, int64_t from,
                                              int64_t first, int64_t end,
                                              uint8_t *to) {
    constexpr int kPiece = int(kernels::lanesFor(
        kernels::lanesFor(16, Width * kBytes), Columns * kBytes));
    constexpr int kPieces = int(ceilDiv(Columns, 8)) * 8 * kBytes / kPiece;
    const uint8_t *cache = static_cast<const uint8_t *>(rows.cache);
    // A warp has a row at a time. Pages first: a copy waits for its own.
    constexpr int kOwn = kUnit / kWarps;
    const uint8_t *sources[kOwn];
#pragma unroll
    for (int own = 0; own < kOwn; ++own) {
      int64_t position = first + own * kWarps + warpIndex();
      int64_t row = 0;
      if (position < end)
        row = static_cast<int64_t>(rows.pages[position / Cache.pageSize]) *
                  Cache.pageSize +
              position % Cache.pageSize;
      sources[own] = cache + (row * Width + from) * kBytes;
    }
#pragma unroll
    for (int own = 0; own < kOwn; ++own) {
      int r = own * kWarps + warpIndex();
      for (int i = laneIndex(); i < kPieces; i += kWarp)
        copyToShared<kPiece>(to + r * Pitch + i * kPiece,
                             sources[own] + i * kPiece,
                             first + r < end && i * kPiece < Columns * kBytes);
    }
  }

  INGOT_KERNEL_FUNCTION static float cached(const uint8_t *row, int column) {
    return loadWritten<Cache.format>(row, column);
  }

  /// partial[warp][head][position]: products of the warp's columns.
  INGOT_KERNEL_FUNCTION void score(const float (&queries)[kOwnQueryTiles][4]) {
    float sum[kUnitTiles][4] = {};
#pragma unroll
    for (int i = 0; i < kOwnQueryTiles; ++i) {
      int k = (warpIndex() + i * kWarps) * 8 + tileColumn();
      if (k >= kQueryTiles * 8)
        continue;
#pragma unroll
      for (int tile = 0; tile < kUnitTiles; ++tile) {
        const uint8_t *key = keys + (tile * 8 + tileRow()) * kKeyPitch;
        float b[2] = {cached(key, k), cached(key, k + 4)};
        multiplyFloatTiles<true, kParts>(sum[tile], queries[i], b);
      }
    }
    float *to = partial + warpIndex() * kRows * kWeightPitch;
#pragma unroll
    for (int tile = 0; tile < kUnitTiles; ++tile)
#pragma unroll
      for (int i = 0; i < 4; ++i)
        to[(tileRow() + i / 2 * 8) * kWeightPitch + tile * 8 +
           tileColumn() * 2 + i % 2] = sum[tile][i];
  }

  /// Scores become weights; `count` positions are there.
  INGOT_KERNEL_FUNCTION void weigh(int64_t count, float scale) {
#pragma unroll
    for (int row = warpIndex(); row < kRows; row += kWarps) {
      float sum = 0;
#pragma unroll
      for (int warp = 0; warp < kWarps; ++warp)
        sum += partial[(warp * kRows + row) * kWeightPitch + laneIndex()];
      float value = laneIndex() < count ? sum * scale : lowest();
      float before = maxima[row];
      float largest = larger(largestOfLanes(value), before);
      float weight = exponential(value - largest);
      float drop = exponential(before - largest);
      float total = sumOfLanes(weight);
      weights[row * kWeightPitch + laneIndex()] = weight;
      syncWarp();
      if (laneIndex() == 0) {
        maxima[row] = largest;
        sums[row] = multiplyAdd(sums[row], drop, total);
        drops[row] = drop;
      }
    }
  }

  /// Position `2 * column + i` is column `column + 4 * i` of a tile of weights
  /// and row likewise of a tile of values: so lanes read different banks.
  INGOT_KERNEL_FUNCTION void accumulate(float (&results)[kOwnValueTiles][4]) {
#pragma unroll
    for (int tile = 0; tile < kOwnValueTiles; ++tile)
#pragma unroll
      for (int i = 0; i < 4; ++i)
        results[tile][i] *= drops[tileRow() + i / 2 * 8];
#pragma unroll
    for (int unit = 0; unit < kUnitTiles; ++unit) {
      int position = unit * 8 + tileColumn() * 2;
      float a[4];
#pragma unroll
      for (int i = 0; i < 4; ++i)
        a[i] = weights[(tileRow() + i % 2 * 8) * kWeightPitch + position +
                       i / 2];
      const uint8_t *row = values + position * kValuePitch;
#pragma unroll
      for (int tile = 0; tile < kOwnValueTiles; ++tile) {
        int column = (warpIndex() + tile * kWarps) * 8 + tileRow();
        if (column >= kValueTiles * 8)
          continue;
        float b[2] = {cached(row, column), cached(row + kValuePitch, column)};
        multiplyFloatTiles<true, kParts>(results[tile], a, b);
      }
    }
  }

  /// Calls `emit(head, column, result)` for what the thread has, with results
  /// not yet divided by `sums[head]`.
  template <typename Emit>
  INGOT_KERNEL_FUNCTION void run(const float *query, CacheRows rows,
                                 int64_t keyFrom, int64_t valueFrom,
                                 Range range, float scale, Emit emit) {
    float results[kOwnValueTiles][4] = {};
    if (threadIndex() < kRows) {
      maxima[threadIndex()] = lowest();
      sums[threadIndex()] = 0;
    }
    for (int64_t first = range.begin; first < range.end; first += kUnit) {
      stageRows<int(C.query), kKeyPitch>(rows, keyFrom, first, range.end, keys);
      if constexpr (!C.joint)
        stageRows<int(C.value), kValuePitch>(rows, valueFrom, first, range.end,
                                             values);
      // Again for each unit: while copies are under way it costs nothing, and
      // registers would not hold them beside the results.
      float queries[kOwnQueryTiles][4];
      loadQueries(query, queries);
      waitForCopies();
      syncThreads();
      score(queries);
      syncThreads();
      weigh(range.end - first, scale);
      syncThreads();
      accumulate(results);
      syncThreads();
    }
#pragma unroll
    for (int tile = 0; tile < kOwnValueTiles; ++tile)
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        int head = tileRow() + i / 2 * 8;
        int column = (warpIndex() + tile * kWarps) * 8 + tileColumn() * 2 + i % 2;
        if (head < C.heads && column < C.value)
          emit(head, column, results[tile][i]);
      }
  }
};

/// Heads `tile.y * C.heads` and on of token `tile.x`, for stretch `tile.z`.
template <AttendConfig C, PagedCache Cache, int64_t Width, int64_t Heads,
          int64_t Splits>
INGOT_KERNEL_FUNCTION void
attendStretch(Tile tile, const float *query, const void *cache,
              const int32_t *pages, const int32_t *sequences, Range seen,
              int64_t keyFrom, int64_t valueFrom, float scale, float *to) {
  using Body = Attend<C, Cache, Width>;
  int64_t head = tile.x * Heads + tile.y * C.heads;
  CacheRows rows{cache, pages + sequences[tile.x] * Cache.pagesPerSequence};
  Body body;
  if constexpr (Splits == 1) {
    body.run(query + head * C.query, rows, keyFrom, valueFrom, seen, scale,
             [&](int h, int column, float result) {
               to[(head + h) * C.value + column] = result / body.sums[h];
             });
  } else {
    Range range = stretchOf<Splits>(seen, tile.z);
    if (range.begin >= range.end)
      return;
    // [token][stretch][head][results, maximum, sum]
    float *part = to + ((tile.x * Splits + tile.z) * Heads + tile.y * C.heads) *
                           (C.value + 2);
    body.run(query + head * C.query, rows, keyFrom, valueFrom, range, scale,
             [&](int h, int column, float result) {
               part[h * (C.value + 2) + column] = result;
             });
    if (threadIndex() < C.heads) {
      part[threadIndex() * (C.value + 2) + C.value] =
          body.maxima[threadIndex()];
      part[threadIndex() * (C.value + 2) + C.value + 1] =
          body.sums[threadIndex()];
    }
  }
}

template <kernels::AttendLatent::Problem P, AttendConfig C, int64_t Splits>
INGOT_KERNEL_FUNCTION void
attendLatentRows(Tile tile, const float *query, const void *cache,
                 const int32_t *pages, const int32_t *sequences,
                 const int32_t *positions, float *to) {
  waitForEarlierLaunches();
  constexpr float kScale = static_cast<float>(P.scale);
  attendStretch<C, P.cache, P.rank + P.rope, P.heads, Splits>(
      tile, query, cache, pages, sequences,
      seenFrom<AttentionMask{}>(positions[tile.x]), 0, 0, kScale, to);
}

template <kernels::AttendLatent::Problem P, AttendConfig C>
INGOT_KERNEL_FUNCTION void
attend_latent(Tile tile, const float *query, const void *cache,
              const int32_t *pages, const int32_t *sequences,
              const int32_t *positions, float *y) {
  attendLatentRows<P, C, 1>(tile, query, cache, pages, sequences, positions, y);
}

template <kernels::AttendLatentSplit::Problem P, AttendConfig C>
INGOT_KERNEL_FUNCTION void
attend_latent_split(Tile tile, const float *query, const void *cache,
                    const int32_t *pages, const int32_t *sequences,
                    const int32_t *positions, float *parts) {
  attendLatentRows<P.whole, C, P.splits>(tile, query, cache, pages, sequences,
                                         positions, parts);
}

template <kernels::AttentionHeads P, AttendConfig C, int64_t Splits>
INGOT_KERNEL_FUNCTION void
attentionRows(Tile tile, const float *query, const void *cache,
              const int32_t *pages, const int32_t *sequences,
              const int32_t *positions, float *to) {
  waitForEarlierLaunches();
  int64_t position = positions[tile.x];
  constexpr float kScale = static_cast<float>(P.scale);
  float scale = kScale;
  if constexpr (P.temperature.floor > 0) {
    constexpr double kStrength = P.temperature.strength;
    double steps =
        static_cast<double>((position + 1) / P.temperature.floor + 1);
    scale = static_cast<float>(kScale *
                               multiplyAdd(logarithm(steps), kStrength, 1.0));
  }
  int64_t kvHead = tile.y * C.heads / P.group();
  attendStretch<C, P.cache, P.rowWidth(), P.heads, Splits>(
      tile, query, cache, pages, sequences, seenFrom<P.mask>(position),
      kvHead * P.width, (P.kvHeads + kvHead) * P.width, scale, to);
}

template <kernels::AttentionHeads P, AttendConfig C>
INGOT_KERNEL_FUNCTION void attention(Tile tile, const float *query,
                                     const void *cache, const int32_t *pages,
                                     const int32_t *sequences,
                                     const int32_t *positions, float *y) {
  attentionRows<P, C, 1>(tile, query, cache, pages, sequences, positions, y);
}

template <kernels::AttentionSplit::Problem P, AttendConfig C>
INGOT_KERNEL_FUNCTION void
attention_split(Tile tile, const float *query, const void *cache,
                const int32_t *pages, const int32_t *sequences,
                const int32_t *positions, float *parts) {
  attentionRows<P.whole, C, P.splits>(tile, query, cache, pages, sequences,
                                      positions, parts);
}

/// Columns of y of head `tile.y` of token `tile.x` from its stretches.
template <kernels::CombineSplits::Problem P,
          OnCuda<kernels::CombineSplits>::Config C>
INGOT_KERNEL_FUNCTION void combine_splits(Tile tile, const float *parts,
                                          const int32_t *positions, float *y) {
  waitForEarlierLaunches();
  Range seen = seenFrom<P.mask>(positions[tile.x]);
  int64_t count =
      ceilDiv(seen.end - seen.begin,
              kernels::splitLength(seen.end - seen.begin, P.splits));
  constexpr int64_t kRow = P.value + 2, kStretch = P.heads * kRow;
  const float *first = parts + (tile.x * P.splits * P.heads + tile.y) * kRow;
  // Everything is asked for before anything is waited for.
  int share = threadIndex() / C.columns;
  int64_t column = tile.z * C.columns + threadIndex() % C.columns;
  constexpr int kShare = int(ceilDiv(P.splits, C.shares()));
  float results[kShare];
#pragma unroll
  for (int i = 0; i < kShare; ++i) {
    int64_t s = share + i * C.shares();
    results[i] =
        s < count && column < P.value ? first[s * kStretch + column] : 0.0f;
  }
  // What each stretch counts for: a lane has some of them, each warp all.
  float *weights = static_cast<float *>(sharedMemory());
  constexpr int kOwn = int(ceilDiv(P.splits, kWarp));
  float maxima[kOwn], sums[kOwn], largest = lowest(), total = 0;
#pragma unroll
  for (int i = 0; i < kOwn; ++i) {
    int64_t s = laneIndex() + i * kWarp;
    maxima[i] = s < count ? first[s * kStretch + P.value] : lowest();
    sums[i] = s < count ? first[s * kStretch + P.value + 1] : 0.0f;
  }
#pragma unroll
  for (int i = 0; i < kOwn; ++i)
    largest = larger(largest, maxima[i]);
  largest = largestOfLanes(largest);
#pragma unroll
  for (int i = 0; i < kOwn; ++i) {
    float weight = exponential(maxima[i] - largest);
    total = multiplyAdd(weight, sums[i], total);
    if (warpIndex() == 0)
      weights[laneIndex() + i * kWarp] = weight;
  }
  total = sumOfLanes(total);
  syncThreads();
  float sum = 0;
#pragma unroll
  for (int i = 0; i < kShare; ++i)
    if (int64_t s = share + i * C.shares(); s < count)
      sum = multiplyAdd(weights[s], results[i], sum);
  float *shares = weights + kOwn * kWarp;
  shares[threadIndex()] = sum;
  syncThreads();
  if (share != 0 || column >= P.value)
    return;
#pragma unroll
  for (int other = 1; other < C.shares(); ++other)
    sum += shares[other * C.columns + threadIndex()];
  y[(tile.x * P.heads + tile.y) * P.value + column] = sum / total;
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_ATTENTION_CUH
