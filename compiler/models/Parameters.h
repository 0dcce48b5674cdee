//===- Parameters.h - how many parameters a model has -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counted on the model as published, before a pass makes weights out of others.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_PARAMETERS_H
#define INGOT_COMPILER_MODELS_PARAMETERS_H

#include "mlir/IR/BuiltinOps.h"

namespace ingot::compiler {

/// Elements of weights; scales are no parameters.
struct ParameterCount {
  /// Of all weights that the function `step` uses.
  int64_t all = 0;
  /// Of the matrices that one token of `step` is multiplied by: of the experts
  /// those that it chooses, not the input embedding, which is looked up, and no
  /// norms or biases.
  int64_t active = 0;
  /// Of the weights that only other functions use: multi-token prediction.
  int64_t mtp = 0;
};

/// Counts the weights of an imported module.
ParameterCount countParameters(mlir::ModuleOp module);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_PARAMETERS_H
