//===- NaiveE4M3.cpp - E4M3 by its definition -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/kernels/NaiveE4M3.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ingot::test {

float decodeE4M3(uint8_t code) {
  int exponent = (code >> 3) & 15;
  int mantissa = code & 7;
  float sign = code & 0x80 ? -1.0f : 1.0f;
  if (exponent == 15 && mantissa == 7)
    return std::numeric_limits<float>::quiet_NaN();
  // Subnormals have exponent 1 - bias and no hidden bit.
  if (exponent == 0)
    return sign * std::ldexp(static_cast<float>(mantissa), -9);
  return sign * std::ldexp(static_cast<float>(8 + mantissa), exponent - 10);
}

uint8_t nearestE4M3(float value) {
  uint8_t sign = std::signbit(value) ? 0x80 : 0;
  if (std::isnan(value))
    return sign | 0x7f;
  double magnitude = std::fabs(value);
  uint8_t best = 0;
  for (uint8_t code = 1; code < 0x7f; ++code) {
    double before = std::fabs(decodeE4M3(best) - magnitude);
    double now = std::fabs(decodeE4M3(code) - magnitude);
    if (now < before || (now == before && code % 2 == 0))
      best = code;
  }
  return sign | best;
}

/// The largest magnitude of the finite values of a block.
static float amaxOf(const std::vector<float> &values, int64_t k, int64_t row,
                    int64_t rowEnd, int64_t column, int64_t columnEnd) {
  float amax = 0;
  for (int64_t i = row; i < rowEnd; ++i)
    for (int64_t j = column; j < columnEnd; ++j)
      if (std::isfinite(values[i * k + j]))
        amax = std::max(amax, std::fabs(values[i * k + j]));
  return amax;
}

Quantised quantiseNaively(const std::vector<float> &values, int64_t n,
                          int64_t k, int64_t blockRows, int64_t blockColumns) {
  Quantised out{std::vector<uint8_t>(values.size()), {}};
  for (int64_t row = 0; row < n; row += blockRows)
    for (int64_t column = 0; column < k; column += blockColumns) {
      int64_t rowEnd = std::min(n, row + blockRows);
      int64_t columnEnd = std::min(k, column + blockColumns);
      float scale = amaxOf(values, k, row, rowEnd, column, columnEnd) / 448.0f;
      if (scale < std::numeric_limits<float>::min())
        scale = 1;
      out.scales.push_back(scale);
      for (int64_t i = row; i < rowEnd; ++i)
        for (int64_t j = column; j < columnEnd; ++j)
          out.codes[i * k + j] = nearestE4M3(values[i * k + j] / scale);
    }
  return out;
}

} // namespace ingot::test
