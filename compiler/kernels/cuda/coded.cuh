//===- coded.cuh - products with codes of many tokens -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See CodedProducts.h. The tiles are those of tiled.cuh: codes are exact in
// bf16.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_CODED_CUH
#define INGOT_KERNELS_CUDA_CODED_CUH

#include "compiler/kernels/cuda/tiled.cuh"

namespace ingot::cuda {

/// Codes of rows of K values, and their scales.
template <int64_t K>
struct CodedRows {
  const uint8_t *codes;
  const float *scales;

  INGOT_KERNEL_FUNCTION CodedRow row(int64_t r) const {
    return {codes + r * K, scales + r * ceilDiv(K, kInputRun)};
  }
};

template <kernels::Linear::Problem P, OnCuda<kernels::LinearCoded>::Config C>
INGOT_KERNEL_FUNCTION void
linear_coded(Tile tile, const uint8_t *codes, const float *codeScales,
             const void *weights, const float *scales, const void *bias,
             float *y, int64_t tokens) {
  using Body = TiledProducts<P.weight, P.n, P.k, 1, P.inputs>;
  waitForEarlierLaunches();
  CodedRows<P.k> inputs{codes, codeScales};
  int64_t t0 = tile.y * kTileInputRows;
  Body().run(
      tile.x * C.rows, tokensOfTile(tokens, tile.y, kTileInputRows),
      [&](int t) { return inputs.row(t0 + t); },
      [&](int) { return MatrixSource(weights, scales); },
      [&](int64_t n, int t, const float (&sums)[1]) {
        y[(t0 + t) * P.n + n] = withBias<P.biased, P.bias>(sums[0], bias, n);
      });
}

template <kernels::Linear::Problem P,
          OnCuda<kernels::GatedLinearCoded>::Config C>
INGOT_KERNEL_FUNCTION void
gated_linear_coded(Tile tile, const uint8_t *codes, const float *codeScales,
                   const void *gate, const float *gateScales, const void *up,
                   const float *upScales, float *y, int64_t tokens) {
  using Body = TiledProducts<P.weight, P.n, P.k, 2, P.inputs>;
  waitForEarlierLaunches();
  CodedRows<P.k> inputs{codes, codeScales};
  int64_t t0 = tile.y * kTileInputRows;
  Body().run(
      tile.x * C.rows, tokensOfTile(tokens, tile.y, kTileInputRows),
      [&](int t) { return inputs.row(t0 + t); },
      GateAndUp{{gate, gateScales}, {up, upScales}},
      [&](int64_t n, int t, const float (&sums)[2]) {
        y[(t0 + t) * P.n + n] = silu(sums[0]) * sums[1];
      });
}

template <kernels::ExpertsGrouped::Problem P,
          OnCuda<kernels::ExpertsUpCoded>::Config C>
INGOT_KERNEL_FUNCTION void
experts_up_coded(Tile tile, const uint8_t *codes, const float *codeScales,
                 const int32_t *starts, const int32_t *slots,
                 const void *const *gates, const void *const *gateScales,
                 const void *const *ups, const void *const *upScales,
                 float *hidden) {
  using Body = TiledProducts<P.weight, P.n, P.k, 2, P.inputs>;
  waitForEarlierLaunches();
  GatedExpertTable<P.weight> table{{gates, gateScales}, {ups, upScales}};
  GateAndUp matrices = table.of(tile.y);
  CodedRows<P.k> inputs{codes, codeScales};
  forSlots<kTileInputRows>(starts, tile.y, [&](int at, int count) {
    Body().run(
        tile.x * C.rows, count,
        [&](int t) {
          int slot = slots[at + t];
          return inputs.row(P.weightsOnInput ? slot : slot / P.topK);
        },
        matrices,
        [&](int64_t n, int t, const float (&sums)[2]) {
          hidden[static_cast<int64_t>(slots[at + t]) * P.n + n] =
              silu(sums[0]) * sums[1];
        });
  });
}

template <kernels::ExpertsGrouped::Problem P,
          OnCuda<kernels::ExpertsDownCoded>::Config C>
INGOT_KERNEL_FUNCTION void
experts_down_coded(Tile tile, const uint8_t *codes, const float *codeScales,
                   const int32_t *starts, const int32_t *slots,
                   const void *const *downs, const void *const *downScales,
                   float *outputs) {
  using Body = TiledProducts<P.weight, P.n, P.k, 1, P.inputs>;
  waitForEarlierLaunches();
  MatrixSource down = ExpertTable<P.weight>{downs, downScales}.of(tile.y);
  CodedRows<P.k> inputs{codes, codeScales};
  forSlots<kTileInputRows>(starts, tile.y, [&](int at, int count) {
    Body().run(
        tile.x * C.rows, count, [&](int t) { return inputs.row(slots[at + t]); },
        [&](int) { return down; },
        [&](int64_t n, int t, const float (&sums)[1]) {
          outputs[static_cast<int64_t>(slots[at + t]) * P.n + n] = sums[0];
        });
  });
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_CODED_CUH
