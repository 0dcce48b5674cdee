//===- common.cuh - what kernel bodies share --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A body is a function `name<problem, config>(tile, arguments...)` that all
// threads of a block call. Whatever it reduces, it reduces in an order that is
// fixed by problem and config: there are no atomics, and no order depends on
// which row, or how many, a step has.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_COMMON_CUH
#define INGOT_KERNELS_CUDA_COMMON_CUH

#include "compiler/kernels/contract/CudaSchedule.h"
#include "compiler/kernels/cuda/device.cuh"

namespace ingot::cuda {

using kernels::ceilDiv;
using kernels::Format;
using kernels::OnCuda;
using kernels::WeightFormat;

/// An enumerator by its number, of whatever enumeration.
struct Code {
  int value;
  template <typename Enum>
  constexpr operator Enum() const {
    return static_cast<Enum>(value);
  }
};

/// Which tile of its grid a block computes.
struct Tile {
  int64_t x, y, z;
};

/// An argument of a launch that is an address, of whatever it is.
struct Address {
  void *to;
  template <typename T>
  INGOT_KERNEL_FUNCTION operator T *() const {
    return static_cast<T *>(to);
  }
};

INGOT_KERNEL_FUNCTION int laneIndex() { return threadIndex() % kWarp; }
INGOT_KERNEL_FUNCTION int warpIndex() { return threadIndex() / kWarp; }
/// The lanes before this one, a bit each.
INGOT_KERNEL_FUNCTION uint32_t lanesBelow() { return (1u << laneIndex()) - 1; }

/// Minus infinity.
INGOT_KERNEL_FUNCTION float lowest() { return bitsToFloat(0xFF800000u); }

INGOT_KERNEL_FUNCTION float larger(float a, float b) { return a > b ? a : b; }

/// A sum over `Lanes` neighbouring lanes, the same in all of them.
template <int Lanes = kWarp>
INGOT_KERNEL_FUNCTION float sumOfLanes(float value) {
#pragma unroll
  for (int mask = Lanes / 2; mask > 0; mask /= 2)
    value += shuffleXor(value, mask);
  return value;
}
INGOT_KERNEL_FUNCTION float largestOfLanes(float value) {
#pragma unroll
  for (int mask = kWarp / 2; mask > 0; mask /= 2)
    value = larger(value, shuffleXor(value, mask));
  return value;
}

/// `Bytes` bytes of a weight, as words; fewer than four are one word.
template <int Bytes>
struct Piece {
  static constexpr int kWords = (Bytes + 3) / 4;
  uint32_t word[kWords];

