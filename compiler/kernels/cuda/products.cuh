//===- products.cuh - rows of weights times a few tokens --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What all products with weights share: see CudaProducts.h. A warp has `rows`
// rows of each matrix and every `slices`-th group of 32 pieces of them; a lane
// multiplies its piece with the inputs of each token, applies the scale of the
// piece's block, and adds up; lanes and then slices are summed last. Which
// operations make up a sum, and their order, does not depend on how many tokens
// there are. Inputs that are to be rounded are so on their way into shared
// memory, a run by a warp.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_PRODUCTS_CUH
#define INGOT_KERNELS_CUDA_PRODUCTS_CUH

#include "compiler/kernels/contract/CudaProducts.h"
#include "compiler/kernels/cuda/rounding.cuh"

namespace ingot::cuda {

using kernels::ProductConfig;

/// Where a matrix of weights begins, and its scales or null.
struct MatrixSource {
  const uint8_t *values;
  const float *scales;

  INGOT_KERNEL_FUNCTION MatrixSource(const void *values, const float *scales)
      : values(static_cast<const uint8_t *>(values)), scales(scales) {}
};

/// Gate is matrix 0, up matrix 1.
struct GateAndUp {
  MatrixSource gate, up;

  INGOT_KERNEL_FUNCTION MatrixSource operator()(int m, int = 0) const {
    return m == 0 ? gate : up;
  }
};

/// `Matrices` of [n, K] weights in one format. The inputs of a token are
/// `Segments` rows of K values, each rounded to `Inputs` and multiplied with
/// matrices of its own.
template <WeightFormat W, int64_t N, int64_t K, ProductConfig C, int Matrices,
          Format Inputs = Format::F32, int Segments = 1>
struct Products {
  static constexpr int kPiece = C.piece, kRows = C.rows;
  static constexpr int kBytes = W.bytes();
  static constexpr int64_t kGroup = C.group();
  static constexpr int64_t kSegment =
      kernels::paddedColumns(K, kGroup, Inputs);
  static constexpr int64_t kGroups = kSegment / kGroup;
  static constexpr int64_t kPadded = Segments * kSegment;
  /// Inputs that are read from shared memory at once.
  static constexpr int kUnit = kPiece < 4 ? kPiece : 4;
  static_assert(Inputs == Format::F32 || C.span % kInputRun == 0,
                "expects spans that end with a run");

  INGOT_KERNEL_FUNCTION static int slice() { return warpIndex() % C.slices; }
  /// The warp's first row in its block.
  INGOT_KERNEL_FUNCTION static int warpRow() {
    return warpIndex() / C.slices * kRows;
  }

  /// Where value k of a span is in shared memory: the values that lanes read
  /// together lie side by side.
  INGOT_KERNEL_FUNCTION static int place(int k) {
    int group = k / kGroup, in = k % kGroup;
    int lane = in / kPiece, value = in % kPiece;
    return group * kGroup + (value / kUnit * kWarp + lane) * kUnit +
           value % kUnit;
  }

  /// Copies the inputs from `begin` on into shared memory, zeros behind a
  /// segment. `inputs(t, j)` is row j of token t.
  template <int Tokens, typename Rows>
  INGOT_KERNEL_FUNCTION static void stage(int64_t begin, int64_t size,
                                          Rows inputs, float *shared) {
    if constexpr (Inputs == Format::F32)
      stageAsTheyAre<Tokens>(begin, size, inputs, shared);
    else
      for (int t = 0; t < Tokens; ++t)
        stageRounded(
            begin, size, [&](int j) { return inputs(t, j); },
            shared + t * C.span);
  }

  template <int Tokens, typename Rows>
  INGOT_KERNEL_FUNCTION static void stageAsTheyAre(int64_t begin, int64_t size,
                                                   Rows inputs, float *shared) {
    // As many values as lie side by side in both places.
    struct alignas(4 * kUnit) Unit {
      float value[kUnit];
    };
    for (int t = 0; t < Tokens; ++t)
#pragma unroll 4
      for (int64_t i = threadIndex() * kUnit; i < size;
           i += kernels::kBlockThreads * kUnit) {
        int64_t at = begin + i, j = at / kSegment, k = at % kSegment;
        Unit unit = {};
        if (k < K) {
          InputRow row = inputs(t, static_cast<int>(j));
          unit = *reinterpret_cast<const Unit *>(row.values + k);
        }
        *reinterpret_cast<Unit *>(shared + t * C.span +
                                  place(static_cast<int>(i))) = unit;
      }
  }

