//===- tiled.cuh - products with many tokens --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See CudaTiles.h. Eight warps stand in 4 rows of 2: each multiplies 32 rows of
// the block's weights with 32 of its tokens, 16 by 8 at a time. Sums of 128
// columns at most come from the tensor cores and are then scaled and added in
// float32.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_TILED_CUH
#define INGOT_KERNELS_CUDA_TILED_CUH

#include "compiler/kernels/contract/CudaTiles.h"
#include "compiler/kernels/cuda/experts.cuh"

namespace ingot::cuda {

using kernels::kTileColumns;
using kernels::kTileInputRows;
using kernels::kTilePitch;
using kernels::kTileWeightRows;

/// A row of inputs that have been made codes: see QuantizeInputs.h.
struct CodedRow {
  const uint8_t *codes;
  const float *scales;
};

/// `Matrices` of [N, K] in one format, with inputs that are rounded to `Inputs`:
/// E4M3 stands for codes.
template <WeightFormat W, int64_t N, int64_t K, int Matrices, Format Inputs>
struct TiledProducts {
  static constexpr bool kCoded = Inputs == Format::F8E4M3;
  /// Whether an input is the sum of two bf16 values.
  static constexpr bool kSplit = Inputs == Format::F32;
  static constexpr int kThreads = kernels::kBlockThreads;
  static constexpr int kBytes = W.bytes();
  static constexpr int kPiece = 16 / kBytes;
  static constexpr int kRows = kTileWeightRows / Matrices;
  static constexpr int kPiecesOfRow = kTileColumns / kPiece;
  static constexpr int kPieces = kTileWeightRows * kPiecesOfRow / kThreads;
  /// Inputs that a thread loads at once, and how many times.
  static constexpr int kUnit = kCoded ? 16 : 4;
  static constexpr int kUnits = kTileColumns / kUnit;
  static constexpr int kOwnUnits = kTileInputRows * kUnits / kThreads;
  /// Columns after which sums leave the tensor cores.
  static constexpr int kStretch =
      W.scaled() && W.blockColumns < 128 ? int(W.blockColumns) : 128;

  /// Four values or sixteen codes.
  union alignas(16) Unit {
    float value[4];
    uint32_t word[4];
  };
  struct alignas(16) FourWords {
    uint32_t word[4];
  };
  struct alignas(8) TwoWords {
    uint32_t word[2];
  };

  uint16_t *weights, *high, *low;

  INGOT_KERNEL_FUNCTION TiledProducts() {
    weights = static_cast<uint16_t *>(sharedMemory());
    high = weights + kTileWeightRows * kTilePitch;
    low = high + kTileInputRows * kTilePitch;
  }

  /// Of row `r` in shared memory: which matrix it belongs to, and its row
  /// there. Sixteen rows of one and sixteen of the other take turns, so that a
  /// warp has both of a row.
  INGOT_KERNEL_FUNCTION static int matrixOf(int r) {
    return Matrices == 1 ? 0 : r / 16 % 2;
  }
  INGOT_KERNEL_FUNCTION static int rowOf(int r) {
    return Matrices == 1 ? r : r / 32 * 16 + r % 16;
  }

  /// What a thread brings of a chunk: pieces of weights, and inputs.
  struct Chunk {
    Piece<16> weights[kPieces];
    Unit inputs[kOwnUnits];
  };

  /// `inputs(t)` is the row of token t, an InputRow or a CodedRow; those from
  /// `count` on are zero.
  template <typename Rows, typename Sources>
  INGOT_KERNEL_FUNCTION static void load(int64_t begin, int64_t firstRow,
                                         int count, Rows inputs,
                                         Sources sources, Chunk &chunk) {
    loadWeights(begin, firstRow, sources, chunk);
    loadInputs(begin, count, inputs, chunk);
  }
  template <typename Sources>
  INGOT_KERNEL_FUNCTION static void loadWeights(int64_t begin, int64_t firstRow,
                                                Sources sources, Chunk &chunk) {
#pragma unroll
    for (int i = 0; i < kPieces; ++i) {
      int index = threadIndex() + i * kThreads;
      int r = index / kPiecesOfRow;
      int64_t k = begin + index % kPiecesOfRow * kPiece;
      int64_t row = firstRow + rowOf(r);
      chunk.weights[i].clear();
      if (row < N && k < K)
        chunk.weights[i].load(sources(matrixOf(r)).values +
                              (row * K + k) * kBytes);
    }
  }
  template <typename Rows>
  INGOT_KERNEL_FUNCTION static void loadInputs(int64_t begin, int count,
                                               Rows inputs, Chunk &chunk) {
#pragma unroll
    for (int i = 0; i < kOwnUnits; ++i) {
      int index = threadIndex() + i * kThreads;
      int t = index / kUnits;
      int64_t k = begin + index % kUnits * kUnit;
      chunk.inputs[i] = {};
      if (t < count && k < K)
        loadUnit(inputs(t), k, chunk.inputs[i]);
    }
  }
  INGOT_KERNEL_FUNCTION static void loadUnit(CodedRow row, int64_t k,
                                             Unit &unit) {
    unit = *reinterpret_cast<const Unit *>(row.codes + k);
  }
  INGOT_KERNEL_FUNCTION static void loadUnit(InputRow row, int64_t k,
                                             Unit &unit) {
    unit = *reinterpret_cast<const Unit *>(row.values + k);
    if constexpr (!kSplit) {
#pragma unroll
      for (int i = 0; i < 4; ++i)
        unit.value[i] *= row.factor;
    }
  }

