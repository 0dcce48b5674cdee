//===- grouping.cuh - tokens sorted by expert, and back ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_GROUPING_CUH
#define INGOT_KERNELS_CUDA_GROUPING_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

/// A thread counts the slots of its experts, one sums them up, and each lists
/// its own: in order, so that what is computed does not depend on timing.
template <kernels::ExpertsGroup::Problem P,
          OnCuda<kernels::ExpertsGroup>::Config C>
INGOT_KERNEL_FUNCTION void experts_group(Tile, const int32_t *indices,
                                         int32_t *starts, int32_t *slots,
                                         int64_t tokens) {
  int32_t *counts = static_cast<int32_t *>(sharedMemory());
  waitForEarlierLaunches();
  int64_t slotCount = tokens * P.topK;
  for (int e = threadIndex(); e < P.experts; e += C.threads) {
    int32_t count = 0;
    for (int64_t s = 0; s < slotCount; ++s)
      count += indices[s] == e;
    counts[e] = count;
  }
  syncThreads();
  if (threadIndex() == 0) {
    int32_t start = 0;
    for (int e = 0; e < P.experts; ++e) {
      int32_t count = counts[e];
      counts[e] = start;
      start += count;
    }
    counts[P.experts] = start;
  }
  syncThreads();
  for (int e = threadIndex(); e <= P.experts; e += C.threads) {
    int32_t at = counts[e];
    starts[e] = at;
    for (int64_t s = 0; e < P.experts && s < slotCount; ++s)
      if (indices[s] == e)
        slots[at++] = static_cast<int32_t>(s);
  }
}

/// y[t] = sum_j weights[t, j] * outputs[t, j], in the order of j, plus
/// shared[t].
} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_GROUPING_CUH
