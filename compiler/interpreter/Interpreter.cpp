//===- Interpreter.cpp - Naive evaluation of ingot functions --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Interpreter.h"
#include "compiler/interpreter/Ops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace ingot::compiler {

template <typename Real>
using Data = std::vector<Datum<Real>>;

LogicalResult expectRows(Operation *op, StringRef what, int64_t rows,
                         int64_t expected) {
  if (rows == expected)
    return success();
  return op->emitOpError() << "expects " << what << " to have " << expected
                           << " rows, got " << rows;
}

namespace {

template <typename Real>
FailureOr<Data<Real>> asData(MaybeTensor<Real> tensor) {
  if (failed(tensor))
    return failure();
  return Data<Real>{std::make_shared<Tensor<Real>>(std::move(*tensor))};
}

template <typename Real>
FailureOr<Data<Real>> asData(MaybeTensorPair<Real> pair) {
  if (failed(pair))
    return failure();
  return Data<Real>{std::make_shared<Tensor<Real>>(std::move(pair->first)),
                    std::make_shared<Tensor<Real>>(std::move(pair->second))};
}

template <typename Real>
FailureOr<Data<Real>> asData(FailureOr<KVCache<Real>> cache) {
  if (failed(cache))
    return failure();
  return Data<Real>{std::move(*cache)};
}

LogicalResult checkTensor(Operation *op, Type type, ArrayRef<int64_t> shape) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  bool fits = tensor && tensor.getRank() > 0 &&
              tensor.getRank() == static_cast<int64_t>(shape.size());
  // Ops may count on the verifier for all dimensions but the leading one.
  for (size_t i = 0; fits && i < shape.size(); ++i)
    fits =
        tensor.getDimSize(i) == shape[i] || (i == 0 && tensor.isDynamicDim(0));
  if (fits)
    return success();
  return op->emitError() << "expects a value of type " << type
                         << ", got a tensor of shape ["
                         << llvm::make_range(shape.begin(), shape.end()) << "]";
}

LogicalResult checkBatch(Operation *op, const Batch &batch) {
  size_t rows = batch.tokens.size();
  bool fits = batch.positions.size() == rows && batch.sequences.size() == rows;
  auto negative = [](int32_t value) { return value < 0; };
  fits = fits && llvm::none_of(batch.positions, negative);
  for (int32_t row : batch.logitRows)
    fits = fits && row >= 0 && row < batch.rows();
  if (fits)
    return success();
  return op->emitError() << "expects a batch of " << rows
                         << " rows to have as many positions (of 0 or more) "
                            "and sequences, and logit rows among its rows";
}

/// Emits an error at `op` unless `datum` is a value of `type`.
template <typename Real>
LogicalResult checkType(Operation *op, Type type, const Datum<Real> &datum) {
  if (auto *tensor = std::get_if<TensorPtr<Real>>(&datum))
    return checkTensor(op, type, (*tensor)->shape);
  if (auto *batch = std::get_if<Batch>(&datum);
      batch && isa<ir::BatchType>(type))
    return checkBatch(op, *batch);
  auto *cache = std::get_if<KVCache<Real>>(&datum);
  auto cacheType = dyn_cast<ir::KVCacheType>(type);
  if (cache && cacheType && cache->width == cacheType.getWidth() &&
      static_cast<int64_t>(cache->layers.size()) == cacheType.getLayers())
    return success();
  auto diagnostic = op->emitError()
                    << "expects a value of type " << type << ", got a ";
  if (cache)
    return diagnostic << "cache of " << cache->layers.size() << "x"
                      << cache->width;
  return diagnostic << "batch";
}

/// The values of an op's operands. The verifier saw to it that each is of the
/// kind asked for.
template <typename Real>
struct Operands {
  const llvm::DenseMap<mlir::Value, Datum<Real>> &frame;

  const Tensor<Real> &tensor(mlir::Value value) const {
    return *std::get<TensorPtr<Real>>(frame.find(value)->second);
  }
  /// Null for an optional operand that is not there.
  const Tensor<Real> *find(mlir::Value value) const {
    return value ? &tensor(value) : nullptr;
  }
  const Batch &batch(mlir::Value value) const {
    return std::get<Batch>(frame.find(value)->second);
  }
  const KVCache<Real> &cache(mlir::Value value) const {
    return std::get<KVCache<Real>>(frame.find(value)->second);
  }
};