  /// Two values that bf16 has exactly.
  INGOT_KERNEL_FUNCTION static uint32_t pack(float first, float second) {
    return floatToBits(first) >> 16 | (floatToBits(second) & 0xFFFF0000u);
  }
  /// What is left of a value.
  INGOT_KERNEL_FUNCTION static float split(float value, float &rest) {
    float most = roundedToBf16(value);
    rest = roundedToBf16(value - most);
    return most;
  }

  INGOT_KERNEL_FUNCTION void store(const Chunk &chunk) {
    storeWeights(chunk);
    storeInputs(chunk);
  }
  INGOT_KERNEL_FUNCTION void storeWeights(const Chunk &chunk) {
#pragma unroll
    for (int i = 0; i < kPieces; ++i) {
      int index = threadIndex() + i * kThreads;
      float values[kPiece];
      decode<W.format, kPiece>(chunk.weights[i], values);
      storeExact(values, weights + index / kPiecesOfRow * kTilePitch +
                             index % kPiecesOfRow * kPiece);
    }
  }
  INGOT_KERNEL_FUNCTION void storeInputs(const Chunk &chunk) {
#pragma unroll
    for (int i = 0; i < kOwnUnits; ++i) {
      int index = threadIndex() + i * kThreads;
      storeUnit(chunk.inputs[i],
                index / kUnits * kTilePitch + index % kUnits * kUnit);
    }
  }

  /// Values that bf16 has exactly.
  template <int Count>
  INGOT_KERNEL_FUNCTION static void storeExact(const float (&values)[Count],
                                               uint16_t *to) {
#pragma unroll
    for (int j = 0; j < Count; j += 8)
      reinterpret_cast<FourWords *>(to)[j / 8] = {
          {pack(values[j], values[j + 1]), pack(values[j + 2], values[j + 3]),
           pack(values[j + 4], values[j + 5]),
           pack(values[j + 6], values[j + 7])}};
  }

  INGOT_KERNEL_FUNCTION void storeUnit(const Unit &unit, int at) {
    if constexpr (kCoded) {
      Piece<16> piece;
#pragma unroll
      for (int j = 0; j < 4; ++j)
        piece.word[j] = unit.word[j];
      float values[16];
      decode<Format::F8E4M3, 16>(piece, values);
      storeExact(values, high + at);
    } else {
      float most[4], rest[4];
#pragma unroll
      for (int j = 0; j < 4; ++j)
        most[j] = split(unit.value[j], rest[j]);
      *reinterpret_cast<TwoWords *>(high + at) = {
          {pack(most[0], most[1]), pack(most[2], most[3])}};
      if constexpr (kSplit)
        *reinterpret_cast<TwoWords *>(low + at) = {
            {pack(rest[0], rest[1]), pack(rest[2], rest[3])}};
    }
  }

  /// Two neighbouring values.
  INGOT_KERNEL_FUNCTION static uint32_t pair(const uint16_t *from) {
    return *reinterpret_cast<const uint32_t *>(from);
  }

  INGOT_KERNEL_FUNCTION static int warpRows() { return warpIndex() / 2 * 32; }
  INGOT_KERNEL_FUNCTION static int warpTokens() { return warpIndex() % 2 * 32; }

