//===- norm.cuh - root mean square norms ------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_NORM_CUH
#define INGOT_KERNELS_CUDA_NORM_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

/// What a thread has of a row: every Threads-th value, in registers, so that all
/// of a row is asked for at once.
template <int64_t K, int64_t Threads>
struct OwnValues {
  static constexpr int kCount = static_cast<int>(ceilDiv(K, Threads));
  float of[kCount];

  /// `value(k)` of each.
  template <typename Value>
  INGOT_KERNEL_FUNCTION void load(Value value) {
#pragma unroll
    for (int i = 0; i < kCount; ++i) {
      int64_t k = threadIndex() + i * Threads;
      of[i] = k < K ? value(k) : 0.0f;
    }
  }
  /// `use(k, value)` of each.
  template <typename Use>
  INGOT_KERNEL_FUNCTION void forEach(Use use) const {
#pragma unroll
    for (int i = 0; i < kCount; ++i) {
      int64_t k = threadIndex() + i * Threads;
      if (k < K)
        use(i, k, of[i]);
    }
  }
};

/// y = x / sqrt(mean(x^2) + eps) * weight.
template <kernels::RmsNorm::Problem P, int64_t Threads>
INGOT_KERNEL_FUNCTION void normRow(const OwnValues<P.k, Threads> &x,
                                   const void *weights, float *y) {
  OwnValues<P.k, Threads> weight;
  if constexpr (P.weighted)
    weight.load(
        [&](int64_t k) { return loadValue<P.weight.format>(weights, k); });
  float squares = 0;
  x.forEach([&](int, int64_t, float value) {
    squares = multiplyAdd(value, value, squares);
  });
  float sum =
      sumOfThreads<Threads>(squares, static_cast<float *>(sharedMemory()));
  constexpr float kSize = static_cast<float>(P.k);
  constexpr float kEps = static_cast<float>(P.eps);
  float inverse = 1.0f / squareRoot(sum / kSize + kEps);
  x.forEach([&](int i, int64_t k, float value) {
    float normal = value * inverse;
    if constexpr (P.weighted)
      normal *= weight.of[i];
    y[k] = normal;
  });
}

/// Brings the weights nearer.
template <kernels::RmsNorm::Problem P>
INGOT_KERNEL_FUNCTION void prepareNorm(const void *weights) {
  constexpr int kLine = 128;
  if constexpr (P.weighted)
    if (int64_t at = threadIndex() * kLine; at < P.k * P.weight.bytes())
      prefetchL1(static_cast<const uint8_t *>(weights) + at);
}
template <kernels::RmsNorm::Problem P, OnCuda<kernels::RmsNorm>::Config C>
INGOT_KERNEL_FUNCTION void rms_norm_prepare(Tile, const float *,
                                            const void *weights, float *) {
  prepareNorm<P>(weights);
}
template <kernels::RmsNorm::Problem P, OnCuda<kernels::RmsNorm>::Config C>
INGOT_KERNEL_FUNCTION void add_rms_norm_prepare(Tile, const float *,
                                                const float *,
                                                const void *weights, float *,
                                                float *) {
  prepareNorm<P>(weights);
}

template <kernels::RmsNorm::Problem P, OnCuda<kernels::RmsNorm>::Config C>
INGOT_KERNEL_FUNCTION void rms_norm(Tile tile, const float *x,
                                    const void *weights, float *y) {
  waitForEarlierLaunches();
  int64_t row = (tile.x * P.heads + tile.y) * P.k;
  OwnValues<P.k, C.threads> own;
  own.load([&](int64_t k) { return x[row + k]; });
  normRow<P, C.threads>(own, weights, y + row);
}

template <kernels::RmsNorm::Problem P, OnCuda<kernels::RmsNorm>::Config C>
INGOT_KERNEL_FUNCTION void
add_rms_norm(Tile tile, const float *x, const float *update,
             const void *weights, float *sum, float *y) {
  waitForEarlierLaunches();
  int64_t row = tile.x * P.k;
  OwnValues<P.k, C.threads> own;
  own.load([&](int64_t k) { return x[row + k] + update[row + k]; });
  own.forEach([&](int, int64_t k, float value) { sum[row + k] = value; });
  normRow<P, C.threads>(own, weights, y + row);
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_NORM_CUH
