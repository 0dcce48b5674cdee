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

#include <map>

using namespace mlir;

namespace ingot::compiler {

namespace {

/// Who uses a weight.
struct Use {
  bool byStep = false;
  /// The largest share that an op of `step` takes for a token, of each part of
  /// the weight that is used by itself: by what makes the part.
  std::map<int64_t, int64_t> active;
};

/// What a token is multiplied by of `value`, a weight or a part of one.
int64_t largestShare(Value value) {
  int64_t elements = cast<RankedTensorType>(value.getType()).getNumElements();
  int64_t largest = 0;
  for (OpOperand &use : value.getUses()) {
    auto op = dyn_cast<ir::ComputeOpInterface>(use.getOwner());
    std::pair<int64_t, int64_t> share = {1, 1};
    if (op)
      share = op.getTokenShare(use.getOperandNumber());
    largest = std::max(largest, elements / share.second * share.first);
  }
  return largest;
}

void addUses(ir::GetWeightOp get, Use &use) {
  use.byStep = true;
  if (cast<RankedTensorType>(get.getType()).getRank() < 2)
    return;
  constexpr int64_t kWhole = -1;
  bool direct = false;
  for (Operation *user : get->getUsers()) {
    auto transpose = dyn_cast<ir::TransposeOp>(user);
    direct |= !transpose;
    if (!transpose)
      continue;
    int64_t &part = use.active[static_cast<int64_t>(transpose.getFrom())];
    part = std::max(part, largestShare(transpose.getResult()));
  }
  if (direct)
    use.active[kWhole] = std::max(use.active[kWhole], largestShare(get));
}

/// By the name of the weight.
llvm::StringMap<Use> usesOf(ModuleOp module) {
  llvm::StringMap<Use> uses;
  for (auto function : module.getOps<func::FuncOp>())
    function.walk([&](ir::GetWeightOp get) {
      Use &use = uses[get.getWeight()];
      if (function.getSymName() == "step")
        addUses(get, use);
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
    for (auto [part, elements] : use.active)
      count.active += elements;
  }
  return count;
}

} // namespace ingot::compiler