  /// The same of one token. Some runs are loaded before any of them is stored.
  template <typename Rows>
  INGOT_KERNEL_FUNCTION static void stageRounded(int64_t begin, int64_t size,
                                                 Rows inputs, float *shared) {
    constexpr int kWarps = kernels::kBlockThreads / kWarp, kBatch = 4;
    using Run = InputRun<kUnit>;
    for (int64_t first = warpIndex() * kInputRun; first < size;
         first += kBatch * kWarps * kInputRun) {
      Run runs[kBatch];
#pragma unroll
      for (int b = 0; b < kBatch; ++b) {
        int64_t at = begin + first + b * kWarps * kInputRun;
        if (at < begin + size)
          runs[b].load(inputs(static_cast<int>(at / kSegment)), at % kSegment,
                       K);
      }
#pragma unroll
      for (int b = 0; b < kBatch; ++b) {
        int64_t i = first + b * kWarps * kInputRun;
        if (i >= size)
          break;
        runs[b].template round<Inputs>();
#pragma unroll
        for (int u = 0; u < Run::kUnits; ++u)
          *reinterpret_cast<typename Run::Values *>(
              shared + place(static_cast<int>(i) + Run::place(u))) =
              runs[b].unit[u];
      }
    }
  }

  struct Pieces {
    Piece<kPiece * kBytes> of[Matrices][kRows];
  };

  /// The lane's pieces of group `group` of all segments.
  template <typename Sources>
  INGOT_KERNEL_FUNCTION static void load(int64_t group, int64_t row,
                                         Sources sources, Pieces &pieces) {
    int64_t k = group % kGroups * kGroup + laneIndex() * kPiece;
    bool inside = group < Segments * kGroups && k < K;
#pragma unroll
    for (int m = 0; m < Matrices; ++m) {
      MatrixSource source =
          sources(m, inside ? static_cast<int>(group / kGroups) : 0);
#pragma unroll
      for (int r = 0; r < kRows; ++r) {
        pieces.of[m][r].clear();
        if (inside && row + r < N)
          pieces.of[m][r].load(source.values + ((row + r) * K + k) * kBytes);
      }
    }
  }

  /// Adds the products of one group.
  template <int Tokens, typename Sources, typename Factor>
  INGOT_KERNEL_FUNCTION static void
  multiply(int64_t group, int64_t row, const Pieces &pieces, Sources sources,
           Factor factor, const float *inputs,
           float (&sums)[Matrices][kRows][Tokens]) {
    float weights[Matrices][kRows][kPiece];
    float scales[Matrices][kRows];
    int64_t k = group % kGroups * kGroup + laneIndex() * kPiece;
    int j = static_cast<int>(group / kGroups);
#pragma unroll
    for (int m = 0; m < Matrices; ++m)
#pragma unroll
      for (int r = 0; r < kRows; ++r) {
        decode<W.format, kPiece>(pieces.of[m][r], weights[m][r]);
        scales[m][r] = factor(j);
        if constexpr (W.scaled())
          if (k < K && row + r < N)
            scales[m][r] *= scaleOf<W, K>(sources(m, j).scales, row + r, k);
      }
#pragma unroll
    for (int t = 0; t < Tokens; ++t) {
      float x[kPiece];
#pragma unroll
      for (int i = 0; i < kPiece; ++i)
        x[i] = inputs[t * C.span + (i / kUnit * kWarp + laneIndex()) * kUnit +
                      i % kUnit];
#pragma unroll
      for (int m = 0; m < Matrices; ++m)
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
          float sum = 0;
#pragma unroll
          for (int i = 0; i < kPiece; ++i)
            sum = multiplyAdd(weights[m][r][i], x[i], sum);
          sums[m][r][t] = multiplyAdd(scales[m][r], sum, sums[m][r][t]);
        }
    }
  }

