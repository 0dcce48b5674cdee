//===- rounding.cuh - values in blocks that share a scale -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDA_ROUNDING_CUH
#define INGOT_KERNELS_CUDA_ROUNDING_CUH

#include "compiler/kernels/cuda/common.cuh"

namespace ingot::cuda {

using kernels::kInputRun;

/// |value|, or 0 where it is infinite or NaN.
INGOT_KERNEL_FUNCTION float finiteMagnitude(float value) {
  uint32_t bits = floatToBits(value) & 0x7FFFFFFFu;
  return bits < 0x7F800000u ? bitsToFloat(bits) : 0.0f;
}

/// The scale of values whose largest finite magnitude is given: over 448, or 1
/// where that is no normal number.
INGOT_KERNEL_FUNCTION float scaleOfLargest(float largest) {
  float quotient = largest / 448.0f;
  return quotient >= 1.17549435e-38f ? quotient : 1.0f;
}

INGOT_KERNEL_FUNCTION float roundedToBf16(float value) {
  return bitsToFloat(static_cast<uint32_t>(floatToBf16(value)) << 16);
}

/// A row of inputs, and what each is multiplied by before it is rounded.
struct InputRow {
  const float *values;
  float factor;

  INGOT_KERNEL_FUNCTION InputRow(const float *values, float factor = 1.0f)
      : values(values), factor(factor) {}
};

/// What a lane has of a run of inputs that its warp rounds: units of `Unit`
/// neighbouring values, the warp's side by side.
template <int Unit>
struct InputRun {
  static constexpr int kUnits = kInputRun / kWarp / Unit;
  struct alignas(4 * Unit) Values {
    float value[Unit];
  };
  Values unit[kUnits];

  /// Where a unit is in the run.
  INGOT_KERNEL_FUNCTION static int place(int u) {
    return (u * kWarp + laneIndex()) * Unit;
  }

  /// From column k on of a row of `size` columns, a multiple of Unit; zeros
  /// behind them.
  INGOT_KERNEL_FUNCTION void load(InputRow row, int64_t k, int64_t size) {
#pragma unroll
    for (int u = 0; u < kUnits; ++u) {
      unit[u] = {};
      if (k + place(u) >= size)
        continue;
      unit[u] = *reinterpret_cast<const Values *>(row.values + k + place(u));
#pragma unroll
      for (int i = 0; i < Unit; ++i)
        unit[u].value[i] *= row.factor;
    }
  }

  /// The run's scale in E4M3, the same in all lanes.
  INGOT_KERNEL_FUNCTION float scale() const {
    float largest = 0;
#pragma unroll
    for (int u = 0; u < kUnits; ++u)
#pragma unroll
      for (int i = 0; i < Unit; ++i)
        largest = larger(largest, finiteMagnitude(unit[u].value[i]));
    return scaleOfLargest(largestOfLanes(largest));
  }

  /// What the formats that inputs are rounded to keep: of E4M3, the value that
  /// code and scale stand for, rounded to float32.
  template <Format F>
  INGOT_KERNEL_FUNCTION void round() {
    static_assert(F == Format::BF16 || F == Format::F8E4M3);
    float scale = F == Format::F8E4M3 ? this->scale() : 1.0f;
#pragma unroll
    for (int u = 0; u < kUnits; ++u)
#pragma unroll
      for (int i = 0; i < Unit; i += 2) {
        float &first = unit[u].value[i], none = 0;
        float &second = i + 1 < Unit ? unit[u].value[i + 1] : none;
        if constexpr (F == Format::BF16) {
          first = roundedToBf16(first);
          second = roundedToBf16(second);
        } else {
          uint32_t halves =
              e4m3ToHalves(floatsToE4M3(first / scale, second / scale));
          first = scale * halfToFloat(static_cast<uint16_t>(halves));
          second = scale * halfToFloat(static_cast<uint16_t>(halves >> 16));
        }
      }
  }
};

} // namespace ingot::cuda

#endif // INGOT_KERNELS_CUDA_ROUNDING_CUH
