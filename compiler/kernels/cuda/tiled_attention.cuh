//===- tiled_attention.cuh - attention of prompts ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Up to 64 rows, each a head of a token, attend to the positions that their tokens
// see: a unit of positions at a time, whose rows lie in shared memory as they
// lie in the cache. Both products are of float32 tiles (see multiplyFloatTiles),
// rows along the first side. Scores: warps that have the same 16 rows share the
// columns of queries and keys. Softmax: online (Milakov and Gimelshein
// 2018), a warp has a row at a time, a lane every 32nd position. Results: a warp
// has every eighth 8 columns of values, of all rows.
//
// Units begin at multiples of their size, and what a row does not see counts for
// nothing, so the order of a row's sums depends on its position only, not on the
// rows beside it. Tokens of several sequences take turns.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_TILED_ATTENTION_CUH
#define INGOT_KERNELS_CUDA_TILED_ATTENTION_CUH

#include "compiler/kernels/contract/CudaTiledAttention.h"
#include "compiler/kernels/cuda/cache_rows.cuh"

namespace ingot::cuda {

using kernels::AttendConfig;
using kernels::TiledAttendConfig;

/// The tokens from `first` to before `end` of a step, of one sequence.
struct TokenRun {
  int64_t first, end;
};

/// `Heads` heads of a token, each with a query and a result.
template <TiledAttendConfig C, PagedCache Cache, int64_t Width, int64_t Heads>
struct TiledAttend : StagedRows<Cache, Width, int(C.unit)> {
  using Rows = StagedRows<Cache, Width, int(C.unit)>;
  using Rows::kBytes;
  using Rows::kParts;
  using Rows::kThreads;
  using Rows::kWarps;
  using Rows::rowsOfUnit;
  static constexpr AttendConfig kToken = C.token;
  static constexpr int kRows = TiledAttendConfig::kRows;
  static constexpr int kShares = TiledAttendConfig::kShares;
  static constexpr int kUnit = C.unit;
  static constexpr int kKeyPitch = AttendConfig::pitch(kToken.query, kBytes);
  static constexpr int kValuePitch =
      AttendConfig::pitch(kToken.value, kBytes);
  static constexpr int kPitch = C.weightPitch();
  /// Tiles of 16 rows, of 8 columns, and of 8 positions.
  static constexpr int kRowTiles = kRows / 16;
  static constexpr int kQueryTiles = ceilDiv(kToken.query, 8);
  static constexpr int kSharedTiles = (kQueryTiles + kShares - 1) / kShares;
  static constexpr int kValueTiles = ceilDiv(kToken.value, 8);
  static constexpr int kOwnValueTiles = (kValueTiles + kWarps - 1) / kWarps;
  static constexpr int kUnitTiles = kUnit / 8;
  static_assert(kRowTiles * kShares == kWarps && kUnit % kWarp == 0);

  uint8_t *keys, *values;
  /// partial[share][row][position]; weights take the place of the first share.
  float *partial, *maxima, *sums, *drops, *scales;
  /// What each row sees; nothing if it is of no token of the run.
  int32_t *begins, *ends;

  INGOT_KERNEL_FUNCTION TiledAttend() {
    keys = static_cast<uint8_t *>(sharedMemory());
    values = keys + kUnit * kKeyPitch;
    partial = reinterpret_cast<float *>(values + kUnit * kValuePitch);
    maxima = partial + kShares * kRows * kPitch;
    sums = maxima + kRows;
    drops = sums + kRows;
    scales = drops + kRows;
    begins = reinterpret_cast<int32_t *>(scales + kRows);
    ends = begins + kRows;
    rowsOfUnit = ends + kRows;
  }

  /// Heads `head` and on of the tokens from `first` on.
  struct Block {
    int64_t first, head;

    INGOT_KERNEL_FUNCTION int64_t tokenOf(int row) const {
      return first + row / kToken.heads;
    }
    INGOT_KERNEL_FUNCTION bool has(int row, TokenRun run) const {
      return row < C.tokens() * kToken.heads && tokenOf(row) >= run.first &&
             tokenOf(row) < run.end;
    }
    /// The row's place among all heads of all tokens.
    INGOT_KERNEL_FUNCTION int64_t placeOf(int row) const {
      return tokenOf(row) * Heads + head + row % kToken.heads;
    }
  };

  INGOT_KERNEL_FUNCTION static bool isTile(int tile) {
    return (tile + 1) * kWarps <= kValueTiles ||
           warpIndex() + tile * kWarps < kValueTiles;
  }

