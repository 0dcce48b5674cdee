//===- latent_heads.cuh - products with heads of kv_b -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_LATENT_HEADS_CUH
#define INGOT_KERNELS_CUDA_LATENT_HEADS_CUH

#include "compiler/kernels/cuda/products.cuh"

namespace ingot::cuda {

/// y[t, h] = W_UV of head h times latent[t, h].
template <kernels::LatentHeads P, ProductConfig C>
INGOT_KERNEL_FUNCTION void project_value(Tile tile, const float *latent,
                                         const void *kvB, const float *scales,
                                         float *y, int64_t tokens) {
  using Body = Products<P.weight, P.kvRows(), P.rank, C, 1>;
  int64_t head = tile.y, t0 = tile.z * C.tokens;
  int64_t first = tile.x * C.rowsOfBlock();
  int64_t base = head * (P.nope + P.value) + P.nope;
  Body::prefetch(kvB, base + first);
  waitForEarlierLaunches();
  Body::runTokens(
      base + first, tokensOfTile(tokens, tile.z, C.tokens),
      [&](int t, int) { return latent + ((t0 + t) * P.heads + head) * P.rank; },
      [&](int, int) { return MatrixSource(kvB, scales); }, NoFactor{},
      [&](int64_t n, int t, const float (&sums)[1]) {
        // The last block's rows reach into what is the next head's.
        if (n - base < P.value)
          y[((t0 + t) * P.heads + head) * P.value + n - base] = sums[0];
      });
}

/// y[t, h] = [q_nope[t, h] times W_UK of head h from the left, q_rope[t, h]].
template <kernels::LatentHeads P, kernels::AbsorbConfig C>
INGOT_KERNEL_FUNCTION void absorb_query(Tile tile, const float *q,
                                        const void *kvB, const float *scales,
                                        float *y, int64_t tokens) {
  constexpr int kPiece = C.piece, kTokens = C.tokens;
  constexpr int64_t kQuery = P.nope + P.rope, kResult = P.rank + P.rope;
  float *queries = static_cast<float *>(sharedMemory());
  float *room = queries + kTokens * P.nope;
  waitForEarlierLaunches();
  int64_t head = tile.y, t0 = tile.z * kTokens;
  int count = tokensOfTile(tokens, tile.z, kTokens);
  for (int64_t i = threadIndex(); i < kTokens * P.nope;
       i += kernels::kBlockThreads) {
    int64_t t = i / P.nope, d = i % P.nope;
    queries[i] = t < count ? q[((t0 + t) * P.heads + head) * kQuery + d] : 0.0f;
  }
  syncThreads();

  int own = threadIndex() / C.lanes, lane = threadIndex() % C.lanes;
  int64_t column = tile.x * C.columns() + lane * kPiece;
  float sums[kTokens][kPiece];
#pragma unroll
  for (int t = 0; t < kTokens; ++t)
#pragma unroll
    for (int i = 0; i < kPiece; ++i)
      sums[t][i] = 0;
#pragma unroll 4
  for (int64_t d = own; d < P.nope; d += C.rows()) {
    int64_t row = head * (P.nope + P.value) + d;
    float weights[kPiece];
    loadValues<P.weight.format, kPiece>(kvB, row * P.rank + column, weights);
    float scale = scaleOf<P.weight, P.rank>(scales, row, column);
#pragma unroll
    for (int t = 0; t < kTokens; ++t) {
      float factor = queries[t * P.nope + d] * scale;
#pragma unroll
      for (int i = 0; i < kPiece; ++i)
        sums[t][i] = multiplyAdd(weights[i], factor, sums[t][i]);
    }
  }
#pragma unroll
  for (int t = 0; t < kTokens; ++t)
#pragma unroll
    for (int i = 0; i < kPiece; ++i)
      room[(t * C.rows() + own) * C.columns() + lane * kPiece + i] = sums[t][i];
  syncThreads();
  for (int64_t i = threadIndex(); i < count * C.columns();
       i += kernels::kBlockThreads) {
    int64_t t = i / C.columns(), c = i % C.columns();
    float sum = 0;
    for (int r = 0; r < C.rows(); ++r)
      sum += room[(t * C.rows() + r) * C.columns() + c];
    y[((t0 + t) * P.heads + head) * kResult + tile.x * C.columns() + c] = sum;
  }
  if (tile.x == 0)
    for (int64_t i = threadIndex(); i < count * P.rope;
         i += kernels::kBlockThreads) {
      int64_t t = i / P.rope, d = i % P.rope, row = (t0 + t) * P.heads + head;
      y[row * kResult + P.rank + d] = q[row * kQuery + P.nope + d];
    }
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_LATENT_HEADS_CUH
