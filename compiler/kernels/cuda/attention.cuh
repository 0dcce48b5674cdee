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

#include "compiler/kernels/cuda/cache_rows.cuh"

namespace ingot::cuda {

using kernels::AttendConfig;
using kernels::kSplitUnit;

/// Stretch `index` of what a row sees; empty if there are fewer.
template <int64_t Splits>
INGOT_KERNEL_FUNCTION Range stretchOf(Range seen, int64_t index) {
  int64_t length = kernels::splitLength(seen.end - seen.begin, Splits);
  int64_t begin = seen.begin + index * length;
  int64_t end = begin + length < seen.end ? begin + length : seen.end;
  return {static_cast<int>(begin), static_cast<int>(end)};
}

template <AttendConfig C, PagedCache Cache, int64_t Width>
struct Attend : StagedRows<Cache, Width, kSplitUnit> {
  using Rows = StagedRows<Cache, Width, kSplitUnit>;
  using Rows::kBytes;
  using Rows::kParts;
  using Rows::kThreads;
  using Rows::kWarps;
  using Rows::rowsOfUnit;
  static constexpr int kRows = AttendConfig::kRows;
  static constexpr int kUnit = kSplitUnit;
  static_assert(kUnit == kWarp);
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
  static constexpr int kPartialBytes = kWarps * kRows * kWeightPitch * 4;

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
    rowsOfUnit = reinterpret_cast<int32_t *>(drops + kRows);
  }

  /// Whether a warp's tile is one of `all`: for most it is known when the kernel
  /// is compiled, and then nothing keeps tiles from being worked on together.
  INGOT_KERNEL_FUNCTION static bool isTile(int tile, int all) {
    return (tile + 1) * kWarps <= all || warpIndex() + tile * kWarps < all;
  }

  /// Brings queries nearer while copies are under way: registers would not hold
  /// them beside the results.
  INGOT_KERNEL_FUNCTION static void prefetchQueries(const float *query) {
    constexpr int kLine = 32;
    for (int i = threadIndex() * kLine; i < C.heads * C.query;
         i += kThreads * kLine)
      prefetchL1(query + i);
  }

