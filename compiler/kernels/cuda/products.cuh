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

  INGOT_KERNEL_FUNCTION MatrixSource operator()(int m) const {
    return m == 0 ? gate : up;
  }
};

/// `Matrices` of [n, K] weights in one format. The inputs of a token are a row
/// of K values, each rounded to `Inputs`.
template <WeightFormat W, int64_t N, int64_t K, ProductConfig C, int Matrices,
          Format Inputs = Format::F32>
struct Products {
  static constexpr int kPiece = C.piece, kRows = C.rows;
  static constexpr int kBytes = W.bytes();
  static constexpr int64_t kGroup = C.group();
  static constexpr int64_t kPadded = kernels::paddedColumns(K, kGroup, Inputs);
  /// Inputs that are read from shared memory at once.
  static constexpr int kUnit = kPiece < 4 ? kPiece : 4;
  static_assert(Inputs == Format::F32 || C.span % kInputRun == 0,
                "expects spans that end with a run");
  static_assert(C.span % (C.stride() * C.ahead) == 0,
                "expects spans that end with what is read ahead");

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

  /// Copies the inputs from `begin` on into shared memory, zeros behind them.
  /// `inputs(t)` is the row of token t.
  template <int Tokens, typename Rows>
  INGOT_KERNEL_FUNCTION static void stage(int64_t begin, int64_t size,
                                          Rows inputs, float *shared) {
    if constexpr (Inputs == Format::F32)
      stageAsTheyAre<Tokens>(begin, size, inputs, shared);
    else
      for (int t = 0; t < Tokens; ++t)
        stageRounded(begin, size, inputs(t), shared + t * C.span);
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
        Unit unit = {};
        if (begin + i < K)
          unit =
              *reinterpret_cast<const Unit *>(inputs(t).values + begin + i);
        *reinterpret_cast<Unit *>(shared + t * C.span +
                                  place(static_cast<int>(i))) = unit;
      }
  }

  /// The same of one token. Some runs are loaded before any of them is stored.
  INGOT_KERNEL_FUNCTION static void stageRounded(int64_t begin, int64_t size,
                                                 InputRow row, float *shared) {
    constexpr int kWarps = kernels::kBlockThreads / kWarp, kBatch = 4;
    using Run = InputRun<kUnit>;
    for (int64_t first = warpIndex() * kInputRun; first < size;
         first += kBatch * kWarps * kInputRun) {
      Run runs[kBatch];
#pragma unroll
      for (int b = 0; b < kBatch; ++b) {
        int64_t at = begin + first + b * kWarps * kInputRun;
        if (at < begin + size)
          runs[b].load(row, at, K);
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

  /// What a lane has of a group of columns.
  struct Group {
    Piece<kPiece * kBytes> pieces[Matrices][kRows];
    float scales[Matrices][kRows];
  };

  /// `sources(m)` is matrix m.
  template <typename Sources>
  INGOT_KERNEL_FUNCTION static void load(int64_t group, int64_t row,
                                         Sources sources, Group &own) {
    int64_t k = group * kGroup + laneIndex() * kPiece;
#pragma unroll
    for (int m = 0; m < Matrices; ++m)
#pragma unroll
      for (int r = 0; r < kRows; ++r) {
        own.pieces[m][r].clear();
        own.scales[m][r] = 1;
        if (k >= K || row + r >= N)
          continue;
        MatrixSource source = sources(m);
        own.pieces[m][r].load(source.values + ((row + r) * K + k) * kBytes);
        if constexpr (W.scaled())
          own.scales[m][r] = scaleOf<W, K>(source.scales, row + r, k);
      }
  }

  /// Adds the products of one group.
  template <int Tokens>
  INGOT_KERNEL_FUNCTION static void
  multiply(const Group &own, const float *inputs,
           float (&sums)[Matrices][kRows][Tokens]) {
    float weights[Matrices][kRows][kPiece];
#pragma unroll
    for (int m = 0; m < Matrices; ++m)
#pragma unroll
      for (int r = 0; r < kRows; ++r)
        decode<W.format, kPiece>(own.pieces[m][r], weights[m][r]);
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
          sums[m][r][t] = multiplyAdd(own.scales[m][r], sum, sums[m][r][t]);
        }
    }
  }

  /// Calls `emit(row, t, values)` with the products of each of the block's
  /// rows, from `firstRow` on, and of tokens below `count`, at most Tokens.
  /// Waits for earlier launches when weights are under way.
  template <int Tokens, typename Rows, typename Sources, typename Emit>
  INGOT_KERNEL_FUNCTION static void run(int64_t firstRow, int count,
                                        Rows inputs, Sources sources,
                                        Emit emit) {
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
    Group groups[C.ahead];
#pragma unroll
    for (int i = 0; i < C.ahead; ++i)
      load(slice() + i * C.slices, row, sources, groups[i]);
    waitForEarlierLaunches();
    for (int64_t begin = 0; begin < kPadded; begin += C.span) {
      int64_t size = kPadded - begin < C.span ? kPadded - begin : C.span;
      syncThreads();
      stage<Tokens>(
          begin, size,
          [&](int t) { return InputRow(inputs(t < count ? t : count - 1)); },
          shared);
      syncThreads();
      for (int64_t base = slice(); base * kGroup < size;
           base += C.ahead * C.slices)
#pragma unroll
        for (int i = 0; i < C.ahead; ++i) {
          int64_t g = base + i * C.slices;
          if (C.ahead > 1 && g * kGroup >= size)
            break;
          multiply<Tokens>(groups[i], shared + g * kGroup, sums);
          load(begin / kGroup + g + C.ahead * C.slices, row, sources,
               groups[i]);
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
  template <typename Rows, typename Sources, typename Emit>
  INGOT_KERNEL_FUNCTION static void runTokens(int64_t firstRow, int count,
                                              Rows inputs, Sources sources,
                                              Emit emit) {
    if (C.tokens == 1 || count == 1)
      return run<1>(firstRow, count, inputs, sources, emit);
    if constexpr (C.tokens >= 4)
      if (count <= 4)
        return run<4>(firstRow, count, inputs, sources, emit);
    if constexpr (C.tokens > 4 || C.tokens == 2)
      return run<C.tokens>(firstRow, count, inputs, sources, emit);
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

/// How many of `tokens` are in tile `index` of `size`.
INGOT_KERNEL_FUNCTION int tokensOfTile(int64_t tokens, int64_t index,
                                       int64_t size) {
  int64_t left = tokens - index * size;
  return static_cast<int>(left < size ? left : size);
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_PRODUCTS_CUH
