//===- Interpreter.h - Naive evaluation of ingot functions ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The semantics of the `ingot` dialect in code, as simple as they can be: what
// passes and kernels are compared with. In float it rounds as the ops'
// descriptions say; in double it says how far that is from the truth.
//
//   Interpreter<double> interpreter(module, checkpointWeights<double>(files));
//   auto results = interpreter.call("step", {batch, KVCache<double>(5, 160)});
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_INTERPRETER_H
#define INGOT_COMPILER_INTERPRETER_INTERPRETER_H

#include "compiler/interpreter/Tensor.h"
#include "compiler/interpreter/Weights.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"

#include <functional>
#include <vector>

namespace ingot::compiler {

/// Evaluates functions of one module, in `Real` (float or double) throughout.
/// Refers to the module, which must outlive it and stay unchanged. Keeps every
/// weight it has read; runs @pack when the first packed weight is read. Not for
/// use by two threads at once.
template <typename Real>
class Interpreter {
public:
  /// Sees the first result of each op with an `ingot.tap` attribute.
  using Observer =
      std::function<void(llvm::StringRef tap, const Tensor<Real> &value)>;

  Interpreter(mlir::ModuleOp module, WeightSource<Real> source)
      : module(module), source(std::move(source)) {}

  void setObserver(Observer callback) { observer = std::move(callback); }

  /// The results of the function with this name. Failure, told as a diagnostic
  /// at the op concerned: there is no such function, an argument does not fit
  /// it, an op is not of the `ingot` dialect, a weight cannot be read, or a
  /// token, row or index is out of range.
  mlir::FailureOr<std::vector<Datum<Real>>>
  call(llvm::StringRef function, llvm::ArrayRef<Datum<Real>> arguments);

private:
  using Frame = llvm::DenseMap<mlir::Value, Datum<Real>>;

  mlir::LogicalResult evaluate(mlir::Operation &op, Frame &frame);
  mlir::FailureOr<std::vector<Datum<Real>>> compute(mlir::Operation &op,
                                                    const Frame &frame);
  mlir::FailureOr<std::vector<Datum<Real>>> readWeight(ir::GetWeightOp op);
  mlir::LogicalResult packWeights();

  mlir::ModuleOp module;
  WeightSource<Real> source;
  Observer observer;
  llvm::DenseMap<mlir::Operation *, TensorPtr<Real>> weights;
};

extern template class Interpreter<float>;
extern template class Interpreter<double>;

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_INTERPRETER_H
