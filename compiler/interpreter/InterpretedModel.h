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

/// The functions of a module as compiler/models/Import.h describes them: @step
/// or, once that is split, @prefill, @decode and @score; and @draft, if there
/// is one. Refers to the module.
template <typename Real>
class InterpretedModel : public eval::Evaluated {
public:
  /// InvalidInput unless the module has them with the expected types.
  static Result<std::unique_ptr<InterpretedModel>>
  create(mlir::ModuleOp module, WeightSource<Real> weights);

  int64_t vocabSize() const override { return vocab; }
  int64_t hiddenSize() const override { return hidden; }
  bool hasDraft() const override { return draftFunction != nullptr; }

  Result<eval::Evaluation> run(std::span<const int32_t> tokens, int64_t rows,
                               bool taps) override;
  Result<std::vector<float>> decode(std::span<const int32_t> prompt,
                                    std::span<const int32_t> answer) override;
  Result<std::vector<float>> draft(std::span<const int32_t> tokens,
                                   std::span<const float> hidden) override;

private:
  InterpretedModel(mlir::ModuleOp module, WeightSource<Real> weights)
      : interpreter(module, std::move(weights)) {}

  Result<llvm::SmallVector<Datum<Real>>>
  call(llvm::StringRef function, llvm::ArrayRef<Datum<Real>> arguments);
  Datum<Real> emptyCache() const {
    return KVCache<Real>(cache.getLayers(), cache.getWidth());
  }

  /// Which functions score, take prompts and continue.
  llvm::StringRef scoreName = "step", prefillName = "step", decodeName = "step";
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
