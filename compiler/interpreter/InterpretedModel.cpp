//===- InterpretedModel.cpp - an interpreted module under evaluation ------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/InterpretedModel.h"

#include <numeric>

using namespace mlir;

namespace ingot::compiler {

/// One sequence from position 0, with logits of its last `rows` tokens.
static Batch wholeSequence(std::span<const int32_t> tokens, int64_t rows) {
  Batch batch;
  batch.tokens.assign(tokens.begin(), tokens.end());
  batch.positions.resize(tokens.size());
  std::iota(batch.positions.begin(), batch.positions.end(), 0);
  batch.sequences.assign(tokens.size(), 0);
  batch.logitRows.resize(rows);
  std::iota(batch.logitRows.begin(), batch.logitRows.end(),
            static_cast<int32_t>(tokens.size() - rows));
  return batch;
}

template <typename Real>
static std::vector<float> toFloats(const Tensor<Real> &tensor) {
  return {tensor.data.begin(), tensor.data.end()};
}

template <typename Real>
Result<std::unique_ptr<InterpretedModel<Real>>>
InterpretedModel<Real>::create(ModuleOp module, WeightSource<Real> weights) {
  auto step = module.lookupSymbol<func::FuncOp>("step");
  if (!step || step.getNumArguments() != 2 || step.getNumResults() != 3 ||
      !isa<ir::KVCacheType>(step.getArgumentTypes()[1]))
    return invalidInput("expects @step(batch, cache) -> (logits, hidden, "
                        "cache) in the module");
  std::unique_ptr<InterpretedModel> model(
      new InterpretedModel(module, std::move(weights)));
  model->cache = cast<ir::KVCacheType>(step.getArgumentTypes()[1]);
  auto width = [&](unsigned result) {
    return cast<RankedTensorType>(step.getResultTypes()[result]).getDimSize(1);
  };
  model->vocab = width(0);
  model->hidden = width(1);
  model->draftFunction = module.lookupSymbol<func::FuncOp>("draft");
  return model;
}

template <typename Real>
Result<eval::Evaluation>
InterpretedModel<Real>::run(std::span<const int32_t> tokens, int64_t rows,
                            bool taps) {
  eval::Evaluation result;
  if (taps)
    interpreter.setObserver([&](StringRef tap, const Tensor<Real> &value) {
      result.taps.push_back({tap.str(), toFloats(value)});
    });
  Datum<Real> arguments[] = {
      wholeSequence(tokens, rows),
      KVCache<Real>(cache.getLayers(), cache.getWidth())};
  auto outputs = interpreter.call("step", arguments);
  interpreter.setObserver(nullptr);
  if (failed(outputs))
    return internalError("the interpreter failed in @step");
  result.logits = toFloats(*std::get<TensorPtr<Real>>((*outputs)[0]));
  result.hidden = toFloats(*std::get<TensorPtr<Real>>((*outputs)[1]));
  return result;
}

template <typename Real>
Result<std::vector<float>>
InterpretedModel<Real>::draft(std::span<const int32_t> tokens,
                              std::span<const float> hiddenRows) {
  auto rows = static_cast<int64_t>(tokens.size());
  Tensor<Real> input({rows, hidden});
  std::copy(hiddenRows.begin(), hiddenRows.end(), input.data.begin());
  Datum<Real> arguments[] = {
      wholeSequence(tokens, rows),
      std::make_shared<const Tensor<Real>>(std::move(input)),
      KVCache<Real>(cache.getLayers(), cache.getWidth())};
  auto outputs = interpreter.call("draft", arguments);
  if (failed(outputs))
    return internalError("the interpreter failed in @draft");
  return toFloats(*std::get<TensorPtr<Real>>((*outputs)[0]));
}

template class InterpretedModel<float>;
template class InterpretedModel<double>;

} // namespace ingot::compiler
