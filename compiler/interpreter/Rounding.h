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
