//===- CpuProblems.cpp - from ops to the problems of contracts ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CpuProblems.h"
#include "dialects/Ingot/Rope.h"

using namespace mlir;
using namespace ingot::kernels;

namespace ingot::compiler {

static int64_t dim(Value value, unsigned i) {
  return cast<RankedTensorType>(value.getType()).getDimSize(i);
}

LogicalResult expectFloat32(Operation *op) {
  auto types =
      llvm::concat<const Type>(op->getOperandTypes(), op->getResultTypes());
  for (Type type : types) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || tensor.hasStaticShape())
      continue;
    Type element = tensor.getElementType();
    if (!element.isF32() && !element.isInteger(32))
      return op->emitOpError()
             << "has no kernel: expects float32 activations, got " << type;
  }
  return success();
}

FailureOr<WeightFormat> weightFormat(Operation *op, Value weight) {
  Type element = cast<RankedTensorType>(weight.getType()).getElementType();
  if (element.isF32())
    return WeightFormat{Format::F32};
  if (element.isF16())
    return WeightFormat{Format::F16};
  if (element.isBF16())
    return WeightFormat{Format::BF16};
  auto scaled = dyn_cast<ir::ScaledType>(element);
  if (scaled && isa<Float8E4M3FNType>(scaled.getValue()) &&
      scaled.getScale().isF32())
    return WeightFormat{Format::F8E4M3, scaled.getBlock()[0],
                        scaled.getBlock()[1]};
  return op->emitOpError()
         << "has no kernel: expects weights in f32, f16, bf16 or f8E4M3FN "
            "with f32 scales, got "
         << weight.getType();
}

/// How the rows of an op's cache are stored.
static FailureOr<Format> cacheFormat(Operation *op, ir::KVCacheType cache) {
  if (cache.getElement().isF32())
    return Format::F32;
  if (cache.getElement().isBF16())
    return Format::BF16;
  if (isa<Float8E4M3FNType>(cache.getElement()))
    return Format::F8E4M3;
  return op->emitOpError()
         << "has no kernel: expects a cache of f32, bf16 or f8E4M3FN, got "
         << cache;
}

/// What an op rounds its inputs to.
static Format inputFormat(ir::ProductOpInterface op) {
  TypeAttr inputs = op.getInputsAttr();
  if (!inputs)
    return Format::F32;
  return inputs.getValue().isBF16() ? Format::BF16 : Format::F8E4M3;
}

/// Of a product of [n, k] weights without a bias.
static Linear::Problem plainProblem(ir::ProductOpInterface op,
                                    WeightFormat format, Value weight) {
  Linear::Problem problem{format, dim(weight, 0), dim(weight, 1)};
  problem.inputs = inputFormat(op);
  return problem;
}

FailureOr<Linear::Problem> linearProblem(ir::LinearOp op) {
  FailureOr<WeightFormat> format = weightFormat(op, op.getWeight());
  if (failed(format))
    return failure();
  Linear::Problem problem = plainProblem(op, *format, op.getWeight());
  if (Value bias = op.getBias()) {
    FailureOr<WeightFormat> biasFormat = weightFormat(op, bias);
    if (failed(biasFormat))
      return failure();
    problem.biased = true;
    problem.bias = biasFormat->format;
  }
  return problem;
}

static LogicalResult expectOneFormat(Operation *op, Value gate, Value up) {
  FailureOr<WeightFormat> first = weightFormat(op, gate);
  FailureOr<WeightFormat> second = weightFormat(op, up);
  if (failed(first) || failed(second))
    return failure();
  if (!(*first == *second))
    return op->emitOpError()
           << "has no kernel: expects gate and up in one format, got "
           << gate.getType() << " and " << up.getType();
  return success();
}

FailureOr<Linear::Problem> gatedLinearProblem(ir::GatedLinearOp op) {
  if (failed(expectOneFormat(op, op.getGate(), op.getUp())))
    return failure();
  return plainProblem(op, *weightFormat(op, op.getGate()), op.getGate());
}

FailureOr<Linear::Problem> sharedUpProblem(ir::ExpertsOp op) {
  Value gate = op.getShared()[0];
  if (failed(expectOneFormat(op, gate, op.getShared()[1])))
    return failure();
  return plainProblem(op, *weightFormat(op, gate), gate);
}

FailureOr<Linear::Problem> sharedDownProblem(ir::ExpertsOp op) {
  Value down = op.getShared()[2];
  FailureOr<WeightFormat> format = weightFormat(op, down);
  if (failed(format))
    return failure();
  return plainProblem(op, *format, down);
}