  /// Notes what rows see, and gives the positions that any of them does.
  /// `seen(token)` and `scale(token)` are those of a token's rows.
  template <typename Seen, typename Scale>
  INGOT_KERNEL_FUNCTION Range prepare(Block block, TokenRun run, Seen seen,
                                      Scale scale) {
    if (int row = threadIndex(); row < kRows) {
      bool has = block.has(row, run);
      int64_t token = has ? block.tokenOf(row) : run.first;
      Range own = seen(token);
      maxima[row] = lowest();
      sums[row] = 0;
      scales[row] = scale(token);
      begins[row] = own.begin;
      ends[row] = has ? own.end : own.begin;
    }
    syncThreads();
    Range all = seen(run.first);
    for (int row = 0; row < kRows; ++row)
      if (begins[row] < ends[row]) {
        all.begin = begins[row] < all.begin ? begins[row] : all.begin;
        all.end = ends[row] > all.end ? ends[row] : all.end;
      }
    return all;
  }

  INGOT_KERNEL_FUNCTION void score(const float *query, Block block,
                                   TokenRun run) {
    int first = warpIndex() % kRowTiles * 16, share = warpIndex() / kRowTiles;
    const float *rows[2];
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      int row = first + half * 8 + tileRow();
      rows[half] = block.has(row, run)
                       ? query + block.placeOf(row) * kToken.query
                       : nullptr;
    }
    float sum[kUnitTiles][4] = {};
#pragma unroll 4
    for (int i = 0; i < kSharedTiles; ++i) {
      int k = (share * kSharedTiles + i) * 8 + tilePair();
      if (k >= kQueryTiles * 8)
        break;
      Pair pairs[2];
#pragma unroll
      for (int half = 0; half < 2; ++half)
        pairs[half] = loadPair<kToken.query>(rows[half], k);
      const float a[4] = {pairs[0].of[0], pairs[1].of[0], pairs[0].of[1],
                          pairs[1].of[1]};
      Rows::template multiplyKeys<kKeyPitch>(keys, k, a, sum);
    }
    float *to = partial + (share * kRows + first) * kPitch;
#pragma unroll
    for (int tile = 0; tile < kUnitTiles; ++tile)
#pragma unroll
      for (int half = 0; half < 2; ++half)
        *reinterpret_cast<Pair *>(to + (tileRow() + half * 8) * kPitch +
                                  tile * 8 + tilePair()) =
            Pair{sum[tile][half * 2], sum[tile][half * 2 + 1]};
  }

  /// Scores of the positions from `first` on become weights.
  INGOT_KERNEL_FUNCTION void weigh(int first) {
    constexpr int kOwn = kUnit / kWarp;
#pragma unroll 2
    for (int i = 0; i < kRows / kWarps; ++i) {
      int row = i * kWarps + warpIndex();
      float *scores = partial + row * kPitch;
      float own[kOwn], before = maxima[row], largest = before;
#pragma unroll
      for (int j = 0; j < kOwn; ++j) {
        int at = j * kWarp + laneIndex();
        bool sees = first + at >= begins[row] && first + at < ends[row];
        float sum = scores[at];
#pragma unroll
        for (int share = 1; share < kShares; ++share)
          sum += scores[share * kRows * kPitch + at];
        own[j] = sees ? sum * scales[row] : lowest();
        largest = larger(own[j], largest);
      }
      largest = larger(largestOfLanes(largest), before);
      float total = 0;
#pragma unroll
      for (int j = 0; j < kOwn; ++j) {
        // Nothing may have been seen so far.
        float weight = own[j] > lowest() ? exponential(own[j] - largest) : 0.0f;
        scores[j * kWarp + laneIndex()] = weight;
        total += weight;
      }
      total = sumOfLanes(total);
      float drop = before > lowest() ? exponential(before - largest) : 1.0f;
      syncWarp();
      if (laneIndex() == 0) {
        maxima[row] = largest;
        sums[row] = multiplyAdd(sums[row], drop, total);
        drops[row] = drop;
      }
    }
  }

  using Results = float[kRowTiles][kOwnValueTiles][4];

