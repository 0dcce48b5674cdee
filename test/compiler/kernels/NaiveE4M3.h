//===- NaiveE4M3.h - E4M3 by its definition ---------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What quantisation is compared with, bit for bit: every code is tried.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_KERNELS_NAIVEE4M3_H
#define INGOT_TEST_COMPILER_KERNELS_NAIVEE4M3_H

#include <cstdint>
#include <vector>

namespace ingot::test {

/// The value of an E4M3 code, by the definition.
float decodeE4M3(uint8_t code);

/// The code whose value is nearest; of two, the even one; NaN for NaN.
uint8_t nearestE4M3(float value);

/// Codes and the scales of their blocks.
struct Quantised {
  std::vector<uint8_t> codes;
  std::vector<float> scales;
  bool operator==(const Quantised &) const = default;
};

/// An [n, k] matrix in scaled E4M3, as ingot.quantize says.
Quantised quantiseNaively(const std::vector<float> &values, int64_t n,
                          int64_t k, int64_t blockRows = 128,
                          int64_t blockColumns = 128);

} // namespace ingot::test

#endif // INGOT_TEST_COMPILER_KERNELS_NAIVEE4M3_H
