//===- PackLowering.cpp - the work on weights becomes launches ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Lower/PackLowering.h"

using namespace mlir;

namespace ingot::passes {

namespace {

class PackLowering {
public:
  PackLowering(func::FuncOp pack, KernelCatalogue &catalogue,
               ModuleDeclarations &declarations)
      : pack(pack), catalogue(catalogue), declarations(declarations),
        builder(pack) {
    auto op = plan::PackOp::create(builder, pack.getLoc());
    builder.setInsertionPointToStart(&op.getBody().emplaceBlock());
  }

  LogicalResult run() {
    auto ret = cast<func::ReturnOp>(pack.front().getTerminator());
    for (auto [i, value] : llvm::enumerate(ret.getOperands())) {
      auto name =
          pack.getResultAttrOfType<StringAttr>(i, ir::IngotDialect::kNameAttr);
      ir::WeightOp weight =
          name ? declarations.lookupWeight(name) : ir::WeightOp();
      if (weight && weight.getPacked())
        weights[value] = weight;
    }
    for (Operation &op : pack.front().without_terminator())
      if (failed(lowerOp(&op)))
        return failure();
    return success();
  }

private:
  LogicalResult lowerOp(Operation *op) {
    if (auto get = dyn_cast<ir::GetWeightOp>(op)) {
      weights[get] = declarations.lookupWeight(get.getWeight());
      return success();
    }
    // What is packed no further, the kernel that reads it makes on its way.
    auto isPacked = [&](Value value) { return weights.contains(value); };
    if (llvm::none_of(op->getResults(), isPacked) && !op->use_empty())
      return success();
    if (!llvm::all_of(op->getResults(), isPacked))
      return failUnpacked(op);
    FailureOr<Selection> selection = catalogue.select(op);
    if (failed(selection))
      return failure();
    for (const LaunchChoice &launch : selection->launches)
      if (failed(createLaunch(op, launch)))
        return failure();
    return success();
  }

  static LogicalResult failUnpacked(Operation *op) {
    return op->emitOpError() << "expects its results to be packed weights";
  }

  LogicalResult createLaunch(Operation *op, const LaunchChoice &launch) {
    declarations.declareKernel(op->getLoc(), launch.kernel);
    SmallVector<Value> args;
    SmallVector<int64_t> writes;
    for (const KernelArg &arg : launch.args) {
      FailureOr<StringRef> name = lowerArg(op, arg);
      if (failed(name))
        return failure();
      if (arg.kind == KernelArg::Result || arg.kind == KernelArg::ResultScales)
        writes.push_back(args.size());
      args.push_back(plan::GetPartOp::create(
          builder, op->getLoc(), plan::AddressType::get(builder.getContext()),
          *name));
    }
    plan::LaunchOp::create(
        builder, op->getLoc(),
        FlatSymbolRefAttr::get(builder.getContext(), launch.kernel),
        builder.getStringAttr(launchName(op)), gridOf(builder, launch), args,
        builder.getDenseI64ArrayAttr(writes), StringAttr(), launch.cost);
    return success();
  }

  /// The plan.weight that stands for an argument.
  FailureOr<StringRef> lowerArg(Operation *op, const KernelArg &arg) {
    switch (arg.kind) {
    case KernelArg::Operand:
      return declareRead(op->getOperand(arg.index));
    case KernelArg::Source:
      return declareRead(
          op->getOperand(arg.index).getDefiningOp()->getOperand(0));
    case KernelArg::Scales:
      return declarations.declareScales(weights[op->getOperand(arg.index)]);
    case KernelArg::Result:
      return declarations.declareValues(weights[op->getResult(arg.index)]);
    case KernelArg::ResultScales:
      return declarations.declareScales(weights[op->getResult(arg.index)]);
    case KernelArg::Scratch:
    case KernelArg::Batch:
    case KernelArg::Symbol:
      break;
    }
    return op->emitOpError() << "expects a kernel that takes weights alone";
  }

  FailureOr<StringRef> declareRead(Value value) {
    if (!weights.contains(value))
      return failUnpacked(value.getDefiningOp());
    return declarations.declareValues(weights[value]);
  }

  func::FuncOp pack;
  KernelCatalogue &catalogue;
  ModuleDeclarations &declarations;
  OpBuilder builder;
  /// What the values of the function are.
  DenseMap<Value, ir::WeightOp> weights;
};

} // namespace

LogicalResult lowerPack(func::FuncOp pack, KernelCatalogue &catalogue,
                        ModuleDeclarations &declarations) {
  return PackLowering(pack, catalogue, declarations).run();
}

} // namespace ingot::passes
