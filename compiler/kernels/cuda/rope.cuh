//===- rope.cuh - rotary position embedding ---------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Angles reach 163,840 radians, where a float knows an angle to 0.01 only: they
// are formed and reduced in double.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_ROPE_CUH
#define INGOT_KERNELS_CUDA_ROPE_CUH

#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

struct Turn {
  double cos, sin;
};

/// Cosine and sine, to 1e-13 for angles up to 1e8. angle = n pi/2 + r with
/// |r| <= pi/4, Taylor polynomials in r, and the quadrant n mod 4 says which is
/// which and with what sign. (The library's own would need local memory for
/// angles that do not occur.)
INGOT_KERNEL_FUNCTION Turn turnBy(double angle) {
  double n = roundToEven(angle * 0.63661977236758134308);
  double r = multiplyAdd(n, -1.5707963267948965580, angle);
  r = multiplyAdd(n, -6.1232339957367660e-17, r);
  double z = r * r;
  double s = multiplyAdd(1.6059043836821613e-10, z, -2.5052108385441719e-8);
  s = multiplyAdd(s, z, 2.7557319223985891e-6);
  s = multiplyAdd(s, z, -1.9841269841269841e-4);
  s = multiplyAdd(s, z, 8.3333333333333333e-3);
  s = multiplyAdd(s, z, -1.6666666666666667e-1);
  double sine = multiplyAdd(s * z, r, r);
  double c = multiplyAdd(-1.1470745597729725e-11, z, 2.0876756987868099e-9);
  c = multiplyAdd(c, z, -2.7557319223985891e-7);
  c = multiplyAdd(c, z, 2.4801587301587302e-5);
  c = multiplyAdd(c, z, -1.3888888888888889e-3);
  c = multiplyAdd(c, z, 4.1666666666666667e-2);
  c = multiplyAdd(c, z, -0.5);
  double cosine = multiplyAdd(c, z, 1.0);
  int quadrant = static_cast<int>(n);
  double cos = quadrant & 1 ? sine : cosine;
  double sin = quadrant & 1 ? cosine : sine;
  return {(quadrant + 1) & 2 ? -cos : cos, quadrant & 2 ? -sin : sin};
}

template <kernels::Rope::Problem P, OnCuda<kernels::Rope>::Config C>
INGOT_KERNEL_FUNCTION void rope(Tile tile, const float *x,
                                const int32_t *positions, float *y) {
  float *cosines = static_cast<float *>(sharedMemory());
  float *sines = cosines + P.pairs;
  waitForEarlierLaunches();
  constexpr const double *kFrequencies = P.frequencies;
  constexpr double kMagnitude = P.magnitude;
  double position = positions[tile.x];
  for (int64_t j = threadIndex(); j < P.pairs; j += C.threads) {
    Turn turn = turnBy(position * kFrequencies[j]);
    cosines[j] = static_cast<float>(turn.cos * kMagnitude);
    sines[j] = static_cast<float>(turn.sin * kMagnitude);
  }
  syncThreads();

  constexpr int64_t kPlain = P.width - 2 * P.pairs;
  int64_t row = tile.x * P.heads * P.width;
  if constexpr (kPlain > 0) {
    auto plain = [&](int64_t i) {
      return row + i / kPlain * P.width + i % kPlain;
    };
    moveValues<C.threads>(
        P.heads * kPlain, [&](int64_t i) { return x[plain(i)]; },
        [&](int64_t i, float value) { y[plain(i)] = value; });
  }
  struct Pair {
    float first, second;
  };
  constexpr int64_t kApart = P.interleaved ? 1 : P.pairs;
  auto first = [&](int64_t i) {
    int64_t j = i % P.pairs;
    return row + i / P.pairs * P.width + kPlain + (P.interleaved ? 2 * j : j);
  };
  moveValues<C.threads, Pair>(
      P.heads * P.pairs,
      [&](int64_t i) {
        int64_t j = i % P.pairs;
        float a = x[first(i)], b = x[first(i) + kApart];
        return Pair{a * cosines[j] - b * sines[j],
                    a * sines[j] + b * cosines[j]};
      },
      [&](int64_t i, const Pair &turned) {
        y[first(i)] = turned.first;
        y[first(i) + kApart] = turned.second;
      });
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_ROPE_CUH
