//===- Parameters.cpp - how many parameters a model has -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Parameters.h"
#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace ingot::compiler {

namespace {

/// Who uses a weight.
struct Use {
  bool byStep = false;
  /// The largest share that an op of `step` takes for a token.
  int64_t active = 0;
};

int64_t elementsFor(Operation *op, unsigned operand, int64_t elements) {
  auto compute = dyn_cast<ir::ComputeOpInterface>(op);
  if (!compute)
    return elements;
  auto [taken, parts] = compute.getTokenShare(operand);
  return elements / parts * taken;
}

/// By the name of the weight.
llvm::StringMap<Use> usesOf(ModuleOp module) {
  llvm::StringMap<Use> uses;
  for (auto function : module.getOps<func::FuncOp>())
    function.walk([&](ir::GetWeightOp get) {
      Use &use = uses[get.getWeight()];
      if (function.getSymName() != "step")
        return;
      use.byStep = true;
      auto type = cast<RankedTensorType>(get.getType());
      if (type.getRank() < 2)
        return;
      int64_t elements = type.getNumElements();
      for (OpOperand &operand : get->getUses())
        use.active = std::max(
            use.active, elementsFor(operand.getOwner(),
                                    operand.getOperandNumber(), elements));
    });
  return uses;
}

} // namespace

ParameterCount countParameters(ModuleOp module) {
  llvm::StringMap<Use> uses = usesOf(module);
  ParameterCount count;
  for (auto weight : module.getOps<ir::WeightOp>()) {
    Use use = uses.lookup(weight.getSymName());
    (use.byStep ? count.all : count.mtp) +=
        weight.getTensorType().getNumElements();
    count.active += use.active;
  }
  return count;
}

} // namespace ingot::compiler
