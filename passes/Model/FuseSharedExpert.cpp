//===- FuseSharedExpert.cpp - a shared network beside the routed ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     the ingot.add of ingot.experts and of a SwiGLU network of the
//             same rows
// After:      ingot.experts with that network as its shared one
// Requires:   nothing
// Guarantees: the same values; networks whose gate has another format than up
//             or that have a bias stay, and so does what something else reads
//             or watches
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DEF_FUSESHAREDEXPERTPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
namespace ir = ingot::ir;

namespace {

/// down (silu(gate x) * (up x)), and the ops that compute it, the last first.
struct Network {
  Value x, gate, up, down;
  SmallVector<Operation *> ops;
};

struct FuseSharedExpert
    : ingot::passes::impl::FuseSharedExpertPassBase<FuseSharedExpert> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      int64_t networks = 0, launches = 0;
      for (auto add : llvm::make_early_inc_range(function.getOps<ir::AddOp>()))
        if (int64_t ops = fuse(add)) {
          ++networks;
          launches += ops;
        }
      if (networks)
        function.emitRemark()
            << networks
            << " shared networks computed beside the routed ones: " << launches
            << " launches a step less on the way from layer to layer, as many "
               "bytes";
    }
  }

  /// The `Op` behind `value` if nothing else sees its result.
  template <typename Op>
  static Op onlyFor(Value value) {
    auto op = value.getDefiningOp<Op>();
    bool hidden =
        op && value.hasOneUse() && !op->hasAttr(ir::IngotDialect::kTapAttr);
    return hidden ? op : Op();
  }

  static std::optional<Network> networkBehind(Value value) {
    auto down = onlyFor<ir::LinearOp>(value);
    if (!down || down.getBias())
      return std::nullopt;
    if (auto both = onlyFor<ir::GatedLinearOp>(down.getX()))
      return Network{both.getX(),
                     both.getGate(),
                     both.getUp(),
                     down.getWeight(),
                     {down, both}};
    auto swiglu = onlyFor<ir::SwigluOp>(down.getX());
    if (!swiglu)
      return std::nullopt;
    auto gate = onlyFor<ir::LinearOp>(swiglu.getGate());
    auto up = onlyFor<ir::LinearOp>(swiglu.getUp());
    if (!gate || !up || gate.getX() != up.getX() || gate.getBias() ||
        up.getBias())
      return std::nullopt;
    return Network{gate.getX(),
                   gate.getWeight(),
                   up.getWeight(),
                   down.getWeight(),
                   {down, swiglu, gate, up}};
  }

  /// Whether all products among `ops` round their inputs as `experts` does.
  static bool roundsAlike(ir::ExpertsOp experts, ArrayRef<Operation *> ops) {
    return llvm::all_of(ops, [&](Operation *op) {
      auto product = dyn_cast<ir::ProductOpInterface>(op);
      return !product || product.getInputsAttr() == experts.getInputsAttr();
    });
  }

  /// How many ops of a shared network went into the experts beside it.
  static int64_t fuse(ir::AddOp add) {
    auto experts = onlyFor<ir::ExpertsOp>(add.getLhs());
    Value other = add.getRhs();
    if (!experts) {
      experts = onlyFor<ir::ExpertsOp>(add.getRhs());
      other = add.getLhs();
    }
    std::optional<Network> network = networkBehind(other);
    if (!experts || !network || !experts.getShared().empty() ||
        network->x != experts.getX() ||
        network->gate.getType() != network->up.getType() ||
        !roundsAlike(experts, network->ops))
      return 0;
    OpBuilder builder(add);
    auto both = ir::ExpertsOp::create(
        builder, experts.getLoc(), add.getType(), experts.getX(),
        experts.getWeights(), experts.getIndices(), experts.getGate(),
        experts.getUp(), experts.getDown(),
        ValueRange{network->gate, network->up, network->down},
        experts.getWeightsOnInputAttr(), experts.getInputsAttr());
    if (Attribute tap = add->getAttr(ir::IngotDialect::kTapAttr))
      both->setAttr(ir::IngotDialect::kTapAttr, tap);
    add.replaceAllUsesWith(both.getResult());
    add.erase();
    experts.erase();
    for (Operation *op : network->ops)
      op->erase();
    return static_cast<int64_t>(network->ops.size());
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createFuseSharedExpertPass() {
  return std::make_unique<FuseSharedExpert>();
}
