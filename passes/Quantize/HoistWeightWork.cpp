//===- HoistWeightWork.cpp - work on weights is done once -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     functions of steps, with ops that read weights alone
// After:      those ops in @pack, once each; their results are packed weights
// Requires:   no @pack yet
// Guarantees: what ingot-verify-quantized checks
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OperationSupport.h"
#include "passes/Passes.h"
#include "passes/Quantize/WeightWork.h"
#include "llvm/ADT/MapVector.h"

namespace ingot::passes {
#define GEN_PASS_DEF_HOISTWEIGHTWORKPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;

namespace {

/// Tells ops apart by what they compute: name, attributes, operands and types.
struct SameWork : llvm::DenseMapInfo<Operation *> {
  static unsigned getHashValue(const Operation *op) {
    return OperationEquivalence::computeHash(
        const_cast<Operation *>(op), OperationEquivalence::directHashValue,
        OperationEquivalence::ignoreHashValue,
        OperationEquivalence::IgnoreLocations);
  }
  static bool isEqual(const Operation *a, const Operation *b) {
    if (a == b || a == getEmptyKey() || a == getTombstoneKey() ||
        b == getEmptyKey() || b == getTombstoneKey())
      return a == b;
    return OperationEquivalence::isEquivalentTo(
        const_cast<Operation *>(a), const_cast<Operation *>(b),
        OperationEquivalence::IgnoreLocations);
  }
};

/// Builds @pack and declares the weights that it computes.
class PackBuilder {
public:
  explicit PackBuilder(ModuleOp module)
      : symbols(module), builder(module.getContext()) {
    builder.setInsertionPointToEnd(module.getBody());
    pack = func::FuncOp::create(builder, module.getLoc(),
                                ir::IngotDialect::kPackFunction,
                                builder.getFunctionType({}, {}));
    pack.setPrivate();
    builder.setInsertionPointToStart(pack.addEntryBlock());
    firstFunction = *module.getOps<func::FuncOp>().begin();
  }

  /// The names of the weights that are the results of `op`, which works on
  /// weights and stands in another function.
  ArrayRef<StringAttr> hoist(Operation *op) {
    IRMapping map;
    for (Value operand : op->getOperands())
      map.map(operand, valueOf(operand));
    Operation *work = op->cloneWithoutRegions(map);
    auto [known, isNew] = names.try_emplace(work);
    if (isNew) {
      builder.insert(work);
      for (OpResult result : work->getResults())
        known->second.push_back(declare(result));
    } else {
      work->erase();
    }
    for (auto [old, now] :
         llvm::zip(op->getResults(), known->first->getResults()))
      values[old] = now;
    return known->second;
  }

  void finish() {
    SmallVector<Value> results;
    for (auto &[value, weight] : weights)
      if (weight.getPacked())
        results.push_back(value);
    func::ReturnOp::create(builder, pack.getLoc(), results);
    pack.setType(builder.getFunctionType({}, ValueRange(results).getTypes()));
    for (auto [i, value] : llvm::enumerate(results))
      pack.setResultAttr(i, ir::IngotDialect::kNameAttr,
                         weights[value].getSymNameAttr());
    symbols.insert(pack);
  }

private:
  /// The value in @pack that stands for one of another function.
  Value valueOf(Value value) {
    auto get = value.getDefiningOp<ir::GetWeightOp>();
    if (!get)
      return values.lookup(value);
    Value &known = reads[get.getWeightAttr()];
    if (!known) {
      known = builder.insert(get.clone())->getResult(0);
      weights[known] = symbols.lookup<ir::WeightOp>(get.getWeight());
    }
    return known;
  }

  /// Declares the packed weight that `result` is: named after the first weight
  /// that it is made of, in as many parts.
  StringAttr declare(OpResult result) {
    Operation *op = result.getOwner();
    ir::WeightOp source = weights[op->getOperand(0)];
    int64_t parts =
        source.isStacked() ? source.getTensorType().getDimSize(0) : 1;
    OpBuilder declarations(firstFunction);
    auto weight = ir::WeightOp::create(
        declarations, source.getLoc(),
        (source.getSymName() + "." + op->getName().stripDialect()).str(),
        cast<RankedTensorType>(result.getType()), StringAttr(), StringAttr(),
        ElementsAttr(), ElementsAttr(), builder.getI64IntegerAttr(parts));
    weights[result] = weight;
    // Renames it if the name is taken.
    return symbols.insert(weight);
  }

  SymbolTable symbols;
  OpBuilder builder;
  func::FuncOp pack, firstFunction;
  DenseMap<Operation *, SmallVector<StringAttr, 1>, SameWork> names;
  DenseMap<Attribute, Value> reads;
  /// By value of another function, the value in @pack.
  DenseMap<Value, Value> values;
  /// By value in @pack, the weight that it is.
  llvm::MapVector<Value, ir::WeightOp> weights;
};

struct HoistWeightWork
    : ingot::passes::impl::HoistWeightWorkPassBase<HoistWeightWork> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<Operation *> work;
    for (auto function : module.getOps<func::FuncOp>())
      if (!isPack(function) && !function.isExternal())
        for (Operation &op : function.front())
          if (isWeightWork(&op))
            work.push_back(&op);
    if (work.empty())
      return;
    if (auto pack = module.lookupSymbol(ir::IngotDialect::kPackFunction)) {
      pack->emitOpError() << "expects not to exist before its work is hoisted";
      return signalPassFailure();
    }
    PackBuilder packed(module);
    for (Operation *op : work)
      replace(op, packed.hoist(op));
    packed.finish();
    for (Operation *op : llvm::reverse(work))
      erase(op);
  }

  static void replace(Operation *op, ArrayRef<StringAttr> names) {
    OpBuilder builder(op);
    for (auto [result, name] : llvm::zip(op->getResults(), names)) {
      auto get = ir::GetWeightOp::create(builder, op->getLoc(),
                                         result.getType(), name);
      result.replaceUsesWithIf(
          get, [](OpOperand &use) { return !isWeightWork(use.getOwner()); });
      if (get.use_empty())
        get.erase();
    }
  }

  /// Erases `op` and the reads of weights that nothing else needs.
  static void erase(Operation *op) {
    SetVector<Value> operands(op->operand_begin(), op->operand_end());
    op->erase();
    for (Value operand : operands)
      if (auto get = operand.getDefiningOp<ir::GetWeightOp>();
          get && get.use_empty())
        get.erase();
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createHoistWeightWorkPass() {
  return std::make_unique<HoistWeightWork>();
}