FailureOr<Linear::Problem> logitsProblem(ir::LogitsOp op) {
  FailureOr<WeightFormat> format = weightFormat(op, op.getHead());
  if (failed(format))
    return failure();
  return Linear::Problem{*format, dim(op.getHead(), 0), dim(op.getHead(), 1)};
}

FailureOr<Embed::Problem> embedProblem(ir::EmbedOp op) {
  FailureOr<WeightFormat> format = weightFormat(op, op.getTable());
  if (failed(format))
    return failure();
  return Embed::Problem{*format, dim(op.getTable(), 0), dim(op.getTable(), 1)};
}

FailureOr<Quantize::Problem> quantizeProblem(ir::QuantizeOp op) {
  FailureOr<WeightFormat> from = weightFormat(op, op.getX());
  FailureOr<WeightFormat> to = weightFormat(op, op.getResult());
  if (failed(from) || failed(to))
    return failure();
  unsigned rank = cast<RankedTensorType>(op.getType()).getRank();
  Quantize::Problem problem{{from->format, to->blockRows, to->blockColumns},
                            dim(op.getX(), rank - 2),
                            dim(op.getX(), rank - 1)};
  if (auto transpose = op.getX().getDefiningOp<ir::TransposeOp>()) {
    problem.columns = dim(transpose.getX(), rank - 1);
    problem.from = transpose.getFrom();
  }
  return problem;
}

FailureOr<Transpose::Problem> transposeProblem(ir::TransposeOp op) {
  FailureOr<WeightFormat> format = weightFormat(op, op.getX());
  if (failed(format))
    return failure();
  unsigned rank = cast<RankedTensorType>(op.getType()).getRank();
  return Transpose::Problem{format->format, dim(op.getResult(), rank - 2),
                            dim(op.getResult(), rank - 1),
                            dim(op.getX(), rank - 1), int64_t(op.getFrom())};
}

FailureOr<RmsNorm::Problem> headNormProblem(ir::RMSNormOp op) {
  RmsNorm::Problem problem{};
  problem.heads = op.getHeads();
  problem.k = dim(op.getX(), 1) / problem.heads;
  problem.eps = op.getEps().convertToDouble();
  problem.weighted = static_cast<bool>(op.getWeight());
  if (!problem.weighted)
    return problem;
  FailureOr<WeightFormat> format = weightFormat(op, op.getWeight());
  if (failed(format))
    return failure();
  problem.weight = *format;
  return problem;
}

FailureOr<RmsNorm::Problem> rmsNormProblem(Operation *op, Value weight,
                                           double eps) {
  FailureOr<WeightFormat> format = weightFormat(op, weight);
  if (failed(format))
    return failure();
  return RmsNorm::Problem{*format, dim(weight, 0), eps};
}

FailureOr<Route::Problem> routeProblem(ir::RouteOp op) {
  ir::RoutingAttr routing = op.getRouting();
  Route::Problem problem;
  if (Value bias = op.getBias()) {
    FailureOr<WeightFormat> format = weightFormat(op, bias);
    if (failed(format))
      return failure();
    problem.biased = true;
    problem.bias = *format;
  } else {
    problem.biased = false;
  }
  problem.softmax = routing.getScore() == ir::ScoreFunction::Softmax;
  problem.experts = dim(op.getLogits(), 1);
  problem.topK = routing.getTopK();
  problem.groups = routing.getGroups();
  problem.topGroups = routing.getTopGroups();
  problem.top2Sum = routing.getGroupScore() == ir::GroupScore::Top2Sum;
  problem.renormalize = routing.getRenormalize();
  problem.byLogits = routing.getChooseBy() == ir::ChooseBy::Logits;
  problem.scale = routing.getScale().getValueAsDouble();
  return problem;
}

Rope::Problem ropeProblem(ir::RopeOp op, SmallVector<double> &frequencies) {
  ir::RopeAttr rope = op.getRope();
  frequencies = ir::inverseFrequencies(rope);
  int64_t heads = op.getHeads();
  return {heads,
          dim(op.getX(), 1) / heads,
          rope.getDim() / 2,
          rope.getLayout() == ir::PairLayout::Interleaved,
          ir::rotationMagnitude(rope),
          frequencies.data()};
}

/// The sizes that the ops around kv_b share.
template <typename Op>
static FailureOr<LatentHeads> latentHeads(Op op, int64_t rope) {
  FailureOr<WeightFormat> format = weightFormat(op, op.getKvB());
  if (failed(format))
    return failure();
  int64_t heads = op.getHeads(), nope = op.getNopeDim(),
          value = op.getValueDim();
  return LatentHeads{*format, heads, dim(op.getKvB(), 1), nope, rope, value};
}