  /// Calls `emit(row, t, values)` with the products of each of the block's
  /// rows, from `firstRow` on, and of tokens below `count`, at most Tokens.
  /// `factor(j)` is what the products of segment j are multiplied by.
  template <int Tokens, typename Rows, typename Sources, typename Factor,
            typename Emit>
  INGOT_KERNEL_FUNCTION static void run(int64_t firstRow, int count,
                                        Rows inputs, Sources sources,
                                        Factor factor, Emit emit) {
    float *shared = static_cast<float *>(sharedMemory());
    float sums[Matrices][kRows][Tokens];
#pragma unroll
    for (int m = 0; m < Matrices; ++m)
#pragma unroll
      for (int r = 0; r < kRows; ++r)
#pragma unroll
        for (int t = 0; t < Tokens; ++t)
          sums[m][r][t] = 0;
    int64_t row = firstRow + warpRow();
    Pieces pieces;
    load(slice(), row, sources, pieces);
    for (int64_t begin = 0; begin < kPadded; begin += C.span) {
      int64_t size = kPadded - begin < C.span ? kPadded - begin : C.span;
      syncThreads();
      stage<Tokens>(
          begin, size,
          [&](int t, int j) {
            return InputRow(inputs(t < count ? t : count - 1, j));
          },
          shared);
      syncThreads();
      for (int64_t g = slice(); g * kGroup < size; g += C.slices) {
        int64_t group = begin / kGroup + g;
        Pieces next;
        load(group + C.slices, row, sources, next);
        multiply<Tokens>(group, row, pieces, sources, factor,
                         shared + g * kGroup, sums);
        pieces = next;
      }
    }
    sumUp<Tokens>(firstRow, count, sums, shared + C.tokens * C.span, emit);
  }

  template <int Tokens, typename Emit>
  INGOT_KERNEL_FUNCTION static void
  sumUp(int64_t firstRow, int count, float (&sums)[Matrices][kRows][Tokens],
        float *room, Emit emit) {
    // room[row of the block][matrix][token][slice]
#pragma unroll
    for (int m = 0; m < Matrices; ++m)
#pragma unroll
      for (int r = 0; r < kRows; ++r)
#pragma unroll
        for (int t = 0; t < Tokens; ++t) {
          float sum = sumOfLanes(sums[m][r][t]);
          if (laneIndex() == 0)
            room[(((warpRow() + r) * Matrices + m) * Tokens + t) * C.slices +
                 slice()] = sum;
        }
    syncThreads();
    constexpr int kRowsOfBlock = C.rowsOfBlock();
    for (int i = threadIndex(); i < kRowsOfBlock * count;
         i += kernels::kBlockThreads) {
      int r = i % kRowsOfBlock, t = i / kRowsOfBlock;
      if (firstRow + r >= N)
        continue;
      float values[Matrices];
#pragma unroll
      for (int m = 0; m < Matrices; ++m) {
        values[m] = 0;
#pragma unroll
        for (int s = 0; s < C.slices; ++s)
          values[m] += room[((r * Matrices + m) * Tokens + t) * C.slices + s];
      }
      emit(firstRow + r, t, values);
    }
  }

  /// As `run`, for `count` tokens, at least one and at most C.tokens.
  template <typename Rows, typename Sources, typename Factor, typename Emit>
  INGOT_KERNEL_FUNCTION static void runTokens(int64_t firstRow, int count,
                                              Rows inputs, Sources sources,
                                              Factor factor, Emit emit) {
    if (C.tokens == 1 || count == 1)
      return run<1>(firstRow, count, inputs, sources, factor, emit);
    if constexpr (C.tokens >= 4)
      if (count <= 4)
        return run<4>(firstRow, count, inputs, sources, factor, emit);
    if constexpr (C.tokens > 4 || C.tokens == 2)
      return run<C.tokens>(firstRow, count, inputs, sources, factor, emit);
  }

  /// Has the block's rows of a matrix brought nearer while earlier launches
  /// end.
  INGOT_KERNEL_FUNCTION static void prefetch(const void *matrix,
                                             int64_t firstRow) {
    if constexpr (K * kBytes % 16 == 0) {
      int64_t rows =
          N - firstRow < C.rowsOfBlock() ? N - firstRow : C.rowsOfBlock();
      if (threadIndex() == 0 && rows > 0)
        prefetchL2(static_cast<const uint8_t *>(matrix) + firstRow * K * kBytes,
                   static_cast<uint32_t>(rows * K * kBytes));
    }
  }
};

/// What products are multiplied by where nothing is.
struct NoFactor {
  INGOT_KERNEL_FUNCTION float operator()(int) const { return 1.0f; }
};

/// How many of `tokens` are in tile `index` of `size`.
INGOT_KERNEL_FUNCTION int tokensOfTile(int64_t tokens, int64_t index,
                                       int64_t size) {
  int64_t left = tokens - index * size;
  return static_cast<int>(left < size ? left : size);
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_PRODUCTS_CUH
