//===- ModuleDeclarations.cpp - what all entries of a plan share ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Lower/ModuleDeclarations.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace ingot::passes {

std::string launchName(Operation *op) {
  if (auto loc = op->getLoc()->findInstanceOf<NameLoc>())
    return loc.getName().str();
  return op->getName().stripDialect().str();
}

ArrayAttr gridOf(Builder &builder, const LaunchChoice &launch) {
  SmallVector<Attribute> grid;
  for (const SizeExpr &size : launch.grid)
    grid.push_back(plan::ExprAttr::get(builder.getContext(), size.symbol,
                                       size.mul, size.add, size.ceilDiv));
  return builder.getArrayAttr(grid);
}

ModuleDeclarations::ModuleDeclarations(ModuleOp module,
                                       const PlanLimits &limits)
    : module(module), builder(module.getContext()), limits(limits) {
  for (auto weight : module.getOps<ir::WeightOp>())
    weights[weight.getSymName()] = weight;
  findFanIns();
}

void ModuleDeclarations::findFanIns() {
  module.walk([&](ir::GetWeightOp get) {
    auto type = cast<RankedTensorType>(get.getType());
    for (OpOperand &use : get->getUses()) {
      auto op = dyn_cast<ir::ComputeOpInterface>(use.getOwner());
      int64_t dimension = op ? op.getSumDimension(use.getOperandNumber()) : 1;
      if (dimension > 1)
        fanIns[get.getWeight()] = type.getDimSize(type.getRank() - dimension);
    }
  });
}

void ModuleDeclarations::declareFixed() {
  StepMaxima maxima = stepMaxima();
  Location loc = module.getLoc();
  // Behind the ingot.weights, which share their names with the plan's: while
  // functions are lowered, a name must still find them.
  builder.setInsertionPointToEnd(module.getBody());
  if (auto functions = module.getOps<func::FuncOp>(); !functions.empty())
    builder.setInsertionPoint(*functions.begin());
  plan::ModelOp::create(builder, loc, limits.maxContext, limits.maxBatch,
                        fact("vocab_size", 1), fact("hidden_size", 1),
                        fact("parameters", 0), fact("active_parameters", 0),
                        fact("mtp_parameters", 0));
  plan::SymbolOp::create(builder, loc, "T", maxima.tokens);
  plan::SymbolOp::create(builder, loc, "S", maxima.sequences);
  plan::SymbolOp::create(builder, loc, "R", maxima.rows);
  plan::KVCacheOp::create(builder, loc, limits.pageSize, limits.pages(),
                          limits.pagesPerSequence());
  plan::ArenaOp::create(builder, loc, kWorkspace, plan::ArenaKind::Workspace,
                        IntegerAttr());
  plan::ArenaOp::create(builder, loc, kIo, plan::ArenaKind::Io, IntegerAttr());
  last = plan::ArenaOp::create(builder, loc, kKvCache, plan::ArenaKind::KvCache,
                               IntegerAttr());
}

ModuleDeclarations::StepMaxima ModuleDeclarations::stepMaxima() {
  StepMaxima maxima{limits.maxStepTokens, limits.maxBatch,
                    limits.maxStepTokens};
  for (auto function : module.getOps<func::FuncOp>())
    if (ir::BucketAttr bucket = ir::bucketOf(function)) {
      maxima.tokens = std::max(maxima.tokens, bucket.getTokens());
      maxima.sequences = std::max(maxima.sequences, bucket.getSequences());
      maxima.rows = std::max(maxima.rows, bucket.getRows());
    }
  return maxima;
}

int64_t ModuleDeclarations::fact(StringRef name, int64_t otherwise) {
  auto model = module->getAttrOfType<DictionaryAttr>("ingot.model");
  auto fact = model ? model.getAs<IntegerAttr>(name) : IntegerAttr();
  return fact ? fact.getInt() : otherwise;
}

void ModuleDeclarations::declareKernel(Location loc, StringRef name) {
  if (!declared.insert(name).second)
    return;
  builder.setInsertionPointAfter(last);
  last = plan::KernelOp::create(builder, loc, name);
}

FailureOr<StringRef> ModuleDeclarations::declareValues(ir::WeightOp weight) {
  if (weight.getValue())
    return weight.emitOpError()
           << "expects a checkpoint tensor: a plan carries no values";
  RankedTensorType type = weight.getTensorType();
  Type element = type.getElementType();
  if (auto scaled = dyn_cast<ir::ScaledType>(element))
    element = scaled.getValue();
  return declareWeight(weight, weight.getSymNameAttr(), type.clone(element),
                       weight.getTensorAttr(), FlatSymbolRefAttr());
}

StringRef ModuleDeclarations::declareScales(ir::WeightOp weight) {
  RankedTensorType type = weight.getTensorType();
  auto scaled = cast<ir::ScaledType>(type.getElementType());
  SmallVector<int64_t> shape(type.getShape());
  for (unsigned i = 0; i < 2; ++i) {
    int64_t &size = shape[shape.size() - 2 + i];
    size = llvm::divideCeil(size, scaled.getBlock()[i]);
  }
  StringAttr name = weight.getScaleTensorAttr();
  if (!name)
    name = builder.getStringAttr(weight.getSymName() + ".scale");
  return declareWeight(weight, name,
                       RankedTensorType::get(shape, scaled.getScale()),
                       weight.getScaleTensorAttr(),
                       FlatSymbolRefAttr::get(weight.getSymNameAttr()));
}

StringRef ModuleDeclarations::declareWeight(ir::WeightOp weight,
                                            StringAttr name,
                                            RankedTensorType type,
                                            StringAttr tensor,
                                            FlatSymbolRefAttr scales) {
  if (declared.insert(name.getValue()).second) {
    builder.setInsertionPointAfter(last);
    IntegerAttr fanIn;
    if (auto known = fanIns.find(name.getValue()); known != fanIns.end())
      fanIn = builder.getI64IntegerAttr(known->getValue());
    last = plan::WeightOp::create(builder, weight.getLoc(), name,
                                  TypeAttr::get(type), tensor, scales,
                                  weight.getPackedAttr(), fanIn);
  }
  return name.getValue();
}

} // namespace ingot::passes