FailureOr<LatentAttention::Problem>
latentAttentionProblem(ir::LatentAttentionOp op, PagedCache pages) {
  FailureOr<LatentHeads> sizes = latentHeads(op, op.getRopeDim());
  FailureOr<Format> format = cacheFormat(op, op.getCache().getType());
  if (failed(sizes) || failed(format))
    return failure();
  pages.format = *format;
  return LatentAttention::Problem{*sizes, op.getScale().convertToDouble(),
                                  pages};
}

static AttentionMask attentionMask(Attribute mask) {
  if (auto chunked = dyn_cast_or_null<ir::ChunkedAttr>(mask))
    return {AttentionMask::Chunked, chunked.getSize()};
  if (auto sliding = dyn_cast_or_null<ir::SlidingAttr>(mask))
    return {AttentionMask::Sliding, sliding.getSize()};
  return {};
}

FailureOr<AttentionHeads> attentionProblem(ir::AttentionOp op,
                                           PagedCache pages) {
  FailureOr<Format> format = cacheFormat(op, op.getCache().getType());
  if (failed(format))
    return failure();
  pages.format = *format;
  Temperature temperature;
  if (ir::TemperatureAttr attr = op.getTemperatureAttr())
    temperature = {attr.getFloor(), attr.getScale().getValueAsDouble()};
  int64_t heads = op.getHeads();
  return AttentionHeads{heads,
                        static_cast<int64_t>(op.getKvHeads()),
                        dim(op.getQ(), 1) / heads,
                        op.getScale().convertToDouble(),
                        attentionMask(op.getMaskAttr()),
                        temperature,
                        pages};
}

FailureOr<AbsorbQuery::Problem> absorbQueryProblem(ir::AbsorbQueryOp op) {
  return latentHeads(op, op.getRopeDim());
}

FailureOr<ProjectValue::Problem> projectValueProblem(ir::ProjectValueOp op) {
  return latentHeads(op, /*rope=*/0);
}

FailureOr<AttendLatent::Problem> attendLatentProblem(ir::AttendLatentOp op,
                                                     PagedCache pages) {
  ir::KVCacheType cache = op.getCache().getType();
  FailureOr<Format> format = cacheFormat(op, cache);
  if (failed(format))
    return failure();
  pages.format = *format;
  int64_t heads = op.getHeads(), rope = op.getRopeDim();
  return AttendLatent::Problem{heads, cache.getWidth() - rope, rope,
                               op.getScale().convertToDouble(), pages};
}

FailureOr<KvAppend::Problem> kvAppendProblem(ir::KVAppendOp op) {
  FailureOr<Format> format = cacheFormat(op, op.getCache().getType());
  if (failed(format))
    return failure();
  return KvAppend::Problem{dim(op.getHead(), 1), dim(op.getTail(), 1), *format};
}

static LogicalResult expectStacked(ir::ExpertsOp op, Value weight,
                                   StringRef what) {
  auto get = weight.getDefiningOp<ir::GetWeightOp>();
  auto declared = get ? SymbolTable::lookupNearestSymbolFrom<ir::WeightOp>(
                            op, get.getWeightAttr())
                      : nullptr;
  if (declared && declared.isStacked())
    return success();
  return op.emitOpError() << "has no kernel: expects " << what
                          << " to be a weight of one tensor an expert";
}

FailureOr<ExpertsUp::Problem> expertsUpProblem(ir::ExpertsOp op) {
  if (failed(expectStacked(op, op.getGate(), "gate")) ||
      failed(expectStacked(op, op.getUp(), "up")))
    return failure();
  if (failed(expectOneFormat(op, op.getGate(), op.getUp())))
    return failure();
  return ExpertsUp::Problem{*weightFormat(op, op.getGate()),
                            dim(op.getGate(), 1),
                            dim(op.getGate(), 2),
                            dim(op.getIndices(), 1),
                            dim(op.getGate(), 0),
                            op.getWeightsOnInput(),
                            inputFormat(op)};
}

FailureOr<ExpertsDown::Problem> expertsDownProblem(ir::ExpertsOp op) {
  if (failed(expectStacked(op, op.getDown(), "down")))
    return failure();
  FailureOr<WeightFormat> format = weightFormat(op, op.getDown());
  if (failed(format))
    return failure();
  return ExpertsDown::Problem{*format,
                              dim(op.getDown(), 1),
                              dim(op.getDown(), 2),
                              dim(op.getIndices(), 1),
                              dim(op.getDown(), 0),
                              op.getWeightsOnInput(),
                              inputFormat(op)};
}

} // namespace ingot::compiler