template <typename Real>
FailureOr<Data<Real>> computeConstant(arith::ConstantOp op) {
  auto elements = dyn_cast<ElementsAttr>(op.getValue());
  if (!elements)
    return op.emitOpError() << "expects a tensor, got " << op.getType();
  llvm::Expected<Tensor<Real>> tensor = denseValues<Real>(elements);
  if (!tensor)
    return op.emitOpError() << llvm::toString(tensor.takeError());
  return asData<Real>(MaybeTensor<Real>(std::move(*tensor)));
}

/// Token.td, Elementwise.td, Norm.td and Linear.td.
template <typename Real>
FailureOr<Data<Real>> computeRows(Operation &op, const Operands<Real> &in) {
  auto data = [](auto result) { return asData<Real>(std::move(result)); };
  return llvm::TypeSwitch<Operation *, FailureOr<Data<Real>>>(&op)
      .Case([&](ir::EmbedOp o) {
        return data(embed(o, in.batch(o.getBatch()), in.tensor(o.getTable())));
      })
      .Case([&](ir::LogitsOp o) {
        return data(logits(o, in.tensor(o.getX()), in.tensor(o.getHead()),
                           in.batch(o.getBatch())));
      })
      .Case([&](ir::ChooseOp o) {
        return data(
            choose(o, in.tensor(o.getLogits()), in.batch(o.getBatch())));
      })
      .Case([&](ir::AddOp o) {
        return data(add(o, in.tensor(o.getLhs()), in.tensor(o.getRhs())));
      })
      .Case([&](ir::ConcatOp o) {
        return data(concat(o, in.tensor(o.getLhs()), in.tensor(o.getRhs())));
      })
      .Case([&](ir::SplitOp o) { return data(split(o, in.tensor(o.getX()))); })
      .Case([&](ir::SwigluOp o) {
        return data(swiglu(o, in.tensor(o.getGate()), in.tensor(o.getUp())));
      })
      .Case([&](ir::RMSNormOp o) {
        return data(rmsNorm(o, in.tensor(o.getX()), in.find(o.getWeight())));
      })
      .Case([&](ir::AddRMSNormOp o) {
        return data(addRmsNorm(o, in.tensor(o.getX()), in.tensor(o.getUpdate()),
                               in.tensor(o.getWeight())));
      })
      .Case([&](ir::LinearOp o) {
        return data(linear(o, in.tensor(o.getX()), in.tensor(o.getWeight()),
                           in.find(o.getBias())));
      })
      .Case([&](ir::GatedLinearOp o) {
        return data(gatedLinear(o, in.tensor(o.getX()), in.tensor(o.getGate()),
                                in.tensor(o.getUp())));
      })
      .Default([](Operation *o) -> FailureOr<Data<Real>> {
        return o->emitError() << "expects an op that the interpreter knows, "
                                 "got '"
                              << o->getName() << "'";
      });
}

/// Attention.td, MoE.td, Layout.td and Quant.td; other ops are passed on.
template <typename Real>
FailureOr<Data<Real>> computeBlock(Operation &op, const Operands<Real> &in) {
  auto data = [](auto result) { return asData<Real>(std::move(result)); };
  return llvm::TypeSwitch<Operation *, FailureOr<Data<Real>>>(&op)
      .Case([&](ir::RopeOp o) {
        return data(rope(o, in.tensor(o.getX()), in.batch(o.getBatch())));
      })
      .Case([&](ir::KVAppendOp o) {
        return data(kvAppend(o, in.cache(o.getCache()), in.tensor(o.getHead()),
                             in.tensor(o.getTail()), in.batch(o.getBatch())));
      })
      .Case([&](ir::AttentionOp o) {
        return data(attention(o, in.tensor(o.getQ()), in.cache(o.getCache()),
                              in.batch(o.getBatch())));
      })
      .Case([&](ir::LatentAttentionOp o) {
        return data(
            latentAttention(o, in.tensor(o.getQ()), in.cache(o.getCache()),
                            in.tensor(o.getKvB()), in.batch(o.getBatch())));
      })
      .Case([&](ir::AbsorbQueryOp o) {
        return data(absorbQuery(o, in.tensor(o.getQ()), in.tensor(o.getKvB())));
      })
      .Case([&](ir::AttendLatentOp o) {
        return data(attendLatent(o, in.tensor(o.getQuery()),
                                 in.cache(o.getCache()),
                                 in.batch(o.getBatch())));
      })
      .Case([&](ir::ProjectValueOp o) {
        return data(
            projectValue(o, in.tensor(o.getLatent()), in.tensor(o.getKvB())));
      })
      .Case([&](ir::RouteOp o) {
        return data(route(o, in.tensor(o.getLogits()), in.find(o.getBias())));
      })
      .Case([&](ir::ExpertsOp o) {
        SharedNetwork<Real> shared;
        if (!o.getShared().empty())
          shared = {&in.tensor(o.getShared()[0]), &in.tensor(o.getShared()[1]),
                    &in.tensor(o.getShared()[2])};
        return data(experts(o, in.tensor(o.getX()), in.tensor(o.getWeights()),
                            in.tensor(o.getIndices()), in.tensor(o.getGate()),
                            in.tensor(o.getUp()), in.tensor(o.getDown()),
                            shared));
      })
      .Case([&](ir::TransposeOp o) {
        return data(transpose(o, in.tensor(o.getX())));
      })
      .Case([&](ir::QuantizeOp o) {
        return data(quantize(o, in.tensor(o.getX())));
      })
      .Default([&](Operation *o) { return computeRows(*o, in); });
}

} // namespace

