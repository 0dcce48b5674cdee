//===- fp8_tiles.cuh - products of codes with many tokens -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See CudaFp8Tiles.h. Which tiles there are, where their inputs come from and
// where results go is a matter of `Fp8DenseTiles` and `Fp8ExpertTiles`; how a
// tile is multiplied, of `Fp8Products`.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_FP8_TILES_CUH
#define INGOT_KERNELS_CUDA_FP8_TILES_CUH

#include "compiler/kernels/contract/CudaFp8Tiles.h"
#include "compiler/kernels/cuda/common.cuh"
#include "compiler/kernels/cuda/warpgroup.cuh"

namespace ingot::cuda {

using kernels::Fp8TileConfig;
using kernels::kCodeColumns;
using kernels::kCodePattern;
using kernels::kCodeRows;
using kernels::kCodeTokens;

/// Codes in rows, and their scales.
struct CodeRows {
  const uint8_t *codes;
  const float *scales;
};

/// Some rows of weights, and some tokens in the order of a list.
struct CodeTile {
  int64_t row;
  int32_t first, count;
  int32_t expert = 0;
};

/// Tokens of a step, as they come, with one weight.
template <int64_t N, int Matrices>
struct Fp8DenseTiles {
  static constexpr int64_t kRows = 2 * kCodeRows / Matrices;
  static constexpr int64_t kRowTiles = ceilDiv(N, kRows);

  CodeRows inputs, matrices[Matrices];
  int64_t tokens;

  INGOT_KERNEL_FUNCTION void prepare(void *) {}
  INGOT_KERNEL_FUNCTION int64_t count() const {
    return kRowTiles * ceilDiv(tokens, kCodeTokens);
  }
  /// All weights pass a group of tiles of tokens before those of the next.
  INGOT_KERNEL_FUNCTION CodeTile tile(int64_t index) const {
    constexpr int64_t kGroup = kernels::kCodeTileGroup;
    int64_t group = index / (kGroup * kRowTiles) * kGroup;
    int64_t left = ceilDiv(tokens, kCodeTokens) - group;
    int64_t size = left < kGroup ? left : kGroup;
    int64_t within = index - group * kRowTiles;
    int64_t first = (group + within % size) * kCodeTokens;
    int64_t rest = tokens - first;
    return {within / size * kRows, static_cast<int32_t>(first),
            static_cast<int32_t>(rest < kCodeTokens ? rest : kCodeTokens)};
  }
  INGOT_KERNEL_FUNCTION CodeRows matrix(const CodeTile &, int m) const {
    return matrices[m];
  }
  INGOT_KERNEL_FUNCTION int32_t inputOf(const CodeTile &tile, int t) const {
    return tile.first + t;
  }
  INGOT_KERNEL_FUNCTION int32_t outputOf(const CodeTile &tile, int t) const {
    return tile.first + t;
  }
};

/// Slots in the order of their experts (ExpertsGroup.h); each has a row of
/// inputs, or shares one with the other slots of its token.
template <int64_t N, int Matrices, int Experts, int SlotsOfInput>
struct Fp8ExpertTiles {
  static constexpr int64_t kRows = 2 * kCodeRows / Matrices;
  static constexpr int64_t kRowTiles = ceilDiv(N, kRows);

  CodeRows inputs;
  const void *const *codes[Matrices];
  const void *const *scales[Matrices];
  const int32_t *starts, *slots;
  /// How many tiles of tokens the experts before each have, and all.
  int32_t *before;

