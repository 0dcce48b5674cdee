//===- elementwise.cuh - sums, gates, and rows of parts ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_ELEMENTWISE_CUH
#define INGOT_KERNELS_CUDA_ELEMENTWISE_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

/// Calls `compute` with the index of this thread's value, if it has one.
template <int64_t Columns, int64_t Threads, typename Compute>
INGOT_KERNEL_FUNCTION void forOwnValue(Tile tile, Compute compute) {
  int64_t column = tile.y * Threads + threadIndex();
  if (column < Columns)
    compute(tile.x * Columns + column);
}

template <kernels::Add::Problem P, OnCuda<kernels::Add>::Config C>
INGOT_KERNEL_FUNCTION void add(Tile tile, const float *lhs, const float *rhs,
                               float *y) {
  waitForEarlierLaunches();
  forOwnValue<P.columns, C.threads>(
      tile, [&](int64_t at) { y[at] = lhs[at] + rhs[at]; });
}

template <kernels::Swiglu::Problem P, OnCuda<kernels::Swiglu>::Config C>
INGOT_KERNEL_FUNCTION void swiglu(Tile tile, const float *gate, const float *up,
                                  float *y) {
  waitForEarlierLaunches();
  forOwnValue<P.columns, C.threads>(
      tile, [&](int64_t at) { y[at] = silu(gate[at]) * up[at]; });
}

template <kernels::Concat::Problem P, OnCuda<kernels::Concat>::Config C>
INGOT_KERNEL_FUNCTION void concat(Tile tile, const float *head,
                                  const float *tail, float *y) {
  waitForEarlierLaunches();
  for (int64_t n = threadIndex(); n < P.head; n += C.threads)
    y[tile.x * (P.head + P.tail) + n] = head[tile.x * P.head + n];
  for (int64_t n = threadIndex(); n < P.tail; n += C.threads)
    y[tile.x * (P.head + P.tail) + P.head + n] = tail[tile.x * P.tail + n];
}

template <kernels::Split::Problem P, OnCuda<kernels::Split>::Config C>
INGOT_KERNEL_FUNCTION void split(Tile tile, const float *x, float *head,
                                 float *tail) {
  waitForEarlierLaunches();
  for (int64_t n = threadIndex(); n < P.head; n += C.threads)
    head[tile.x * P.head + n] = x[tile.x * (P.head + P.tail) + n];
  for (int64_t n = threadIndex(); n < P.tail; n += C.threads)
    tail[tile.x * P.tail + n] = x[tile.x * (P.head + P.tail) + P.head + n];
}

/// The row of a token becomes the row of its slot in the cache.
template <kernels::KvAppend::Problem P, OnCuda<kernels::KvAppend>::Config C>
INGOT_KERNEL_FUNCTION void kv_append(Tile tile, const float *head,
                                     const float *tail, const int32_t *slots,
                                     void *pages) {
  waitForEarlierLaunches();
  int64_t row = static_cast<int64_t>(slots[tile.x]) * (P.head + P.tail);
  for (int64_t n = threadIndex(); n < P.head; n += C.threads)
    storeCached<P.cache>(pages, row + n, head[tile.x * P.head + n]);
  for (int64_t n = threadIndex(); n < P.tail; n += C.threads)
    storeCached<P.cache>(pages, row + P.head + n, tail[tile.x * P.tail + n]);
}

template <kernels::Embed::Problem P, OnCuda<kernels::Embed>::Config C>
INGOT_KERNEL_FUNCTION void embed(Tile tile, const int32_t *tokens,
                                 const void *table, const float *scales,
                                 float *y) {
  waitForEarlierLaunches();
  int64_t row = tokens[tile.x];
  for (int64_t k = threadIndex(); k < P.k; k += C.threads)
    y[tile.x * P.k + k] = loadValue<P.weight.format>(table, row * P.k + k) *
                          scaleOf<P.weight, P.k>(scales, row, k);
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_ELEMENTWISE_CUH
