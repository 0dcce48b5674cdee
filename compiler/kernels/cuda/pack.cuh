//===- pack.cuh - work on weights -------------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_PACK_CUH
#define INGOT_KERNELS_CUDA_PACK_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/rounding.cuh"

namespace ingot::cuda {

/// The largest over all threads; as sumOfThreads.
template <int Threads>
INGOT_KERNEL_FUNCTION float largestOfThreads(float value, float *room) {
  float largest = largestOfLanes(value);
  if (laneIndex() == 0)
    room[warpIndex()] = largest;
  syncThreads();
#pragma unroll
  for (int warp = 0; warp < Threads / kWarp; ++warp)
    largest = larger(largest, room[warp]);
  return largest;
}

/// A block of values becomes codes that share a scale.
template <kernels::Quantize::Problem P, OnCuda<kernels::Quantize>::Config C>
INGOT_KERNEL_FUNCTION void quantize(Tile tile, const void *x, uint8_t *codes,
                                    float *scales) {
  constexpr int64_t kRows = P.weight.blockRows,
                    kColumns = P.weight.blockColumns;
  waitForEarlierLaunches();
  int64_t n0 = tile.y * kRows, k0 = tile.x * kColumns;
  // Neighbouring threads read neighbouring elements of the source.
  auto forEach = [&](auto handle) {
    for (int64_t i = threadIndex(); i < kRows * kColumns; i += C.threads) {
      int64_t n = n0 + (P.columns > 0 ? i % kRows : i / kColumns);
      int64_t k = k0 + (P.columns > 0 ? i / kRows : i % kColumns);
      if (n < P.n && k < P.k)
        handle(n * P.k + k, loadWritten<P.weight.format>(
                                x, P.columns > 0 ? k * P.columns + P.from + n
                                                 : n * P.k + k));
    }
  };
  float largest = 0;
  forEach([&](int64_t, float value) {
    largest = larger(largest, finiteMagnitude(value));
  });
  largest = largestOfThreads<C.threads>(largest,
                                        static_cast<float *>(sharedMemory()));
  float scale = scaleOfLargest(largest);
  if (threadIndex() == 0)
    scales[tile.y * ceilDiv(P.k, kColumns) + tile.x] = scale;
  forEach([&](int64_t at, float value) {
    codes[at] = static_cast<uint8_t>(floatsToE4M3(value / scale, 0.0f));
  });
}

/// y[n, k] = x[k, from + n]. `Element` is as wide as an element.
template <kernels::Transpose::Problem P, OnCuda<kernels::Transpose>::Config C,
          typename Element>
INGOT_KERNEL_FUNCTION void transposeElements(Tile tile, const Element *x,
                                             Element *y) {
  constexpr int64_t kSide = OnCuda<kernels::Transpose>::kSide;
  Element *square = static_cast<Element *>(sharedMemory());
  int64_t n0 = tile.y * kSide, k0 = tile.x * kSide;
  for (int64_t i = threadIndex(); i < kSide * kSide; i += C.threads) {
    int64_t n = i % kSide, k = i / kSide;
    if (n0 + n < P.n && k0 + k < P.k)
      square[k * (kSide + 1) + n] = x[(k0 + k) * P.columns + P.from + n0 + n];
  }
  syncThreads();
  for (int64_t i = threadIndex(); i < kSide * kSide; i += C.threads) {
    int64_t k = i % kSide, n = i / kSide;
    if (n0 + n < P.n && k0 + k < P.k)
      y[(n0 + n) * P.k + k0 + k] = square[k * (kSide + 1) + n];
  }
}

template <kernels::Transpose::Problem P, OnCuda<kernels::Transpose>::Config C>
INGOT_KERNEL_FUNCTION void transpose(Tile tile, const void *x, void *y) {
  waitForEarlierLaunches();
  if constexpr (P.format == Format::F32)
    transposeElements<P, C>(tile, static_cast<const uint32_t *>(x),
                            static_cast<uint32_t *>(y));
  else
    transposeElements<P, C>(tile, static_cast<const uint16_t *>(x),
                            static_cast<uint16_t *>(y));
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_PACK_CUH