template <typename Real>
FailureOr<Data<Real>> Interpreter<Real>::readWeight(ir::GetWeightOp op) {
  auto symbol = SymbolTable::lookupNearestSymbolFrom<ir::WeightOp>(
      op, op.getWeightAttr());
  if (symbol.getPacked() && !weights.contains(symbol) && failed(packWeights()))
    return failure();
  TensorPtr<Real> &known = weights[symbol];
  if (!known) {
    llvm::Expected<Tensor<Real>> values = source(symbol);
    if (!values)
      return symbol.emitOpError() << llvm::toString(values.takeError());
    known = std::make_shared<Tensor<Real>>(std::move(*values));
  }
  return Data<Real>{known};
}

/// The verifier saw to it that every packed weight is a result of @pack.
template <typename Real>
LogicalResult Interpreter<Real>::packWeights() {
  FailureOr<Data<Real>> results = call(ir::IngotDialect::kPackFunction, {});
  if (failed(results))
    return failure();
  auto pack =
      module.lookupSymbol<func::FuncOp>(ir::IngotDialect::kPackFunction);
  for (auto weight : module.getOps<ir::WeightOp>())
    if (weight.getPacked())
      weights[weight] =
          std::get<TensorPtr<Real>>((*results)[*weight.findResult(pack)]);
  return success();
}

template <typename Real>
FailureOr<Data<Real>> Interpreter<Real>::compute(Operation &op,
                                                 const Frame &frame) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return computeConstant<Real>(constant);
  if (auto weight = dyn_cast<ir::GetWeightOp>(op))
    return readWeight(weight);
  return computeBlock(op, Operands<Real>{frame});
}

template <typename Real>
LogicalResult Interpreter<Real>::evaluate(Operation &op, Frame &frame) {
  FailureOr<Data<Real>> results = compute(op, frame);
  if (failed(results))
    return failure();
  for (auto [value, datum] : llvm::zip_equal(op.getResults(), *results)) {
    if (failed(checkType(&op, value.getType(), datum)))
      return failure();
    frame[value] = datum;
  }
  auto tap = op.getAttrOfType<StringAttr>(ir::IngotDialect::kTapAttr);
  if (tap && observer)
    if (auto *tensor = std::get_if<TensorPtr<Real>>(&results->front()))
      observer(tap.getValue(), **tensor);
  return success();
}

template <typename Real>
FailureOr<Data<Real>> Interpreter<Real>::call(StringRef name,
                                              ArrayRef<Datum<Real>> arguments) {
  auto function = module.lookupSymbol<func::FuncOp>(name);
  if (!function || function.isExternal())
    return module.emitError()
           << "expects a function '" << name << "' with a body";
  if (function.getNumArguments() != arguments.size())
    return function.emitError() << "expects " << function.getNumArguments()
                                << " arguments, got " << arguments.size();
  Frame frame;
  for (auto [value, datum] :
       llvm::zip_equal(function.getArguments(), arguments)) {
    if (failed(checkType(function, value.getType(), datum)))
      return failure();
    frame[value] = datum;
  }
  for (Operation &op : function.getBody().front()) {
    if (!isa<func::ReturnOp>(op)) {
      if (failed(evaluate(op, frame)))
        return failure();
      continue;
    }
    Data<Real> results;
    for (mlir::Value value : op.getOperands())
      results.push_back(frame.find(value)->second);
    return results;
  }
  return failure();
}

template class Interpreter<float>;
template class Interpreter<double>;

} // namespace ingot::compiler