  /// What the lane has of a tile of queries; zeros where there is no head or
  /// column. `query` has the heads one after the other.
  INGOT_KERNEL_FUNCTION static void loadQueries(const float *query, int k,
                                                float (&own)[4]) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      int head = tileRow() + half * 8;
      Pair pair = loadPair<C.query>(
          head < C.heads ? query + head * C.query : nullptr, k);
      own[half] = pair.of[0];
      own[half + 2] = pair.of[1];
    }
  }

  /// partial[warp][head][position]: products of the warp's columns.
  INGOT_KERNEL_FUNCTION void score(const float *query) {
    float sum[kUnitTiles][4] = {};
// Not all at once: registers would not hold it.
#pragma unroll 3
    for (int i = 0; i < kOwnQueryTiles; ++i) {
      if (!isTile(i, kQueryTiles))
        continue;
      int k = (warpIndex() + i * kWarps) * 8 + tilePair();
      float a[4];
      loadQueries(query, k, a);
      Rows::template multiplyKeys<kKeyPitch>(keys, k, a, sum);
    }
    float *to = partial + warpIndex() * kRows * kWeightPitch;
#pragma unroll
    for (int tile = 0; tile < kUnitTiles; ++tile)
#pragma unroll
      for (int i = 0; i < 4; ++i)
        to[(tileRow() + i / 2 * 8) * kWeightPitch + tile * 8 + tilePair() +
           i % 2] = sum[tile][i];
  }

  /// Scores become weights; `count` positions are there.
  INGOT_KERNEL_FUNCTION void weigh(int count, float scale) {
#pragma unroll
    for (int own = 0; own < kRows / kWarps; ++own) {
      int row = own * kWarps + warpIndex();
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

  INGOT_KERNEL_FUNCTION void accumulate(float (&results)[kOwnValueTiles][4]) {
#pragma unroll
    for (int tile = 0; tile < kOwnValueTiles; ++tile)
#pragma unroll
      for (int i = 0; i < 4; ++i)
        results[tile][i] *= drops[tileRow() + i / 2 * 8];
#pragma unroll 1
    for (int unit = 0; unit < kUnitTiles; ++unit) {
      int position = unit * 8 + tileColumn();
      float a[4];
#pragma unroll
      for (int i = 0; i < 4; ++i)
        a[i] = weights[(tileRow() + i % 2 * 8) * kWeightPitch + position +
                       i / 2 * 4];
      const uint8_t *row = values + position * kValuePitch;
#pragma unroll
      for (int tile = 0; tile < kOwnValueTiles; ++tile) {
        if (!isTile(tile, kValueTiles))
          continue;
        int column = (warpIndex() + tile * kWarps) * 8 + tileRow();
        float b[2] = {loadWritten<Cache.format>(row, column),
                      loadWritten<Cache.format>(row + 4 * kValuePitch, column)};
        multiplyFloatTiles<true, kParts>(results[tile], a, b);
      }
    }
  }

  /// Calls `emit(head, column, result)` for all results, not yet divided by
  /// `sums[head]`, neighbouring threads for neighbouring columns. Rows of the first
  /// unit have been found.
  template <typename Emit>
  INGOT_KERNEL_FUNCTION void run(const float *query, CacheRows rows,
                                 int64_t keyFrom, int64_t valueFrom,
                                 Range range, float scale, Emit emit) {
    float results[kOwnValueTiles][4] = {};
    if (threadIndex() < kRows) {
      maxima[threadIndex()] = lowest();
      sums[threadIndex()] = 0;
    }
    syncThreads();
    for (int first = range.begin; first < range.end; first += kUnit) {
      this->template stageRows<int(C.query), kKeyPitch>(rows.cache, keyFrom, keys);
      if constexpr (!C.joint)
        this->template stageRows<int(C.value), kValuePitch>(rows.cache, valueFrom, values);
      if (first == range.begin)
        prefetchQueries(query);
      waitForAllCopies();
      syncThreads();
      score(query);
      this->findRows(rows, first + kUnit, range);
      syncThreads();
      weigh(range.end - first, scale);
      syncThreads();
      accumulate(results);
      syncThreads();
    }
    // Through shared memory, where keys were.
    constexpr int kPitch = kValueTiles * 8 + 8;
    static_assert(kRows * kPitch * 4 <= kUnit * kKeyPitch + kPartialBytes);
    float *together = reinterpret_cast<float *>(keys);
#pragma unroll
    for (int tile = 0; tile < kOwnValueTiles; ++tile)
#pragma unroll
      for (int half = 0; half < 2; ++half)
        if (isTile(tile, kValueTiles))
          *reinterpret_cast<Pair *>(
              together + (tileRow() + half * 8) * kPitch +
              (warpIndex() + tile * kWarps) * 8 + tilePair()) =
              Pair{results[tile][half * 2], results[tile][half * 2 + 1]};
    syncThreads();
    constexpr int kUnitColumns = C.value % 4 == 0 ? 4 : 1;
    struct alignas(4 * kUnitColumns) Columns {
      float of[kUnitColumns];
    };
    constexpr int kOfHead = C.value / kUnitColumns;
#pragma unroll 4
    for (int i = threadIndex(); i < C.heads * kOfHead; i += kThreads) {
      int head = i / kOfHead, column = i % kOfHead * kUnitColumns;
      emit(head, column,
           *reinterpret_cast<const Columns *>(together + head * kPitch +
                                              column));
    }
  }
};

/// What stretches of a token are handed over in: results of each head, and
/// behind all of them the largest score and the sum of weights of each.
template <int64_t Heads, int64_t Value, int64_t Splits>
struct SplitParts {
  float *all;
  int64_t token;

  INGOT_KERNEL_FUNCTION float *results(int64_t stretch, int64_t head) const {
    return all + token * kernels::splitColumns(Heads, Value, Splits) +
           (stretch * Heads + head) * Value;
  }
  INGOT_KERNEL_FUNCTION float *facts(int64_t stretch, int64_t head) const {
    return results(Splits, 0) + (stretch * Heads + head) * 2;
  }
};

template <typename Columns>
INGOT_KERNEL_FUNCTION void storeTogether(float *to, const Columns &columns) {
  *reinterpret_cast<Columns *>(to) = columns;
}

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
    body.findRows(rows, seen.begin, seen);
    waitForEarlierLaunches();
    body.run(query + head * C.query, rows, keyFrom, valueFrom, seen, scale,
             [&](int h, int column, auto results) {
               for (float &result : results.of)
                 result /= body.sums[h];
               storeTogether(to + (head + h) * C.value + column, results);
             });
    return;
  }
  Range range = stretchOf<Splits>(seen, tile.z);
  // Most of the rows are there since earlier steps.
  Body::template prefetchRows<C.query>(rows, keyFrom, range);
  if constexpr (!C.joint)
    Body::template prefetchRows<C.value>(rows, valueFrom, range);
  body.findRows(rows, range.begin, range);
  waitForEarlierLaunches();
  if (range.begin >= range.end)
    return;
  SplitParts<Heads, C.value, Splits> parts{to, tile.x};
  int64_t first = tile.y * C.heads;
  body.run(query + head * C.query, rows, keyFrom, valueFrom, range, scale,
           [&](int h, int column, auto results) {
             storeTogether(parts.results(tile.z, first + h) + column, results);
           });
  if (threadIndex() < C.heads) {
    float *facts = parts.facts(tile.z, first + threadIndex());
    facts[0] = body.maxima[threadIndex()];
    facts[1] = body.sums[threadIndex()];
  }
}