  /// Of few experts, each thread sums up what is before its own.
  INGOT_KERNEL_FUNCTION void prepare(void *room) {
    before = static_cast<int32_t *>(room);
    for (int e = threadIndex(); e <= Experts; e += kernels::kCodeThreads) {
      int32_t sum = 0;
#pragma unroll 8
      for (int j = 0; j < e; ++j)
        sum += ceilDiv(starts[j + 1] - starts[j], kCodeTokens);
      before[e] = sum;
    }
  }
  INGOT_KERNEL_FUNCTION int64_t count() const {
    return kRowTiles * before[Experts];
  }
  /// All rows of an expert's weights, then its next tokens.
  INGOT_KERNEL_FUNCTION CodeTile tile(int64_t index) const {
    int32_t at = static_cast<int32_t>(index / kRowTiles);
    // The last expert that begins with this tile or before it.
    int low = 0, high = Experts;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (before[middle] <= at)
        low = middle;
      else
        high = middle;
    }
    int32_t first =
        starts[low] + (at - before[low]) * static_cast<int32_t>(kCodeTokens);
    int32_t rest = starts[low + 1] - first;
    return {index % kRowTiles * kRows, first,
            rest < kCodeTokens ? rest : static_cast<int32_t>(kCodeTokens), low};
  }
  INGOT_KERNEL_FUNCTION CodeRows matrix(const CodeTile &tile, int m) const {
    return {static_cast<const uint8_t *>(codes[m][tile.expert]),
            static_cast<const float *>(scales[m][tile.expert])};
  }
  INGOT_KERNEL_FUNCTION int32_t inputOf(const CodeTile &tile, int t) const {
    return slots[tile.first + t] / SlotsOfInput;
  }
  INGOT_KERNEL_FUNCTION int32_t outputOf(const CodeTile &tile, int t) const {
    return slots[tile.first + t];
  }
};

/// `Matrices` of [N, K], a half of a tile each, or one with two halves.
template <WeightFormat W, int64_t N, int64_t K, int Matrices, Fp8TileConfig C>
struct Fp8Products {
  static constexpr int kStages = C.stages;
  static constexpr int kChunks = K / kCodeColumns;
  /// Warpgroups that multiply; one more copies.
  static constexpr int kMultiplying = 2;
  /// Groups of copies that are under way before the thread waits for the first
  /// of them.
  static constexpr int kAhead = 2;
  /// Pieces of 16 bytes in a row, and rows that the copying threads have at a
  /// time.
  static constexpr int kPieces = kCodeColumns / 16;
  static constexpr int kRowsAtOnce = kWarpgroup / kPieces;
  static constexpr int kPasses = kCodeTokens / kRowsAtOnce;
  static_assert(kCodeRows == kCodeTokens && kAhead < kStages);

  char *shared;

  INGOT_KERNEL_FUNCTION Fp8Products() {
    char *room = static_cast<char *>(sharedMemory());
    shared = room + (kCodePattern - sharedAddress(room) % kCodePattern) %
                        kCodePattern;
  }
  /// The rows of codes of a stage: 128 of inputs, 256 of weights.
  INGOT_KERNEL_FUNCTION char *codes(int stage, int row) const {
    return shared + stage * C.codes() + row * kCodeColumns;
  }
  INGOT_KERNEL_FUNCTION float *scales(int stage) const {
    return reinterpret_cast<float *>(shared + C.scalesAt()) +
           stage * C.scales();
  }
  /// A stage is full once all has been copied, free once it is multiplied.
  INGOT_KERNEL_FUNCTION uint64_t *full(int stage) const {
    return reinterpret_cast<uint64_t *>(shared + C.barriersAt()) + stage;
  }
  INGOT_KERNEL_FUNCTION uint64_t *free(int stage) const {
    return full(stage) + kStages;
  }
  INGOT_KERNEL_FUNCTION static int matrixOf(int half) {
    return Matrices == 1 ? 0 : half;
  }
  INGOT_KERNEL_FUNCTION static int64_t rowOf(const CodeTile &tile, int half) {
    return tile.row + (Matrices == 1 ? half * kCodeRows : 0);
  }

  /// Calls `emit(row, n, values)`, for each token of the block's tiles, with
  /// the row of its output and the products of two rows of each matrix, from
  /// an even n on.
  template <typename Tiles, typename Emit>
  INGOT_KERNEL_FUNCTION void run(Tiles tiles, int64_t block, Emit emit) {
    if (threadIndex() == 0)
#pragma unroll
      for (int stage = 0; stage < kStages; ++stage) {
        initBarrier(full(stage), kWarpgroup);
        initBarrier(free(stage), kMultiplying * kWarpgroup);
      }
    tiles.prepare(shared + C.expertsAt());
    syncThreads();
    if (threadIndex() >= kMultiplying * kWarpgroup) {
      leaveRegisters<40>();
      copyTiles(tiles, block);
    } else {
      takeRegisters<232>();
      multiplyTiles(tiles, block, emit);
    }
  }

