//===- Weights.h - Where the interpreter's weights come from ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sources turn a weight symbol into numbers: every element decoded and, if it
// is scaled, multiplied by its block's scale. NaN codes stay NaN.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_WEIGHTS_H
#define INGOT_COMPILER_INTERPRETER_WEIGHTS_H

#include "compiler/interpreter/Tensor.h"
#include "dialects/Ingot/IngotDialect.h"
#include "llvm/Support/Error.h"

#include <functional>

namespace ingot::storage {
class Checkpoint;
} // namespace ingot::storage

namespace ingot::compiler {

/// The dequantised values of a weight, of the weight's shape, or why there are
/// none.
template <typename Real>
using WeightSource =
    std::function<llvm::Expected<Tensor<Real>>(ir::WeightOp weight)>;

/// Reads the `value` and `scale_value` that the weight carries itself; a weight
/// that names a checkpoint tensor is an error.
template <typename Real>
WeightSource<Real> inlineWeights();

/// Reads the tensors that weights name from `checkpoint`, which must outlive
/// the source; weights with a `value` as `inlineWeights` does. A tensor that is
/// missing or of another type or shape is an error.
template <typename Real>
WeightSource<Real> checkpointWeights(const storage::Checkpoint &checkpoint);

/// The values of a dense attribute of floats or integers of up to 32 bits.
template <typename Real>
llvm::Expected<Tensor<Real>> denseValues(mlir::ElementsAttr attribute);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_WEIGHTS_H