  INGOT_KERNEL_FUNCTION void load(const uint8_t *from) {
    if constexpr (Bytes == 16) {
      Words<4> w = loadOnce16(from);
#pragma unroll
      for (int i = 0; i < 4; ++i)
        word[i] = w.word[i];
    } else if constexpr (Bytes == 8) {
      Words<2> w = loadOnce8(from);
      word[0] = w.word[0];
      word[1] = w.word[1];
    } else if constexpr (Bytes == 4) {
      word[0] = loadOnce4(from);
    } else if constexpr (Bytes == 2) {
      word[0] = *reinterpret_cast<const uint16_t *>(from);
    } else {
      word[0] = *from;
    }
  }
  INGOT_KERNEL_FUNCTION void clear() {
#pragma unroll
    for (int i = 0; i < kWords; ++i)
      word[i] = 0;
  }
};

/// The `Count` values that a piece holds in a format, without their scale.
template <Format F, int Count>
INGOT_KERNEL_FUNCTION void
decode(const Piece<Count *int(WeightFormat{F}.bytes())> &piece,
       float (&values)[Count]) {
  if constexpr (F == Format::F32) {
#pragma unroll
    for (int i = 0; i < Count; ++i)
      values[i] = bitsToFloat(piece.word[i]);
  } else if constexpr (F == Format::F8E4M3) {
#pragma unroll
    for (int i = 0; i < Count; i += 2) {
      uint32_t halves =
          e4m3ToHalves(static_cast<uint16_t>(piece.word[i / 4] >> (i % 4 * 8)));
      values[i] = halfToFloat(static_cast<uint16_t>(halves));
      if (i + 1 < Count)
        values[i + 1] = halfToFloat(static_cast<uint16_t>(halves >> 16));
    }
  } else {
#pragma unroll
    for (int i = 0; i < Count; ++i) {
      uint16_t bits = static_cast<uint16_t>(piece.word[i / 2] >> (i % 2 * 16));
      values[i] = F == Format::F16
                      ? halfToFloat(bits)
                      : bitsToFloat(static_cast<uint32_t>(bits) << 16);
    }
  }
}

/// `Count` values from element `at` on, of a weight or a cache.
template <Format F, int Count>
INGOT_KERNEL_FUNCTION void loadValues(const void *base, int64_t at,
                                      float (&values)[Count]) {
  constexpr int kBytes = WeightFormat{F}.bytes();
  Piece<Count * kBytes> piece;
  piece.load(static_cast<const uint8_t *>(base) + at * kBytes);
  decode<F, Count>(piece, values);
}
template <Format F>
INGOT_KERNEL_FUNCTION float loadValue(const void *base, int64_t at) {
  float value[1];
  loadValues<F, 1>(base, at, value);
  return value[0];
}
/// `sum` and, where there is one, the bias of output `n`.
template <bool Biased, Format F>
INGOT_KERNEL_FUNCTION float withBias(float sum, const void *bias, int64_t n) {
  if constexpr (Biased)
    return sum + loadValue<F>(bias, n);
  return sum;
}

/// Of what launches before this one have written: nothing is read ahead of its
/// time through a cache that does not see writes.
template <Format F>
INGOT_KERNEL_FUNCTION float loadWritten(const void *base, int64_t at) {
  if constexpr (F == Format::F32)
    return static_cast<const float *>(base)[at];
  else if constexpr (F == Format::F16)
    return halfToFloat(static_cast<const uint16_t *>(base)[at]);
  else if constexpr (F == Format::F8E4M3)
    return halfToFloat(static_cast<uint16_t>(
        e4m3ToHalves(static_cast<const uint8_t *>(base)[at])));
  else
    return bitsToFloat(
        static_cast<uint32_t>(static_cast<const uint16_t *>(base)[at]) << 16);
}
/// `Count` values in a row, of one aligned load.
template <Format F, int Count>
INGOT_KERNEL_FUNCTION void loadWrittenValues(const void *base, int64_t at,
                                             float (&values)[Count]) {
  constexpr int kBytes = WeightFormat{F}.bytes() * Count;
  if constexpr (kBytes < 4) {
#pragma unroll
    for (int i = 0; i < Count; ++i)
      values[i] = loadWritten<F>(base, at + i);
  } else {
    struct alignas(kBytes) Aligned {
      uint32_t word[kBytes / 4];
    };
    Aligned loaded = static_cast<const Aligned *>(base)[at / Count];
    Piece<kBytes> piece;
#pragma unroll
    for (int i = 0; i < kBytes / 4; ++i)
      piece.word[i] = loaded.word[i];
    decode<F, Count>(piece, values);
  }
}

/// The scale of element [row, column] of a weight with k columns.
template <WeightFormat W, int64_t K>
INGOT_KERNEL_FUNCTION float scaleOf(const float *scales, int64_t row,
                                    int64_t column) {
  if constexpr (!W.scaled())
    return 1.0f;
  else
    return scales[row / W.blockRows * ceilDiv(K, W.blockColumns) +
                  column / W.blockColumns];
}

/// Adds to a tile of 16 by 8 the product of 16 by 8 and 8 by 8 float32 values.
/// A value is the sum of its first 11 bits and of the next 11: what is lost is
/// below 2^-21 of a product. A side whose values
/// have no more than 11 bits has one part. What a lane has: rows lane / 4 + (0, 8, 0, 8) and columns lane % 4 + (0,
/// 0, 4, 4) of a, rows lane % 4 + (0, 4) and column lane / 4 of b, rows lane / 4 +
/// (0, 0, 8, 8) and columns lane % 4 * 2 + (0, 1, 0, 1) of the sums.
template <bool AHasParts, bool BHasParts>
INGOT_KERNEL_FUNCTION void
multiplyFloatTiles(float (&sums)[4], const float (&a)[4], const float (&b)[2]) {
  constexpr uint32_t kFirst = 0xFFFFE000u;
  uint32_t a0[4], a1[4], b0[2], b1[2];
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    a0[i] = AHasParts ? floatToBits(a[i]) & kFirst : floatToBits(a[i]);
    a1[i] = floatToBits(a[i] - bitsToFloat(a0[i]));
  }
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    b0[i] = BHasParts ? floatToBits(b[i]) & kFirst : floatToBits(b[i]);
    b1[i] = floatToBits(b[i] - bitsToFloat(b0[i]));
  }
  if constexpr (AHasParts)
    multiplyTf32Tiles(sums, a1, b0);
  if constexpr (BHasParts)
    multiplyTf32Tiles(sums, a0, b1);
  multiplyTf32Tiles(sums, a0, b0);
}

/// 2^e for e from -126 to 127.
INGOT_KERNEL_FUNCTION float powerOfTwo(int e) {
  return bitsToFloat(static_cast<uint32_t>(e + 127) << 23);
}

/// e^x in the steps of @exp of cpu/exp.mlir: a gate has the same bits behind a
/// product and by itself, where swiglu.mlir computes it.
INGOT_KERNEL_FUNCTION float exponentialOfGate(float x) {
  float within = x < -104.0f ? -104.0f : x;
  within = within > 89.0f ? 89.0f : within;
  float n = roundToEven(within * 1.44269504f);
  float r = multiplyAdd(n, -0.693145752f, within);
  r = multiplyAdd(n, -1.42860677e-6f, r);
  float p = multiplyAdd(1.98412698e-4f, r, 1.38888889e-3f);
  p = multiplyAdd(p, r, 8.33333333e-3f);
  p = multiplyAdd(p, r, 4.16666667e-2f);
  p = multiplyAdd(p, r, 1.66666667e-1f);
  p = multiplyAdd(p, r, 0.5f);
  p = multiplyAdd(p, r, 1.0f);
  p = multiplyAdd(p, r, 1.0f);
  int e = x == x ? static_cast<int>(n) : 0;
  return p * powerOfTwo(e >> 1) * powerOfTwo(e - (e >> 1));
}

INGOT_KERNEL_FUNCTION float silu(float x) {
  return x / (1.0f + exponentialOfGate(-x));
}

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_COMMON_CUH
