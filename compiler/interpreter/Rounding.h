//===- Rounding.h - values that narrow formats can hold ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `Real` is float or double; the result is exact in either.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_ROUNDING_H
#define INGOT_COMPILER_INTERPRETER_ROUNDING_H

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace ingot::compiler {

constexpr float kLargestE4M3 = 448;

/// The nearest number of `bits` bits behind the leading one, ties to even,
/// whose steps below 2^`least` stay as large as there. `value` is finite.
template <typename Real>
Real roundToBits(Real value, int bits, int least) {
  Real magnitude = std::max(std::fabs(value), std::ldexp(Real(1), least));
  Real step = std::ldexp(Real(1), std::ilogb(magnitude) - bits);
  return std::nearbyint(value / step) * step;
}

/// The E4M3 nearest to `value`, ties to even, at most +-448; NaN for NaN.
template <typename Real>
Real roundToE4M3(Real value) {
  if (std::isnan(value))
    return value;
  if (std::fabs(value) >= Real(kLargestE4M3))
    return std::copysign(Real(kLargestE4M3), value);
  return roundToBits(value, /*bits=*/3, /*least=*/-6);
}

/// The bf16 nearest to `value`, ties to even, beyond the largest an infinity;
/// NaN for NaN.
template <typename Real>
Real roundToBF16(Real value) {
  if (!std::isfinite(value))
    return value;
  Real rounded = roundToBits(value, /*bits=*/7, /*least=*/-126);
  return std::fabs(rounded) < Real(0x1p127) * 2
             ? rounded
             : std::copysign(std::numeric_limits<Real>::infinity(), value);
}

/// One block of a matrix with `width` columns: replaces each value by what its
/// E4M3 code and the block's scale stand for, as ingot.quantize says.
template <typename Real>
void roundBlock(Real *values, int64_t rows, int64_t columns, int64_t width) {
  float amax = 0;
  for (int64_t n = 0; n < rows; ++n)
    for (int64_t k = 0; k < columns; ++k)
      if (float magnitude = std::fabs(float(values[n * width + k]));
          std::isfinite(magnitude))
        amax = std::max(amax, magnitude);
  float scale = amax / kLargestE4M3;
  if (scale < std::numeric_limits<float>::min())
    scale = 1;
  for (int64_t n = 0; n < rows; ++n)
    for (int64_t k = 0; k < columns; ++k) {
      Real &value = values[n * width + k];
      value = Real(roundToE4M3(float(value) / scale)) * Real(scale);
    }
}

/// A row of inputs, rounded as ProductOpInterface says; as it is without
/// `inputs`.
template <typename Real>
void roundInputs(mlir::TypeAttr inputs, Real *row, int64_t width) {
  if (!inputs)
    return;
  if (inputs.getValue().isBF16()) {
    for (int64_t k = 0; k < width; ++k)
      row[k] = roundToBF16(row[k]);
    return;
  }
  for (int64_t k = 0; k < width; k += ir::ProductOpInterface::kInputRun)
    roundBlock(row + k, 1,
               std::min(ir::ProductOpInterface::kInputRun, width - k), width);
}

/// What a KV cache of `element` keeps of `value`. Float32, the format that the
/// interpreter stands for with either `Real`, keeps all.
template <typename Real>
Real roundToCache(mlir::Type element, Real value) {
  if (element.isBF16())
    return roundToBF16(value);
  return llvm::isa<mlir::Float8E4M3FNType>(element) ? roundToE4M3(value)
                                                    : value;
}

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_ROUNDING_H
