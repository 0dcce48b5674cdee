//===- attention.cuh - attention to a paged cache ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Some heads of one token attend to the positions that it sees, which are
// staged in shared memory 32 at a time. Scores: a warp has 4 heads and a part
// of the columns, a lane a position. Softmax: online (Milakov and Gimelshein
// 2018), a warp has a head, a lane a position. Results: a thread has columns.
// The order of every sum depends on the row's position only.
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
  static constexpr int kRows = C.rows();
  static constexpr int kUnit = kSplitUnit;
  static_assert(kUnit == kWarp);
  /// Warps that share the columns of four heads' scores.
  static constexpr int kParts = kWarps / (kRows / 4);
  static constexpr int kQuads = C.queryPadded() / 4;
  static constexpr int kQuadsOfPart = (kQuads + kParts - 1) / kParts;
  /// Threads that have columns of results, and how threads share rows.
  static constexpr int kColumnThreads =
      C.value >= kThreads ? kThreads : int(ceilDiv(C.value, kWarp)) * kWarp;
  static constexpr int kRowGroups =
      kThreads / kColumnThreads < kRows ? kThreads / kColumnThreads : kRows;
  static constexpr int kOwnRows = (kRows + kRowGroups - 1) / kRowGroups;
  static constexpr int kOwnColumns =
      int(ceilDiv(C.value, int64_t(kColumnThreads)));
  static constexpr int kKeyPitch = C.keyPitch();
  static constexpr int kValuePitch = C.joint ? C.keyPitch() : C.value;

  float *queries, *keys, *values, *partial, *weights, *maxima, *sums, *drops;

  INGOT_KERNEL_FUNCTION Attend() {
    queries = static_cast<float *>(sharedMemory());
    keys = queries + kRows * C.queryPadded();
    values = C.joint ? keys : keys + kUnit * kKeyPitch;
    partial = keys + kUnit * kKeyPitch + (C.joint ? 0 : kUnit * C.value);
    weights = partial + kWarps * 4 * kUnit;
    maxima = weights + kRows * kUnit;
    sums = maxima + kRows;
    drops = sums + kRows;
  }

  /// `query` has the heads one after the other; rows without a head are zero.
  INGOT_KERNEL_FUNCTION void stageQueries(const float *query) {
    moveValues<kThreads>(
        kRows * C.queryPadded(),
        [&](int64_t i) {
          int64_t row = i / C.queryPadded(), k = i % C.queryPadded();
          return row < C.heads && k < C.query ? query[row * C.query + k] : 0.0f;
        },
        [&](int64_t i, float value) { queries[i] = value; });
    if (threadIndex() < kRows) {
      maxima[threadIndex()] = lowest();
      sums[threadIndex()] = 0;
    }
  }

  /// Columns from `from` on of the positions from `first` on, zeros behind
  /// `end`. `from` is a multiple of Columns.
  template <int Columns, int Padded, int Pitch>
  INGOT_KERNEL_FUNCTION static void stageRows(CacheRows rows, int64_t from,
                                              int64_t first, int64_t end,
                                              float *to) {
    constexpr int kBytes = Cache.bytes();
    constexpr int kPiece =
        int(kernels::lanesFor(kernels::lanesFor(16 / kBytes, Width), Columns));
    constexpr int kPieces = Padded / kPiece;
    static_assert(Padded % kPiece == 0);
    struct Values {
      float of[kPiece];
    };
    moveValues<kThreads, Values>(
        kUnit * kPieces,
        [&](int64_t i) {
          int64_t position = first + i / kPieces, k = i % kPieces * kPiece;
          Values values = {};
          if (position < end && k < Columns) {
            int64_t row =
                static_cast<int64_t>(rows.pages[position / Cache.pageSize]) *
                    Cache.pageSize +
                position % Cache.pageSize;
            loadWrittenValues<Cache.format, kPiece>(
                rows.cache, row * Width + from + k, values.of);
          }
          return values;
        },
        [&](int64_t i, const Values &values) {
          int64_t at = i / kPieces * Pitch + i % kPieces * kPiece;
#pragma unroll
          for (int v = 0; v < kPiece; ++v)
            to[at + v] = values.of[v];
        });
  }

  /// partial[part][head][position]: four heads' products with a part of a key.
  INGOT_KERNEL_FUNCTION void score() {
    int group = warpIndex() % (kRows / 4), part = warpIndex() / (kRows / 4);
    int begin = part * kQuadsOfPart;
    int end = begin + kQuadsOfPart < kQuads ? begin + kQuadsOfPart : kQuads;
    const float *key = keys + laneIndex() * kKeyPitch;
    const float *query = queries + group * 4 * C.queryPadded();
    float sum[4] = {0, 0, 0, 0};
#pragma unroll 4
    for (int quad = begin; quad < end; ++quad) {
      float k[4];
#pragma unroll
      for (int i = 0; i < 4; ++i)
        k[i] = key[quad * 4 + i];
#pragma unroll
      for (int h = 0; h < 4; ++h)
#pragma unroll
        for (int i = 0; i < 4; ++i)
          sum[h] = multiplyAdd(query[h * C.queryPadded() + quad * 4 + i], k[i],
                               sum[h]);
    }
#pragma unroll
    for (int h = 0; h < 4; ++h)
      partial[(part * kRows + group * 4 + h) * kUnit + laneIndex()] = sum[h];
  }

  /// Scores become weights; `count` positions are there.
  INGOT_KERNEL_FUNCTION void weigh(int64_t count, float scale) {
    for (int row = warpIndex(); row < kRows; row += kWarps) {
      float sum = 0;
#pragma unroll
      for (int part = 0; part < kParts; ++part)
        sum += partial[(part * kRows + row) * kUnit + laneIndex()];
      float value = laneIndex() < count ? sum * scale : lowest();
      float before = maxima[row];
      float largest = larger(largestOfLanes(value), before);
      float weight = exponential(value - largest);
      float drop = exponential(before - largest);
      float total = sumOfLanes(weight);
      weights[row * kUnit + laneIndex()] = weight;
      syncWarp();
      if (laneIndex() == 0) {
        maxima[row] = largest;
        sums[row] = multiplyAdd(sums[row], drop, total);
        drops[row] = drop;
      }
    }
  }

  INGOT_KERNEL_FUNCTION static int ownRow() {
    return threadIndex() / kColumnThreads * kOwnRows;
  }
  INGOT_KERNEL_FUNCTION static int ownColumn() {
    return threadIndex() % kColumnThreads;
  }

  INGOT_KERNEL_FUNCTION void
  accumulate(float (&results)[kOwnRows][kOwnColumns]) {
    if (ownRow() >= kRows)
      return;
#pragma unroll
    for (int r = 0; r < kOwnRows; ++r)
#pragma unroll
      for (int c = 0; c < kOwnColumns; ++c)
        results[r][c] *= drops[ownRow() + r];
#pragma unroll 4
    for (int j = 0; j < kUnit; ++j) {
      float value[kOwnColumns];
#pragma unroll
      for (int c = 0; c < kOwnColumns; ++c) {
        int column = ownColumn() + c * kColumnThreads;
        value[c] = column < C.value ? values[j * kValuePitch + column] : 0.0f;
      }
#pragma unroll
      for (int r = 0; r < kOwnRows; ++r)
#pragma unroll
        for (int c = 0; c < kOwnColumns; ++c)
          results[r][c] = multiplyAdd(weights[(ownRow() + r) * kUnit + j],
                                      value[c], results[r][c]);
    }
  }

  /// Calls `emit(head, column, result)` for what the thread has, with results
  /// not yet divided by `sums[head]`.
  template <typename Emit>
  INGOT_KERNEL_FUNCTION void run(const float *query, CacheRows rows,
                                 int64_t keyFrom, int64_t valueFrom,
                                 Range range, float scale, Emit emit) {
    stageQueries(query);
    float results[kOwnRows][kOwnColumns];
#pragma unroll
    for (int r = 0; r < kOwnRows; ++r)
#pragma unroll
      for (int c = 0; c < kOwnColumns; ++c)
        results[r][c] = 0;
    for (int64_t first = range.begin; first < range.end; first += kUnit) {
      syncThreads();
      stageRows<int(C.query), int(C.queryPadded()), kKeyPitch>(
          rows, keyFrom, first, range.end, keys);
      if constexpr (!C.joint)
        stageRows<int(C.value), int(C.value), kValuePitch>(
            rows, valueFrom, first, range.end, values);
      syncThreads();
      score();
      syncThreads();
      weigh(range.end - first, scale);
      syncThreads();
      accumulate(results);
    }
#pragma unroll
    for (int r = 0; r < kOwnRows; ++r)
#pragma unroll
      for (int c = 0; c < kOwnColumns; ++c) {
        int head = ownRow() + r, column = ownColumn() + c * kColumnThreads;
        if (head < C.heads && column < C.value)
          emit(head, column, results[r][c]);
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

/// y of head `tile.y` of token `tile.x` from its stretches, in order.
template <kernels::CombineSplits::Problem P,
          OnCuda<kernels::CombineSplits>::Config C>
INGOT_KERNEL_FUNCTION void combine_splits(Tile tile, const float *parts,
                                          const int32_t *positions, float *y) {
  waitForEarlierLaunches();
  Range seen = seenFrom<P.mask>(positions[tile.x]);
  int64_t count =
      ceilDiv(seen.end - seen.begin,
              kernels::splitLength(seen.end - seen.begin, P.splits));
  constexpr int64_t kRow = P.value + 2;
  const float *first = parts + (tile.x * P.splits * P.heads + tile.y) * kRow;
  float largest = lowest();
  for (int64_t s = 0; s < count; ++s)
    largest = larger(largest, first[s * P.heads * kRow + P.value]);
  for (int64_t column = threadIndex(); column < P.value; column += C.threads) {
    float sum = 0, total = 0;
#pragma unroll 4
    for (int64_t s = 0; s < count; ++s) {
      const float *part = first + s * P.heads * kRow;
      float weight = exponential(part[P.value] - largest);
      sum = multiplyAdd(weight, part[column], sum);
      total = multiplyAdd(weight, part[P.value + 1], total);
    }
    y[(tile.x * P.heads + tile.y) * P.value + column] = sum / total;
  }
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_ATTENTION_CUH