  /// Adds the products of what is in shared memory.
  INGOT_KERNEL_FUNCTION void multiply(float (&sums)[2][4][4]) {
    int row = warpRows() + laneIndex() / 4,
        token = warpTokens() + laneIndex() / 4;
#pragma unroll
    for (int k = 0; k < kTileColumns; k += 16) {
      int column = k + laneIndex() % 4 * 2;
      uint32_t a[2][4];
#pragma unroll
      for (int m = 0; m < 2; ++m)
#pragma unroll
        for (int i = 0; i < 4; ++i)
          a[m][i] = pair(weights + (row + m * 16 + i % 2 * 8) * kTilePitch +
                         column + i / 2 * 8);
#pragma unroll
      for (int n = 0; n < 4; ++n) {
        int at = (token + n * 8) * kTilePitch + column;
        uint32_t more[2] = {pair(high + at), pair(high + at + 8)};
        if constexpr (kSplit) {
          uint32_t less[2] = {pair(low + at), pair(low + at + 8)};
#pragma unroll
          for (int m = 0; m < 2; ++m)
            multiplyTiles(sums[m][n], a[m], less);
        }
#pragma unroll
        for (int m = 0; m < 2; ++m)
          multiplyTiles(sums[m][n], a[m], more);
      }
    }
  }

  /// Which row of the block's weights and which token sum [m][n][i] belongs to.
  INGOT_KERNEL_FUNCTION static int rowOfSum(int m, int i) {
    return warpRows() + m * 16 + laneIndex() / 4 + i / 2 * 8;
  }
  INGOT_KERNEL_FUNCTION static int tokenOfSum(int n, int i) {
    return warpTokens() + n * 8 + laneIndex() % 4 * 2 + i % 2;
  }

  /// Calls `emit(row, t, values)` with the products of each of the block's
  /// rows, from `firstRow` on, and of tokens below `count`.
  template <typename Rows, typename Sources, typename Emit>
  INGOT_KERNEL_FUNCTION void run(int64_t firstRow, int count, Rows inputs,
                                 Sources sources, Emit emit) {
    float totals[2][4][4] = {}, sums[2][4][4] = {};
    Chunk chunk;
    load(0, firstRow, count, inputs, sources, chunk);
    for (int64_t begin = 0; begin < K; begin += kTileColumns) {
      syncThreads();
      store(chunk);
      syncThreads();
      if (begin + kTileColumns < K)
        load(begin + kTileColumns, firstRow, count, inputs, sources, chunk);
      multiply(sums);
      if ((begin + kTileColumns) % kStretch == 0 || begin + kTileColumns >= K)
        promote(firstRow, begin, count, inputs, sources, sums, totals);
    }
#pragma unroll
    for (int n = 0; n < 4; ++n)
#pragma unroll
      for (int i = 0; i < 4; ++i)
        emitSum(firstRow, n, i, count, totals, emit);
  }

  template <typename Rows, typename Sources>
  INGOT_KERNEL_FUNCTION static void
  promote(int64_t firstRow, int64_t column, int count, Rows inputs,
          Sources sources, float (&sums)[2][4][4], float (&totals)[2][4][4]) {
    // Of the lane's tokens in this run of columns.
    float inputScales[4][2];
    if constexpr (kCoded) {
#pragma unroll
      for (int n = 0; n < 4; ++n)
#pragma unroll
        for (int i = 0; i < 2; ++i) {
          int t = tokenOfSum(n, i);
          inputScales[n][i] =
              t < count ? inputs(t).scales[column / kInputRun] : 1.0f;
        }
    }
#pragma unroll
    for (int m = 0; m < 2; ++m)
#pragma unroll
      for (int half = 0; half < 2; ++half) {
        int r = rowOfSum(m, half * 2);
        int64_t row = firstRow + rowOf(r);
        float scale = 1;
        if constexpr (W.scaled())
          if (row < N)
            scale = scaleOf<W, K>(sources(matrixOf(r)).scales, row, column);
#pragma unroll
        for (int n = 0; n < 4; ++n)
#pragma unroll
          for (int i = half * 2; i < half * 2 + 2; ++i) {
            float both = scale;
            if constexpr (kCoded)
              both *= inputScales[n][i % 2];
            totals[m][n][i] = multiplyAdd(both, sums[m][n][i], totals[m][n][i]);
            sums[m][n][i] = 0;
          }
      }
  }

