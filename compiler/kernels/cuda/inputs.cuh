//===- inputs.cuh - inputs of products become codes -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_INPUTS_CUH
#define INGOT_KERNELS_CUDA_INPUTS_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/rounding.cuh"

namespace ingot::cuda {

template <kernels::QuantizeInputs::Problem P,
          OnCuda<kernels::QuantizeInputs>::Config C>
INGOT_KERNEL_FUNCTION void quantize_inputs(Tile tile, const float *x,
                                           const float *weights, uint8_t *codes,
                                           float *scales) {
  constexpr int64_t kRuns = kernels::QuantizeInputs::runs(P);
  constexpr int kWarps = C.threads / kWarp, kBatch = 4;
  waitForEarlierLaunches();
  int64_t row = tile.x;
  InputRow from = x + row * P.k;
  if constexpr (P.weighted)
    from = InputRow(x + row / P.rows * P.k, weights[row]);
  for (int64_t first = warpIndex(); first < kRuns; first += kBatch * kWarps) {
    InputRun<4> runs[kBatch];
#pragma unroll
    for (int b = 0; b < kBatch; ++b)
      runs[b].load(from, (first + b * kWarps) * kInputRun, P.k);
#pragma unroll
    for (int b = 0; b < kBatch; ++b) {
      int64_t run = first + b * kWarps;
      if (run >= kRuns)
        break;
      float scale = runs[b].scale();
      if (laneIndex() == 0)
        scales[row * kRuns + run] = scale;
      const float(&values)[4] = runs[b].unit[0].value;
      uint32_t low = floatsToE4M3(values[0] / scale, values[1] / scale);
      uint32_t high = floatsToE4M3(values[2] / scale, values[3] / scale);
      int64_t k = run * kInputRun + InputRun<4>::place(0);
      if (k < P.k)
        *reinterpret_cast<uint32_t *>(codes + row * P.k + k) =
            low | high << 16;
    }
  }
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_INPUTS_CUH