template <kernels::AttendLatent::Problem P, AttendConfig C>
INGOT_KERNEL_FUNCTION void
attend_latent(Tile tile, const float *query, const void *cache,
              const int32_t *pages, const int32_t *sequences,
              const int32_t *positions, float *y) {
  constexpr float kScale = static_cast<float>(P.scale);
  attendStretch<C, P.cache, P.rank + P.rope, P.heads, 1>(
      tile, query, cache, pages, sequences,
      seenFrom<AttentionMask{}>(positions[tile.x]), 0, 0, kScale, y);
}

template <kernels::AttendLatentSplit::Problem P, AttendConfig C>
INGOT_KERNEL_FUNCTION void
attend_latent_split(Tile tile, const float *query, const void *cache,
                    const int32_t *pages, const int32_t *sequences,
                    const int32_t *positions, float *parts) {
  constexpr kernels::AttendLatent::Problem kWhole = P.whole;
  constexpr float kScale = static_cast<float>(kWhole.scale);
  attendStretch<C, kWhole.cache, kWhole.rank + kWhole.rope, kWhole.heads,
                P.splits>(tile, query, cache, pages, sequences,
                          seenFrom<AttentionMask{}>(positions[tile.x]), 0, 0,
                          kScale, parts);
}

template <kernels::AttentionSplit::Problem P, AttendConfig C>
INGOT_KERNEL_FUNCTION void
attention_split(Tile tile, const float *query, const void *cache,
                const int32_t *pages, const int32_t *sequences,
                const int32_t *positions, float *parts) {
  constexpr kernels::AttentionHeads kWhole = P.whole;
  int position = positions[tile.x];
  int64_t kvHead = tile.y * C.heads / kWhole.group();
  attendStretch<C, kWhole.cache, kWhole.rowWidth(), kWhole.heads, P.splits>(
      tile, query, cache, pages, sequences, seenFrom<kWhole.mask>(position),
      kvHead * kWhole.width, (kWhole.kvHeads + kvHead) * kWhole.width,
      attentionScale<kWhole>(position), parts);
}

/// Columns of y of head `tile.y` of token `tile.x` from its stretches.
template <kernels::CombineSplits::Problem P,
          OnCuda<kernels::CombineSplits>::Config C>
INGOT_KERNEL_FUNCTION void combine_splits(Tile tile, const float *parts,
                                          const int32_t *positions, float *y) {
  Range seen = seenFrom<P.mask>(positions[tile.x]);
  int64_t count =
      ceilDiv(seen.end - seen.begin,
              kernels::splitLength(seen.end - seen.begin, P.splits));
  waitForEarlierLaunches();
  SplitParts<P.heads, P.value, P.splits> all{const_cast<float *>(parts),
                                             tile.x};
  // Everything is asked for before anything is waited for.
  int share = threadIndex() / C.columns;
  int64_t column = tile.z * C.columns + threadIndex() % C.columns;
  constexpr int kShare = int(ceilDiv(P.splits, C.shares()));
  float results[kShare];
#pragma unroll
  for (int i = 0; i < kShare; ++i) {
    int64_t s = share + i * C.shares();
    results[i] =
        s < count && column < P.value ? all.results(s, tile.y)[column] : 0.0f;
  }
  // What each stretch counts for: a lane has some of them, each warp all.
  float *weights = static_cast<float *>(sharedMemory());
  constexpr int kOwn = int(ceilDiv(P.splits, kWarp));
  float maxima[kOwn], sums[kOwn], largest = lowest(), total = 0;
#pragma unroll
  for (int i = 0; i < kOwn; ++i) {
    int64_t s = laneIndex() + i * kWarp;
    maxima[i] = s < count ? all.facts(s, tile.y)[0] : lowest();
    sums[i] = s < count ? all.facts(s, tile.y)[1] : 0.0f;
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
