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
/// A sequence's `tokens` from position `begin` on, with logits of the last
/// `rows` of them.
static Batch makeBatch(std::span<const int32_t> tokens, size_t begin,
                       int64_t rows) {
  Batch batch;
  batch.tokens.assign(tokens.begin(), tokens.end());
  batch.positions.resize(tokens.size());
  std::iota(batch.positions.begin(), batch.positions.end(),
            static_cast<int32_t>(begin));
  batch.sequences.assign(tokens.size(), 0);
  batch.logitRows.resize(rows);
  std::iota(batch.logitRows.begin(), batch.logitRows.end(),
            static_cast<int32_t>(tokens.size() - rows));
  return batch;
}

template <typename Real>
static std::vector<float> toFloats(const Datum<Real> &datum) {
  const Tensor<Real> &tensor = *std::get<TensorPtr<Real>>(datum);
  return {tensor.data.begin(), tensor.data.end()};
}

template <typename Real>
Result<std::unique_ptr<InterpretedModel<Real>>>
InterpretedModel<Real>::create(ModuleOp module, WeightSource<Real> weights) {
  std::unique_ptr<InterpretedModel> model(
      new InterpretedModel(module, std::move(weights)));
  bool split = !module.lookupSymbol("step");
  if (split)
    model->scoreName = "score", model->prefillName = "prefill",
    model->decodeName = "decode";
  for (StringRef name :
       {model->scoreName, model->prefillName, model->decodeName}) {
    auto step = module.lookupSymbol<func::FuncOp>(name);
    if (!step || step.getNumArguments() != 2 || step.getNumResults() != 3 ||
        !isa<ir::KVCacheType>(step.getArgumentTypes()[1]))
      return invalidInput("expects @" + (split ? name : "step").str() +
                          "(batch, cache) -> (logits, hidden, cache) in the "
                          "module");
    model->cache = cast<ir::KVCacheType>(step.getArgumentTypes()[1]);
    auto width = [&](unsigned result) {
      return cast<RankedTensorType>(step.getResultTypes()[result])
          .getDimSize(1);
    };
    model->vocab = width(0);
    model->hidden = width(1);
  }
  model->draftFunction = module.lookupSymbol<func::FuncOp>("draft");
  return model;
}

template <typename Real>
Result<SmallVector<Datum<Real>>>
InterpretedModel<Real>::call(StringRef function,
                             ArrayRef<Datum<Real>> arguments) {
  auto outputs = interpreter.call(function, arguments);
  if (failed(outputs))
    return internalError("the interpreter failed in @" + function.str());
  return SmallVector<Datum<Real>>(outputs->begin(), outputs->end());
}

template <typename Real>
Result<eval::Evaluation>
InterpretedModel<Real>::run(std::span<const int32_t> tokens, int64_t rows,
                            bool taps) {
  eval::Evaluation result;
  if (taps)
    interpreter.setObserver([&](StringRef tap, const Tensor<Real> &value) {
      result.taps.push_back(
          {tap.str(), {value.data.begin(), value.data.end()}});
    });
  auto outputs = call(scoreName, {makeBatch(tokens, 0, rows), emptyCache()});
  interpreter.setObserver(nullptr);
  if (!outputs)
    return outputs.status();
  result.logits = toFloats((*outputs)[0]);
  result.hidden = toFloats((*outputs)[1]);
  return result;
}

template <typename Real>
Result<std::vector<float>>
InterpretedModel<Real>::decode(std::span<const int32_t> prompt,
                               std::span<const int32_t> answer) {
  auto first = call(prefillName, {makeBatch(prompt, 0, 1), emptyCache()});
  if (!first)
    return first.status();
  std::vector<float> logits = toFloats((*first)[0]);
  if (answer.empty())
    return logits;
  // All at once: a row sees those before it only.
  auto rest = call(decodeName, {makeBatch(answer, prompt.size(),
                                          static_cast<int64_t>(answer.size())),
                                (*first)[2]});
  if (!rest)
    return rest.status();
  std::vector<float> more = toFloats((*rest)[0]);
  logits.insert(logits.end(), more.begin(), more.end());
  return logits;
}

template <typename Real>
Result<std::vector<float>>
InterpretedModel<Real>::draft(std::span<const int32_t> tokens,
                              std::span<const float> hiddenRows) {
  auto rows = static_cast<int64_t>(tokens.size());
  Tensor<Real> input({rows, hidden});
  std::copy(hiddenRows.begin(), hiddenRows.end(), input.data.begin());
  auto outputs =
      call("draft", {makeBatch(tokens, 0, rows),
                     std::make_shared<const Tensor<Real>>(std::move(input)),
                     emptyCache()});
  if (!outputs)
    return outputs.status();
  return toFloats((*outputs)[0]);
}

template class InterpretedModel<float>;
template class InterpretedModel<double>;

} // namespace ingot::compiler