  /// What a copying thread has of a tile: a piece of a row of each pass.
  struct Sources {
    int32_t inputs[kPasses], scales;
    const uint8_t *weights[2];
    const float *weightScale;
    int rows[2];
  };
  template <typename Tiles>
  INGOT_KERNEL_FUNCTION static Sources sourcesOf(const Tiles &tiles,
                                                 const CodeTile &tile,
                                                 int thread) {
    Sources s;
    int row = thread / kPieces;
#pragma unroll
    for (int i = 0; i < kPasses; ++i) {
      int t = row + i * kRowsAtOnce;
      s.inputs[i] = t < tile.count ? tiles.inputOf(tile, t) : -1;
    }
    s.scales = thread < tile.count ? tiles.inputOf(tile, thread) : -1;
    s.weightScale = nullptr;
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      CodeRows matrix = tiles.matrix(tile, matrixOf(half));
      int64_t first = rowOf(tile, half);
      s.weights[half] =
          matrix.codes + (first + row) * K + thread % kPieces * 16;
      s.rows[half] = static_cast<int>(N - first < kCodeRows ? N - first
                                                            : kCodeRows);
      if (thread == half && first < N)
        s.weightScale =
            matrix.scales + first / W.blockRows * ceilDiv(K, W.blockColumns);
    }
    return s;
  }

  /// Begins to copy a stage. A row's pieces change places, by the last bits of
  /// its number, so that eight rows of one column lie in all banks.
  INGOT_KERNEL_FUNCTION void copyStage(const CodeRows &inputs,
                                       const Sources &s, int thread, int chunk,
                                       int stage) const {
    int row = thread / kPieces, piece = thread % kPieces;
    int64_t column = static_cast<int64_t>(chunk) * kCodeColumns;
    char *to = codes(stage, row) + (piece ^ row % 8) * 16;
#pragma unroll
    for (int i = 0; i < kPasses; ++i)
      if (s.inputs[i] >= 0)
        copyAsync16(to + i * kRowsAtOnce * kCodeColumns,
                    inputs.codes + s.inputs[i] * K + column + piece * 16);
#pragma unroll
    for (int half = 0; half < 2; ++half)
#pragma unroll
      for (int i = 0; i < kPasses; ++i)
        if (row + i * kRowsAtOnce < s.rows[half])
          copyAsync16(to + (kCodeTokens + half * kCodeRows + i * kRowsAtOnce) *
                               kCodeColumns,
                      s.weights[half] + i * kRowsAtOnce * K + column);
    if (s.scales >= 0)
      copyAsync4(scales(stage) + thread,
                 inputs.scales + s.scales * static_cast<int64_t>(kChunks) +
                     chunk);
    if (s.weightScale)
      copyAsync4(scales(stage) + kCodeTokens + thread,
                 s.weightScale + column / W.blockColumns);
  }

  template <typename Tiles>
  INGOT_KERNEL_FUNCTION void copyTiles(const Tiles &tiles, int64_t block) {
    int thread = threadIndex() - kMultiplying * kWarpgroup;
    // Stages that were begun.
    int begun = 0;
    for (int64_t index = block; index < tiles.count(); index += C.blocks) {
      Sources sources = sourcesOf(tiles, tiles.tile(index), thread);
#pragma unroll 1
      for (int chunk = 0; chunk < kChunks; ++chunk, ++begun) {
        int stage = begun % kStages;
        if (begun >= kStages)
          waitAt(free(stage), (begun / kStages - 1) % 2);
        copyStage(tiles.inputs, sources, thread, chunk, stage);
        commitCopies();
        if (begun >= kAhead) {
          waitForCopies<kAhead>();
          fenceForProducts();
          arriveAt(full((begun - kAhead) % kStages));
        }
      }
    }
    waitForCopies<0>();
    fenceForProducts();
    for (int i = begun < kAhead ? 0 : begun - kAhead; i < begun; ++i)
      arriveAt(full(i % kStages));
  }

  template <typename Tiles, typename Emit>
  INGOT_KERNEL_FUNCTION void multiplyTiles(const Tiles &tiles, int64_t block,
                                           Emit emit) {
    int done = 0;
    for (int64_t index = block; index < tiles.count(); index += C.blocks) {
      CodeTile tile = tiles.tile(index);
      if (tile.count > kCodeTokens / kMultiplying)
        multiplyTile<kCodeRows>(tiles, tile, done, emit);
      else
        multiplyTile<kCodeRows / kMultiplying>(tiles, tile, done, emit);
      done += kChunks;
    }
  }

  /// Of 8 rows by 128 bytes, in the pattern that copyStage makes, one behind
  /// the other.
  INGOT_KERNEL_FUNCTION static uint64_t descriptor(const char *codes) {
    constexpr uint64_t kSwizzle128 = 1;
    return sharedAddress(codes) / 16 | uint64_t(kCodePattern / 16) << 32 |
           kSwizzle128 << 62;
  }

  /// The warpgroup's share: 64 tokens of a tile with `Columns` rows of each
  /// half of its weights.
  template <int Columns, typename Tiles, typename Emit>
  INGOT_KERNEL_FUNCTION void multiplyTile(const Tiles &tiles,
                                          const CodeTile &tile, int done,
                                          Emit emit) const {
    constexpr int kSums = Columns / 2;
    constexpr bool kOwnTokens = Columns == kCodeRows;
    int group = threadIndex() / kWarpgroup;
    int ownTokens = kOwnTokens ? group * 64 : 0,
        ownRows = kOwnTokens ? 0 : group * Columns;
    int t = ownTokens + warpIndex() % 4 * 16 + laneIndex() / 4;
    float totals[2][kSums] = {};
#pragma unroll 1
    for (int chunk = 0; chunk < kChunks; ++chunk) {
      int stage = (done + chunk) % kStages;
      waitAt(full(stage), (done + chunk) / kStages % 2);
      uint64_t a = descriptor(codes(stage, ownTokens));
      const float *scale = scales(stage);
      float scaleOf[2] = {scale[t], scale[t + 8]};
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        float sums[kSums];
        uint64_t b = descriptor(
            codes(stage, kCodeTokens + half * kCodeRows + ownRows));
        beginProducts();
#pragma unroll
        for (int k = 0; k < kCodeColumns / 32; ++k)
          multiplyCodes(sums, a + k * 2, b + k * 2, k > 0);
        commitProducts();
        float weight = scale[kCodeTokens + half];
        float both[2] = {scaleOf[0] * weight, scaleOf[1] * weight};
        waitForProducts(sums);
        if (half == 1)
          arriveAt(free(stage));
#pragma unroll
        for (int i = 0; i < kSums; ++i)
          totals[half][i] =
              multiplyAdd(sums[i], both[i / 2 % 2], totals[half][i]);
      }
    }
    store<kSums>(tiles, tile, t, ownRows + laneIndex() % 4 * 2, totals, emit);
  }

  /// Sum i of a half is of token t, or t + 8, and of its row
  /// column + i / 4 * 8 + i % 2.
  template <int Sums, typename Tiles, typename Emit>
  INGOT_KERNEL_FUNCTION static void
  store(const Tiles &tiles, const CodeTile &tile, int t, int column,
        const float (&totals)[2][Sums], Emit emit) {
#pragma unroll
    for (int late = 0; late < 2; ++late) {
      if (t + late * 8 >= tile.count)
        continue;
      int64_t output = tiles.outputOf(tile, t + late * 8);
#pragma unroll
      for (int i = late * 2; i < Sums; i += 4) {
#pragma unroll
        for (int half = 0; half < 2 / Matrices; ++half) {
          int64_t n = rowOf(tile, half) + column + i / 4 * 8;
          float values[Matrices][2];
#pragma unroll
          for (int m = 0; m < Matrices; ++m) {
            values[m][0] = totals[half + m][i];
            values[m][1] = totals[half + m][i + 1];
          }
          if (n < N)
            emit(output, n, values);
        }
      }
    }
  }
};