  INGOT_KERNEL_FUNCTION void accumulate(Results &results) {
#pragma unroll
    for (int rows = 0; rows < kRowTiles; ++rows)
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        float drop = drops[rows * 16 + tileRow() + i / 2 * 8];
#pragma unroll
        for (int tile = 0; tile < kOwnValueTiles; ++tile)
          results[rows][tile][i] *= drop;
      }
#pragma unroll 1
    for (int unit = 0; unit < kUnitTiles; ++unit) {
      int position = unit * 8 + tileColumn();
      float a[kRowTiles][4];
#pragma unroll
      for (int rows = 0; rows < kRowTiles; ++rows)
#pragma unroll
        for (int i = 0; i < 4; ++i)
          a[rows][i] =
              partial[(rows * 16 + tileRow() + i % 2 * 8) * kPitch + position +
                      i / 2 * 4];
      const uint8_t *row = values + position * kValuePitch;
#pragma unroll
      for (int tile = 0; tile < kOwnValueTiles; ++tile) {
        if (!isTile(tile))
          continue;
        int column = (warpIndex() + tile * kWarps) * 8 + tileRow();
        float b[2] = {loadWritten<Cache.format>(row, column),
                      loadWritten<Cache.format>(row + 4 * kValuePitch, column)};
#pragma unroll
        for (int rows = 0; rows < kRowTiles; ++rows)
          multiplyFloatTiles<true, kParts>(results[rows][tile], a[rows], b);
      }
    }
  }

  INGOT_KERNEL_FUNCTION void store(const Results &results, Block block,
                                   TokenRun run, float *y) {
#pragma unroll
    for (int rows = 0; rows < kRowTiles; ++rows)
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        int row = rows * 16 + half * 8 + tileRow();
        if (!block.has(row, run))
          continue;
        float *to = y + block.placeOf(row) * kToken.value;
#pragma unroll
        for (int tile = 0; tile < kOwnValueTiles; ++tile)
          if (isTile(tile))
            storePair(to, (warpIndex() + tile * kWarps) * 8 + tilePair(),
                      {results[rows][tile][half * 2] / sums[row],
                       results[rows][tile][half * 2 + 1] / sums[row]});
      }
  }
  INGOT_KERNEL_FUNCTION static void storePair(float *to, int column,
                                              const Pair &pair) {
    if constexpr (kToken.value % 8 == 0) {
      *reinterpret_cast<Pair *>(to + column) = pair;
    } else {
      for (int c = 0; c < 2; ++c)
        if (column + c < kToken.value)
          to[column + c] = pair.of[c];
    }
  }

  /// The rows of a run's tokens. Threads have met.
  template <typename Seen, typename Scale>
  INGOT_KERNEL_FUNCTION void attend(const float *query, CacheRows rows,
                                    int64_t keyFrom, int64_t valueFrom,
                                    Block block, TokenRun run, Seen seen,
                                    Scale scale, float *y) {
    Results results = {};
    Range range = prepare(block, run, seen, scale);
    for (int first = range.begin / kUnit * kUnit; first < range.end;
         first += kUnit) {
      this->findRows(rows, first, range);
      syncThreads();
      this->template stageRows<int(kToken.query), kKeyPitch>(rows.cache,
                                                             keyFrom, keys);
      this->template stageRows<int(kToken.value), kValuePitch>(
            rows.cache, valueFrom, values);
      waitForAllCopies();
      syncThreads();
      score(query, block, run);
      syncThreads();
      weigh(first);
      syncThreads();
      accumulate(results);
      syncThreads();
    }
    store(results, block, run, y);
    syncThreads();
  }

  /// All tokens of tile `tile` below `tokens`, one sequence's after the other's.
  template <typename Seen, typename Scale>
  INGOT_KERNEL_FUNCTION void
  run(Tile tile, const float *query, const void *cache, const int32_t *pages,
      const int32_t *sequences, int64_t tokens, int64_t keyFrom,
      int64_t valueFrom, Seen seen, Scale scale, float *y) {
    Block block{tile.x * C.tokens(), tile.y * kToken.heads};
    int64_t end =
        block.first + C.tokens() < tokens ? block.first + C.tokens() : tokens;
    for (TokenRun run{block.first, block.first}; run.end < end;) {
      int sequence = sequences[run.end];
      run.first = run.end;
      while (run.end < end && sequences[run.end] == sequence)
        ++run.end;
      attend(query, {cache, pages + sequence * Cache.pagesPerSequence}, keyFrom,
             valueFrom, block, run, seen, scale, y);
    }
  }
};

template <kernels::AttentionHeads P, TiledAttendConfig C>
INGOT_KERNEL_FUNCTION void
attention_tiled(Tile tile, const float *query, const void *cache,
                const int32_t *pages, const int32_t *sequences,
                const int32_t *positions, float *y, int64_t tokens) {
  int64_t kvHead = tile.y * C.token.heads / P.group();
  waitForEarlierLaunches();
  TiledAttend<C, P.cache, P.rowWidth(), P.heads>().run(
      tile, query, cache, pages, sequences, tokens, kvHead * P.width,
      (P.kvHeads + kvHead) * P.width,
      [&](int64_t token) { return seenFrom<P.mask>(positions[token]); },
      [&](int64_t token) { return attentionScale<P>(positions[token]); }, y);
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_TILED_ATTENTION_CUH
