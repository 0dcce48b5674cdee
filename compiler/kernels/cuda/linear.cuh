//===- linear.cuh - dense products ------------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_LINEAR_CUH
#define INGOT_KERNELS_CUDA_LINEAR_CUH

#include "compiler/kernels/cuda/products.cuh"

namespace ingot::cuda {

/// y[t, n] = sum_k x[row(t), k] * weights[n, k] + bias[n].
template <kernels::Linear::Problem P, ProductConfig C, typename RowOf>
INGOT_KERNEL_FUNCTION void
linearRows(Tile tile, const float *x, RowOf rowOf, const void *weights,
           const float *scales, const void *bias, float *y, int64_t tokens) {
  using Body = Products<P.weight, P.n, P.k, C, 1, P.inputs>;
  int64_t firstRow = tile.x * C.rowsOfBlock(), t0 = tile.y * C.tokens;
  Body::prefetch(weights, firstRow);
  int count = tokensOfTile(tokens, tile.y, C.tokens);
  // Where another kernel has more tiles.
  if (count < 1)
    return;
  Body::runTokens(
      firstRow, count, [&](int t) { return x + rowOf(t0 + t) * P.k; },
      [&](int) { return MatrixSource(weights, scales); },
      [&](int64_t n, int t, const float (&sums)[1]) {
        y[(t0 + t) * P.n + n] = withBias<P.biased, P.bias>(sums[0], bias, n);
      });
}

template <kernels::Linear::Problem P, ProductConfig C>
INGOT_KERNEL_FUNCTION void linear(Tile tile, const float *x, const int32_t *,
                                  const void *weights, const float *scales,
                                  const void *bias, float *y, int64_t tokens) {
  linearRows<P, C>(
      tile, x, [](int64_t t) { return t; }, weights, scales, bias, y, tokens);
}

template <kernels::Linear::Problem P, ProductConfig C>
INGOT_KERNEL_FUNCTION void
logits(Tile tile, const float *x, const int32_t *rows, const void *weights,
       const float *scales, const void *bias, float *y, int64_t rowCount) {
  linearRows<P, C>(
      tile, x, [=](int64_t r) { return static_cast<int64_t>(rows[r]); },
      weights, scales, bias, y, rowCount);
}

template <kernels::Linear::Problem P, ProductConfig C>
INGOT_KERNEL_FUNCTION void
gated_linear(Tile tile, const float *x, const void *gate,
             const float *gateScales, const void *up, const float *upScales,
             float *y, int64_t tokens) {
  using Body = Products<P.weight, P.n, P.k, C, 2, P.inputs>;
  int64_t firstRow = tile.x * C.rowsOfBlock(), t0 = tile.y * C.tokens;
  Body::prefetch(gate, firstRow);
  Body::prefetch(up, firstRow);
  int count = tokensOfTile(tokens, tile.y, C.tokens);
  if (count < 1)
    return;
  Body::runTokens(
      firstRow, count, [&](int t) { return x + (t0 + t) * P.k; },
      GateAndUp{{gate, gateScales}, {up, upScales}},
      [&](int64_t n, int t, const float (&sums)[2]) {
        y[(t0 + t) * P.n + n] = silu(sums[0]) * sums[1];
      });
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_LINEAR_CUH
