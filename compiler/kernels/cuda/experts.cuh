//===- experts.cuh - products with chosen experts ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_EXPERTS_CUH
#define INGOT_KERNELS_CUDA_EXPERTS_CUH

#include "compiler/kernels/cuda/products.cuh"

namespace ingot::cuda {

/// Addresses of the experts' matrices and, where they have them, scales.
template <WeightFormat W>
struct ExpertTable {
  const void *const *values;
  const void *const *scales;

  INGOT_KERNEL_FUNCTION MatrixSource of(int64_t expert) const {
    const float *blocks = nullptr;
    if constexpr (W.scaled())
      blocks = static_cast<const float *>(scales[expert]);
    return {values[expert], blocks};
  }
};

/// Both tables of what experts do first.
template <WeightFormat W>
struct GatedExpertTable {
  ExpertTable<W> gates, ups;

  INGOT_KERNEL_FUNCTION GateAndUp of(int64_t expert) const {
    return {gates.of(expert), ups.of(expert)};
  }
};

/// Whether weights on the input multiply it before it is rounded. Where it is
/// not, they multiply products: the same as those of the scaled input.
template <typename Problem>
INGOT_KERNEL_FUNCTION constexpr bool weighsBefore(const Problem &p) {
  return p.weightsOnInput && p.inputs != Format::F32;
}

/// hidden[s] = silu(gate_e x[t]) * (up_e x[t]) for slot s, of token t and its
/// expert e.
template <kernels::ExpertsUp::Problem P, ProductConfig C>
INGOT_KERNEL_FUNCTION void
experts_up(Tile tile, const float *x, const int32_t *indices,
           const void *const *gates, const void *const *gateScales,
           const void *const *ups, const void *const *upScales,
           const float *weights, float *hidden) {
  using Body = Products<P.weight, P.n, P.k, C, 2, P.inputs>;
  waitForEarlierLaunches();
  int64_t slot = tile.y, t = slot / P.topK, expert = indices[slot];
  GatedExpertTable<P.weight> table{{gates, gateScales}, {ups, upScales}};
  GateAndUp matrices = table.of(expert);
  constexpr bool kBefore = weighsBefore(P);
  float before = kBefore ? weights[slot] : 1.0f;
  float weight = P.weightsOnInput && !kBefore ? weights[slot] : 1.0f;
  Body::template run<1>(
      tile.x * C.rowsOfBlock(), 1,
      [&](int, int) { return InputRow(x + t * P.k, before); }, matrices,
      NoFactor{},
      [&](int64_t n, int, const float (&sums)[2]) {
        hidden[slot * P.n + n] = silu(sums[0] * weight) * (sums[1] * weight);
      });
}

/// y[t] = sum_j weights[t, j] * (down_e hidden[t, j]), e = indices[t, j].
template <kernels::ExpertsDown::Problem P, ProductConfig C>
INGOT_KERNEL_FUNCTION void
experts_down(Tile tile, const float *hidden, const float *weights,
             const int32_t *indices, const void *const *downs,
             const void *const *downScales, float *y) {
  using Body = Products<P.weight, P.n, P.k, C, 1, P.inputs, P.topK>;
  waitForEarlierLaunches();
  int64_t t = tile.y, first = t * P.topK;
  ExpertTable<P.weight> table{downs, downScales};
  Body::template run<1>(
      tile.x * C.rowsOfBlock(), 1,
      [&](int, int j) { return hidden + (first + j) * P.k; },
      [&](int, int j) { return table.of(indices[first + j]); },
      [&](int j) { return P.weightsOnInput ? 1.0f : weights[first + j]; },
      [&](int64_t n, int, const float (&sums)[1]) {
        y[t * P.n + n] = sums[0];
      });
}

/// Calls `compute(first, count)` for the tiles of the slots that chose an
/// expert.
template <int64_t Tokens, typename Compute>
INGOT_KERNEL_FUNCTION void forSlots(const int32_t *starts, int64_t expert,
                                    Compute compute) {
  int begin = starts[expert], end = starts[expert + 1];
  for (int at = begin; at < end; at += Tokens)
    compute(at, end - at < Tokens ? end - at : static_cast<int>(Tokens));
}

template <kernels::ExpertsGrouped::Problem P, ProductConfig C>
INGOT_KERNEL_FUNCTION void
experts_up_grouped(Tile tile, const float *x, const int32_t *starts,
                   const int32_t *slots, const void *const *gates,
                   const void *const *gateScales, const void *const *ups,
                   const void *const *upScales, const float *weights,
                   float *hidden) {
  using Body = Products<P.weight, P.n, P.k, C, 2, P.inputs>;
  waitForEarlierLaunches();
  GatedExpertTable<P.weight> table{{gates, gateScales}, {ups, upScales}};
  GateAndUp matrices = table.of(tile.y);
  constexpr bool kBefore = weighsBefore(P);
  forSlots<C.tokens>(starts, tile.y, [&](int at, int count) {
    Body::runTokens(
        tile.x * C.rowsOfBlock(), count,
        [&](int t, int) {
          int slot = slots[at + t];
          return InputRow(x + slot / P.topK * P.k,
                          kBefore ? weights[slot] : 1.0f);
        },
        matrices, NoFactor{},
        [&](int64_t n, int t, const float (&sums)[2]) {
          int64_t slot = slots[at + t];
          float weight = P.weightsOnInput && !kBefore ? weights[slot] : 1.0f;
          hidden[slot * P.n + n] = silu(sums[0] * weight) * (sums[1] * weight);
        });
  });
}

template <kernels::ExpertsGrouped::Problem P, ProductConfig C>
INGOT_KERNEL_FUNCTION void
experts_down_grouped(Tile tile, const float *hidden, const int32_t *starts,
                     const int32_t *slots, const void *const *downs,
                     const void *const *downScales, float *outputs) {
  using Body = Products<P.weight, P.n, P.k, C, 1, P.inputs>;
  waitForEarlierLaunches();
  MatrixSource down = ExpertTable<P.weight>{downs, downScales}.of(tile.y);
  forSlots<C.tokens>(starts, tile.y, [&](int at, int count) {
    Body::runTokens(
        tile.x * C.rowsOfBlock(), count,
        [&](int t, int) {
          return hidden + static_cast<int64_t>(slots[at + t]) * P.k;
        },
        [&](int, int) { return down; }, NoFactor{},
        [&](int64_t n, int t, const float (&sums)[1]) {
          outputs[static_cast<int64_t>(slots[at + t]) * P.n + n] = sums[0];
        });
  });
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_EXPERTS_CUH