/// Two neighbouring values of a row of results.
struct alignas(8) TwoFloats {
  float value[2];
};
INGOT_KERNEL_FUNCTION void storeTwo(float *to, float first, float second) {
  *reinterpret_cast<TwoFloats *>(to) = {{first, second}};
}

// Kernels have the names that plans have.
// NOLINTBEGIN(readability-identifier-naming)
template <kernels::Linear::Problem P, Fp8TileConfig C>
INGOT_KERNEL_FUNCTION void
linear_fp8_tiles(Tile tile, const uint8_t *codes, const float *codeScales,
                 const uint8_t *weights, const float *scales, const void *bias,
                 float *y, int64_t tokens) {
  waitForEarlierLaunches();
  Fp8Products<P.weight, P.n, P.k, 1, C>().run(
      Fp8DenseTiles<P.n, 1>{{codes, codeScales}, {{weights, scales}}, tokens},
      tile.x, [=](int64_t t, int64_t n, const float (&values)[1][2]) {
        auto value = [&](int i) {
          return withBias<P.biased, P.bias>(values[0][i], bias, n + i);
        };
        storeTwo(y + t * P.n + n, value(0), value(1));
      });
}

template <kernels::Linear::Problem P, Fp8TileConfig C>
INGOT_KERNEL_FUNCTION void
gated_linear_fp8_tiles(Tile tile, const uint8_t *codes, const float *codeScales,
                       const uint8_t *gate, const float *gateScales,
                       const uint8_t *up, const float *upScales, float *y,
                       int64_t tokens) {
  waitForEarlierLaunches();
  Fp8Products<P.weight, P.n, P.k, 2, C>().run(
      Fp8DenseTiles<P.n, 2>{
          {codes, codeScales}, {{gate, gateScales}, {up, upScales}}, tokens},
      tile.x, [=](int64_t t, int64_t n, const float (&values)[2][2]) {
        storeTwo(y + t * P.n + n, silu(values[0][0]) * values[1][0],
                 silu(values[0][1]) * values[1][1]);
      });
}

