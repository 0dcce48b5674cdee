//===- FuseGateUp.cpp - gate and up in one product ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     ingot.swiglu of two ingot.linears of the same rows
// After:      ingot.gated_linear
// Requires:   nothing
// Guarantees: the same values; gates in another format than up stay, and so do
//             products with a bias, with inputs that are rounded otherwise, or
//             that something else reads or watches
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DEF_FUSEGATEUPPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
namespace ir = ingot::ir;

namespace {

struct FuseGateUp : ingot::passes::impl::FuseGateUpPassBase<FuseGateUp> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      int64_t launches = 0, bytes = 0;
      for (auto swiglu :
           llvm::make_early_inc_range(function.getOps<ir::SwigluOp>())) {
        int64_t width = cast<RankedTensorType>(swiglu.getType()).getDimSize(1);
        if (!fuse(swiglu))
          continue;
        // Gate and up ran side by side, the swiglu behind them. What they
        // wrote it read.
        launches += 2;
        bytes += 4 * 4 * width;
      }
      if (launches)
        function.emitRemark()
            << "gates fused into their products: " << launches
            << " launches a step, of which " << launches / 2
            << " waited for another, and " << bytes << " bytes a token less";
    }
  }

  /// The product behind `value` if it has no bias and the swiglu is all that
  /// sees it.
  static ir::LinearOp onlyFor(Value value) {
    auto linear = value.getDefiningOp<ir::LinearOp>();
    if (!linear || linear.getBias() || !value.hasOneUse() ||
        linear->hasAttr(ir::IngotDialect::kTapAttr))
      return {};
    return linear;
  }

  static bool fuse(ir::SwigluOp swiglu) {
    ir::LinearOp gate = onlyFor(swiglu.getGate()), up = onlyFor(swiglu.getUp());
    if (!gate || !up || gate.getX() != up.getX() ||
        gate.getWeight().getType() != up.getWeight().getType() ||
        gate.getInputsAttr() != up.getInputsAttr())
      return false;
    OpBuilder builder(swiglu);
    auto both = ir::GatedLinearOp::create(
        builder, swiglu.getLoc(), swiglu.getType(), gate.getX(),
        gate.getWeight(), up.getWeight(), gate.getInputsAttr());
    if (Attribute tap = swiglu->getAttr(ir::IngotDialect::kTapAttr))
      both->setAttr(ir::IngotDialect::kTapAttr, tap);
    swiglu.replaceAllUsesWith(both.getResult());
    swiglu.erase();
    gate.erase();
    up.erase();
    return true;
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createFuseGateUpPass() {
  return std::make_unique<FuseGateUp>();
}
