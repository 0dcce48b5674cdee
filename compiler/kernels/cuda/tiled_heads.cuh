//===- tiled_heads.cuh - heads times a latent, many tokens ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What latent_heads.cuh computes, by tensor cores: a head's rows of kv_b times 64
// tokens of that head.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_TILED_HEADS_CUH
#define INGOT_KERNELS_CUDA_TILED_HEADS_CUH

#include "compiler/kernels/contract/CudaTiledHeads.h"
#include "compiler/kernels/cuda/tiled.cuh"

namespace ingot::cuda {

/// As project_value.
template <kernels::LatentHeads P, OnCuda<kernels::ProjectValueTiled>::Config C>
INGOT_KERNEL_FUNCTION void
project_value_tiled(Tile tile, const float *latent, const void *kvB,
                    const float *scales, float *y, int64_t tokens) {
  using Body =
      TiledProducts<P.weight, P.kvRows(), P.rank, 1, kernels::Format::F32>;
  waitForEarlierLaunches();
  int64_t head = tile.y, t0 = tile.z * kTileInputRows;
  int64_t base = head * P.headRows() + P.nope;
  Body().run(
      base + tile.x * C.rows, tokensOfTile(tokens, tile.z, kTileInputRows),
      [&](int t) {
        return InputRow(latent + ((t0 + t) * P.heads + head) * P.rank);
      },
      [&](int) { return MatrixSource(kvB, scales); },
      [&](int64_t n, int t, const float (&sums)[1]) {
        // The last block's rows reach into what is the next head's.
        if (n - base < P.value)
          y[((t0 + t) * P.heads + head) * P.value + n - base] = sums[0];
      });
}

/// The products of a head's queries with the columns of its W_UK: `Rows` rows of
/// `Columns` from row `base` of the matrix on. The scale of a row's block
/// multiplies the query's value.
template <WeightFormat W, int64_t Columns, int64_t Rows>
struct TransposedProducts
    : TiledProducts<W, Columns, Rows, 1, kernels::Format::F32> {
  using Tiles = TiledProducts<W, Columns, Rows, 1, kernels::Format::F32>;
  using Chunk = Tiles::Chunk;
  using Tiles::kPiece;
  using Tiles::kThreads;

  int64_t base;

  INGOT_KERNEL_FUNCTION explicit TransposedProducts(int64_t base)
      : base(base) {}

  /// Of a thread's piece number `i`: its row among the chunk's, and its first
  /// column among the block's. Neighbouring threads have neighbouring rows,
  /// which lie side by side in shared memory.
  INGOT_KERNEL_FUNCTION static int rowOfPiece(int i) {
    return (threadIndex() + i * kThreads) % int(kTileColumns);
  }
  INGOT_KERNEL_FUNCTION static int columnOfPiece(int i) {
    return (threadIndex() + i * kThreads) / int(kTileColumns) * kPiece;
  }

  INGOT_KERNEL_FUNCTION void loadWeights(int64_t begin, int64_t first,
                                         MatrixSource source,
                                         Chunk &chunk) const {
#pragma unroll
    for (int i = 0; i < Tiles::kPieces; ++i)
      chunk.weights[i].load(source.values +
                            ((base + begin + rowOfPiece(i)) * Columns + first +
                             columnOfPiece(i)) *
                                W.bytes());
  }
  INGOT_KERNEL_FUNCTION void scaleInputs(int64_t begin, int64_t first,
                                         MatrixSource source,
                                         Chunk &chunk) const {
    if constexpr (W.scaled())
#pragma unroll
      for (int i = 0; i < Tiles::kOwnUnits; ++i) {
        int64_t k = begin + (threadIndex() + i * kThreads) % Tiles::kUnits *
                                Tiles::kUnit;
#pragma unroll
        for (int j = 0; j < Tiles::kUnit; ++j)
          chunk.inputs[i].value[j] *=
              scaleOf<W, Columns>(source.scales, base + k + j, first);
      }
  }
  INGOT_KERNEL_FUNCTION void storeWeights(const Chunk &chunk) const {
#pragma unroll
    for (int i = 0; i < Tiles::kPieces; ++i) {
      float values[kPiece];
      decode<W.format, kPiece>(chunk.weights[i], values);
#pragma unroll
      for (int j = 0; j < kPiece; ++j)
        this->weights[(columnOfPiece(i) + j) * kTilePitch + rowOfPiece(i)] =
            static_cast<uint16_t>(floatToBits(values[j]) >> 16);
    }
  }

  /// Calls `emit(column, t, sum)` for the block's columns, from `first` on, and
  /// tokens below `count`; `queries(t)` is a row.
  template <typename Queries, typename Emit>
  INGOT_KERNEL_FUNCTION void run(int64_t first, int count, Queries queries,
                                 MatrixSource source, Emit emit) {
    float sums[2][4][4] = {};
    Chunk chunk;
    auto load = [&](int64_t begin) {
      loadWeights(begin, first, source, chunk);
      Tiles::loadInputs(begin, count, queries, chunk);
      scaleInputs(begin, first, source, chunk);
    };
    load(0);
    for (int64_t begin = 0; begin < Rows; begin += kTileColumns) {
      syncThreads();
      storeWeights(chunk);
      this->storeInputs(chunk);
      syncThreads();
      if (begin + kTileColumns < Rows)
        load(begin + kTileColumns);
      this->multiply(sums);
    }
#pragma unroll
    for (int n = 0; n < 4; ++n)
#pragma unroll
      for (int i = 0; i < 4; ++i)
        Tiles::emitSum(first, n, i, count, sums, emit);
  }
};

/// As absorb_query.
template <kernels::LatentHeads P, OnCuda<kernels::AbsorbQueryTiled>::Config C>
INGOT_KERNEL_FUNCTION void
absorb_query_tiled(Tile tile, const float *q, const void *kvB,
                   const float *scales, float *y, int64_t tokens) {
  constexpr int64_t kQuery = P.nope + P.rope, kResult = P.rank + P.rope;
  waitForEarlierLaunches();
  int64_t head = tile.y, t0 = tile.z * kTileInputRows;
  int count = tokensOfTile(tokens, tile.z, kTileInputRows);
  auto rowOf = [&](int t) { return (t0 + t) * P.heads + head; };
  TransposedProducts<P.weight, P.rank, P.nope>(head * P.headRows())
      .run(
          tile.x * C.rows, count,
          [&](int t) { return InputRow(q + rowOf(t) * kQuery); },
          MatrixSource(kvB, scales),
          [&](int64_t column, int t, const float (&sums)[1]) {
            y[rowOf(t) * kResult + column] = sums[0];
          });
  if (tile.x == 0)
    for (int i = threadIndex(); i < count * P.rope;
         i += kernels::kBlockThreads) {
      int t = i / int(P.rope), d = i % int(P.rope);
      y[rowOf(t) * kResult + P.rank + d] = q[rowOf(t) * kQuery + P.nope + d];
    }
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_TILED_HEADS_CUH
