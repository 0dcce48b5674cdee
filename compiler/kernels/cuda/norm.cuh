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

/// y = x / sqrt(mean(x^2) + eps) * weight; the values of x come from `value`,
/// which is asked twice for each.
template <kernels::RmsNorm::Problem P, int64_t Threads, typename Value>
INGOT_KERNEL_FUNCTION void normRow(Value value, const void *weights, float *y) {
  float squares = 0;
  for (int64_t k = threadIndex(); k < P.k; k += Threads) {
    float x = value(k);
    squares = multiplyAdd(x, x, squares);
  }
  float sum =
      sumOfThreads<Threads>(squares, static_cast<float *>(sharedMemory()));
  constexpr float kSize = static_cast<float>(P.k);
  constexpr float kEps = static_cast<float>(P.eps);
  float inverse = 1.0f / squareRoot(sum / kSize + kEps);
  for (int64_t k = threadIndex(); k < P.k; k += Threads) {
    float normal = value(k) * inverse;
    if constexpr (P.weighted)
      normal *= loadValue<P.weight.format>(weights, k);
    y[k] = normal;
  }
}

template <kernels::RmsNorm::Problem P, OnCuda<kernels::RmsNorm>::Config C>
INGOT_KERNEL_FUNCTION void rms_norm(Tile tile, const float *x,
                                    const void *weights, float *y) {
  waitForEarlierLaunches();
  int64_t row = (tile.x * P.heads + tile.y) * P.k;
  normRow<P, C.threads>([&](int64_t k) { return x[row + k]; }, weights,
                        y + row);
}

template <kernels::RmsNorm::Problem P, OnCuda<kernels::RmsNorm>::Config C>
INGOT_KERNEL_FUNCTION void
add_rms_norm(Tile tile, const float *x, const float *update,
             const void *weights, float *sum, float *y) {
  waitForEarlierLaunches();
  int64_t row = tile.x * P.k;
  for (int64_t k = threadIndex(); k < P.k; k += C.threads)
    sum[row + k] = x[row + k] + update[row + k];
  // A thread reads back what it wrote itself.
  normRow<P, C.threads>([&](int64_t k) { return sum[row + k]; }, weights,
                        y + row);
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_NORM_CUH
