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

  /// Does the work of `op`, which works on weights and stands in another
  /// function, in @pack.
  void hoist(Operation *op) {
    IRMapping map;
    for (Value operand : op->getOperands())
      map.map(operand, valueOf(operand));
    Operation *work = op->cloneWithoutRegions(map);
    auto [known, isNew] = done.insert(work);
    if (isNew)
      builder.insert(work);
    else
      work->erase();
    for (auto [old, now] : llvm::zip(op->getResults(), (*known)->getResults()))
      values[old] = now;
  }

  /// The name of the packed weight that `value` becomes, a result of work that
  /// was hoisted.
  StringAttr nameOf(Value value) {
    auto result = cast<OpResult>(values.lookup(value));
    ir::WeightOp &weight = weights[result];
    if (!weight)
      weight = declare(result);
    return weight.getSymNameAttr();
  }

  void finish() {
    SmallVector<Value> results;
    for (auto &[value, weight] : weights)
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
    if (!known)
      known = builder.insert(get.clone())->getResult(0);
    return known;
  }

  /// Declares the packed weight that `result` is: named after the first weight
  /// that it is made of and the ops on the way, in as many parts.
  ir::WeightOp declare(OpResult result) {
    std::string steps;
    Operation *op = result.getOwner();
    ir::GetWeightOp get;
    for (; !(get = dyn_cast<ir::GetWeightOp>(op));
         op = op->getOperand(0).getDefiningOp())
      steps = ("." + op->getName().stripDialect()).str() + steps;
    auto source = symbols.lookup<ir::WeightOp>(get.getWeight());
    int64_t parts =
        source.isStacked() ? source.getTensorType().getDimSize(0) : 1;
    OpBuilder declarations(firstFunction);
    auto weight = ir::WeightOp::create(
        declarations, source.getLoc(), source.getSymName().str() + steps,
        cast<RankedTensorType>(result.getType()), StringAttr(), StringAttr(),
        ElementsAttr(), ElementsAttr(), builder.getI64IntegerAttr(parts));
    // Renames it if the name is taken.
    symbols.insert(weight);
    return weight;
  }

  SymbolTable symbols;
  OpBuilder builder;
  func::FuncOp pack, firstFunction;
  DenseSet<Operation *, SameWork> done;
  DenseMap<Attribute, Value> reads;
  /// By value of another function, the value in @pack.
  DenseMap<Value, Value> values;
  /// By value in @pack, the packed weight that it is.
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
    for (Operation *op : work) {
      packed.hoist(op);
      replace(op, packed);
    }
    packed.finish();
    for (Operation *op : llvm::reverse(work))
      erase(op);
  }

  /// What other weight work alone reads does not become a weight.
  static void replace(Operation *op, PackBuilder &packed) {
    OpBuilder builder(op);
    auto isOther = [](OpOperand &use) { return !isWeightWork(use.getOwner()); };
    for (OpResult result : op->getResults()) {
      if (llvm::none_of(result.getUses(), isOther))
        continue;
      auto get = ir::GetWeightOp::create(
          builder, op->getLoc(), result.getType(), packed.nameOf(result));
      result.replaceUsesWithIf(get, isOther);
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
