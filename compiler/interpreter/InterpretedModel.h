//===- InterpretedModel.h - An interpreted module to judge ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lets the evaluations of runtime/eval judge a module of the ingot dialect, so
// that import and passes are held to the goldens before any code is generated.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_INTERPRETEDMODEL_H
#define INGOT_COMPILER_INTERPRETER_INTERPRETEDMODEL_H

#include "compiler/interpreter/Interpreter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "runtime/eval/Evaluated.h"

namespace ingot::compiler {

/// The functions @step and, if there is one, @draft of a module, as
/// compiler/models/Import.h describes them. Refers to the module.
template <typename Real>
class InterpretedModel : public eval::Evaluated {
public:
  /// InvalidInput unless the module has a @step of the expected type.
  static Result<std::unique_ptr<InterpretedModel>>
  create(mlir::ModuleOp module, WeightSource<Real> weights);

  int64_t vocabSize() const override { return vocab; }
  int64_t hiddenSize() const override { return hidden; }
  bool hasDraft() const override { return draftFunction != nullptr; }

  Result<eval::Evaluation> run(std::span<const int32_t> tokens, int64_t rows,
                               bool taps) override;
  Result<std::vector<float>> draft(std::span<const int32_t> tokens,
                                   std::span<const float> hidden) override;

private:
  InterpretedModel(mlir::ModuleOp module, WeightSource<Real> weights)
      : interpreter(module, std::move(weights)) {}

  /// The KV cache argument's type.
  ir::KVCacheType cache;
  int64_t vocab = 0, hidden = 0;
  mlir::func::FuncOp draftFunction;
  Interpreter<Real> interpreter;
};

extern template class InterpretedModel<float>;
extern template class InterpretedModel<double>;

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_INTERPRETEDMODEL_H