  template <typename Emit>
  INGOT_KERNEL_FUNCTION static void
  emitSum(int64_t firstRow, int n, int i, int count,
          const float (&totals)[2][4][4], Emit emit) {
    int t = tokenOfSum(n, i);
    if (t >= count)
      return;
    if constexpr (Matrices == 2) {
      int64_t row = firstRow + rowOf(rowOfSum(0, i));
      float values[2] = {totals[0][n][i], totals[1][n][i]};
      if (row < N)
        emit(row, t, values);
    } else {
#pragma unroll
      for (int m = 0; m < 2; ++m) {
        int64_t row = firstRow + rowOfSum(m, i);
        float values[1] = {totals[m][n][i]};
        if (row < N)
          emit(row, t, values);
      }
    }
  }
};

template <kernels::Linear::Problem P, OnCuda<kernels::LinearTiled>::Config C>
INGOT_KERNEL_FUNCTION void
linear_tiled(Tile tile, const float *x, const int32_t *, const void *weights,
             const float *scales, const void *bias, float *y, int64_t tokens) {
  using Body = TiledProducts<P.weight, P.n, P.k, 1, P.inputs>;
  waitForEarlierLaunches();
  int64_t t0 = tile.y * kTileInputRows;
  Body().run(
      tile.x * C.rows, tokensOfTile(tokens, tile.y, kTileInputRows),
      [&](int t) { return InputRow(x + (t0 + t) * P.k); },
      [&](int) { return MatrixSource(weights, scales); },
      [&](int64_t n, int t, const float (&sums)[1]) {
        y[(t0 + t) * P.n + n] = withBias<P.biased, P.bias>(sums[0], bias, n);
      });
}

template <kernels::Linear::Problem P,
          OnCuda<kernels::GatedLinearTiled>::Config C>
INGOT_KERNEL_FUNCTION void
gated_linear_tiled(Tile tile, const float *x, const void *gate,
                   const float *gateScales, const void *up,
                   const float *upScales, float *y, int64_t tokens) {
  using Body = TiledProducts<P.weight, P.n, P.k, 2, P.inputs>;
  waitForEarlierLaunches();
  int64_t t0 = tile.y * kTileInputRows;
  Body().run(
      tile.x * C.rows, tokensOfTile(tokens, tile.y, kTileInputRows),
      [&](int t) { return InputRow(x + (t0 + t) * P.k); },
      GateAndUp{{gate, gateScales}, {up, upScales}},
      [&](int64_t n, int t, const float (&sums)[2]) {
        y[(t0 + t) * P.n + n] = silu(sums[0]) * sums[1];
      });
}

template <kernels::ExpertsGrouped::Problem P,
          OnCuda<kernels::ExpertsUpTiled>::Config C>
INGOT_KERNEL_FUNCTION void
experts_up_tiled(Tile tile, const float *x, const int32_t *starts,
                 const int32_t *slots, const void *const *gates,
                 const void *const *gateScales, const void *const *ups,
                 const void *const *upScales, const float *weights,
                 float *hidden) {
  using Body = TiledProducts<P.weight, P.n, P.k, 2, P.inputs>;
  waitForEarlierLaunches();
  GatedExpertTable<P.weight> table{{gates, gateScales}, {ups, upScales}};
  GateAndUp matrices = table.of(tile.y);
  constexpr bool kBefore = weighsBefore(P);
  forSlots<kTileInputRows>(starts, tile.y, [&](int at, int count) {
    Body().run(
        tile.x * C.rows, count,
        [&](int t) {
          int slot = slots[at + t];
          return InputRow(x + slot / P.topK * P.k,
                          kBefore ? weights[slot] : 1.0f);
        },
        matrices,
        [&](int64_t n, int t, const float (&sums)[2]) {
          int64_t slot = slots[at + t];
          float weight = P.weightsOnInput && !kBefore ? weights[slot] : 1.0f;
          hidden[slot * P.n + n] = silu(sums[0] * weight) * (sums[1] * weight);
        });
  });
}

template <kernels::ExpertsGrouped::Problem P,
          OnCuda<kernels::ExpertsDownTiled>::Config C>
INGOT_KERNEL_FUNCTION void
experts_down_tiled(Tile tile, const float *hidden, const int32_t *starts,
                   const int32_t *slots, const void *const *downs,
                   const void *const *downScales, float *outputs) {
  using Body = TiledProducts<P.weight, P.n, P.k, 1, P.inputs>;
  waitForEarlierLaunches();
  MatrixSource down = ExpertTable<P.weight>{downs, downScales}.of(tile.y);
  forSlots<kTileInputRows>(starts, tile.y, [&](int at, int count) {
    Body().run(
        tile.x * C.rows, count,
        [&](int t) {
          return InputRow(hidden + static_cast<int64_t>(slots[at + t]) * P.k);
        },
        [&](int) { return down; },
        [&](int64_t n, int t, const float (&sums)[1]) {
          outputs[static_cast<int64_t>(slots[at + t]) * P.n + n] = sums[0];
        });
  });
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_TILED_CUH