/// With the weights on the input, codes have a row for each slot.
template <kernels::ExpertsGrouped::Problem P, Fp8TileConfig C>
INGOT_KERNEL_FUNCTION void
experts_up_fp8_tiles(Tile tile, const uint8_t *codes, const float *codeScales,
                     const int32_t *starts, const int32_t *slots,
                     const void *const *gates, const void *const *gateScales,
                     const void *const *ups, const void *const *upScales,
                     float *hidden) {
  waitForEarlierLaunches();
  Fp8Products<P.weight, P.n, P.k, 2, C>().run(
      Fp8ExpertTiles<P.n, 2, P.experts, P.weightsOnInput ? 1 : P.topK>{
          {codes, codeScales},
          {gates, ups},
          {gateScales, upScales},
          starts,
          slots,
          nullptr},
      tile.x, [=](int64_t slot, int64_t n, const float (&values)[2][2]) {
        storeTwo(hidden + slot * P.n + n, silu(values[0][0]) * values[1][0],
                 silu(values[0][1]) * values[1][1]);
      });
}

template <kernels::ExpertsGrouped::Problem P, Fp8TileConfig C>
INGOT_KERNEL_FUNCTION void
experts_down_fp8_tiles(Tile tile, const uint8_t *codes, const float *codeScales,
                       const int32_t *starts, const int32_t *slots,
                       const void *const *downs, const void *const *downScales,
                       float *outputs) {
  waitForEarlierLaunches();
  Fp8Products<P.weight, P.n, P.k, 1, C>().run(
      Fp8ExpertTiles<P.n, 1, P.experts, 1>{
          {codes, codeScales}, {downs}, {downScales}, starts, slots, nullptr},
      tile.x, [=](int64_t slot, int64_t n, const float (&values)[1][2]) {
        storeTwo(outputs + slot * P.n + n, values[0][0], values[0][1]);
      });
}
// NOLINTEND(readability-identifier-naming)

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_FP8_TILES_CUH
