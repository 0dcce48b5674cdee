//===- RoundedInputs.h - inputs that products round -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What tests of products with rounded inputs share. The rounding itself is the
// interpreter's.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_KERNELS_ROUNDEDINPUTS_H
#define INGOT_TEST_COMPILER_KERNELS_ROUNDEDINPUTS_H

#include "KernelHarness.h"
#include "compiler/interpreter/Rounding.h"
#include <cmath>

namespace ingot::test {

/// The attributes of a function whose steps take prompts.
inline constexpr const char *kPrompts =
    " attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = "
    "256, sequences = 1, rows = 1, context = 256>} ";

inline std::string matrix(int64_t columns) {
  return "tensor<?x" + std::to_string(columns) + "xf32>";
}

/// Rows of `width` values, each as a product takes it that rounds its inputs to
/// `format`, "bf16" or "f8E4M3FN".
inline Floats rounded(const std::string &format, Floats x, int64_t width) {
  for (size_t at = 0; at < x.size(); at += width)
    for (int64_t k = 0; k < width; k += 128)
      if (format == "bf16")
        for (int64_t i = k; i < std::min(k + 128, width); ++i)
          x[at + i] = compiler::roundToBF16(x[at + i]);
      else
        compiler::roundBlock(&x[at + k], 1, std::min<int64_t>(128, width - k),
                             width);
  return x;
}

/// A sum of products, and the size of its terms.
struct NaiveSum {
  double sum = 0, magnitude = 0;

  void add(double a, double b) {
    sum += a * b;
    magnitude += std::fabs(a * b);
  }
};

/// Row `row` of an [n, k] weight times x.
inline NaiveSum multiplied(const TestWeight &w, int64_t row, const float *x) {
  NaiveSum sum;
  for (int64_t k = 0; k < w.k; ++k)
    sum.add(w.values[row * w.k + k], x[k]);
  return sum;
}

inline double silu(double x) { return x / (1 + std::exp(-x)); }

} // namespace ingot::test

#endif // INGOT_TEST_COMPILER_KERNELS_ROUNDEDINPUTS_H
