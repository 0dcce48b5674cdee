//===- FuseNorm.cpp - the residual sum and its norm in one step -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     ingot.add, whose result an ingot.rms_norm reads
// After:      ingot.add_rms_norm
// Requires:   nothing
// Guarantees: the same values; a norm that is watched (ingot.tap) stays, since
//             the tap of an op shows its first result, and so does one of
//             heads or without a weight
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DEF_FUSENORMPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
namespace ir = ingot::ir;

namespace {

struct FuseNorm : ingot::passes::impl::FuseNormPassBase<FuseNorm> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      int64_t fused = 0, bytes = 0;
      for (auto norm :
           llvm::make_early_inc_range(function.getOps<ir::RMSNormOp>()))
        if (ir::AddOp add = fusibleSum(norm)) {
          // The sum is not read again.
          bytes += 4 * cast<RankedTensorType>(norm.getType()).getDimSize(1);
          fuse(add, norm);
          ++fused;
        }
      if (fused)
        function.emitRemark()
            << "norms fused into the sums before them: " << fused
            << " launches a step and " << bytes << " bytes a token less";
    }
  }

  /// The sum that `norm` can be fused with; null if there is none.
  static ir::AddOp fusibleSum(ir::RMSNormOp norm) {
    auto add = norm.getX().getDefiningOp<ir::AddOp>();
    bool watched = norm->hasAttr(ir::IngotDialect::kTapAttr);
    // The fused op knows one norm a row, with a weight.
    bool whole = norm.getHeads() == 1 && norm.getWeight();
    if (!whole)
      return ir::AddOp();
    // The weight must be at hand where the sum is computed.
    bool movable = norm.getWeight().getDefiningOp<ir::GetWeightOp>() ||
                   isa<BlockArgument>(norm.getWeight());
    return add && !watched && movable && add->getBlock() == norm->getBlock()
               ? add
               : ir::AddOp();
  }

  static void fuse(ir::AddOp add, ir::RMSNormOp norm) {
    if (Operation *weight = norm.getWeight().getDefiningOp())
      weight->moveBefore(add);
    OpBuilder builder(add);
    auto both = ir::AddRMSNormOp::create(
        builder, norm.getLoc(), TypeRange{add.getType(), norm.getType()},
        add.getLhs(), add.getRhs(), norm.getWeight(), norm.getEpsAttr());
    if (Attribute tap = add->getAttr(ir::IngotDialect::kTapAttr))
      both->setAttr(ir::IngotDialect::kTapAttr, tap);
    add.replaceAllUsesWith(both.getSum());
    norm.replaceAllUsesWith(both.getNormed());
    norm.erase();
    add.erase();
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createFuseNormPass() {
  return std::make_unique<FuseNorm>();
}
