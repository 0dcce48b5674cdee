//===- AbsorbLatentProjections.cpp - latent attention in its cheaper form -===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     ingot.latent_attention
// After:      the same, or absorb_query, attend_latent and project_value, alike
//             throughout a function
// Requires:   functions with an ingot.bucket
// Guarantees: a function with latent attention says in ingot.absorption which
//             form it has and what both cost
//
//===----------------------------------------------------------------------===//

#include "dialects/Plan/PlanDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Model/AbsorptionCost.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DECL_ABSORBLATENTPROJECTIONSPASS
#define GEN_PASS_DEF_ABSORBLATENTPROJECTIONSPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;
namespace plan = ingot::plan;

namespace {

/// The location of a part of `op`: "layers.1.self_attn.absorb_query" for the
/// name "layers.1.self_attn".
Location partLocation(Operation *op, StringRef part) {
  auto named = op->getLoc()->findInstanceOf<NameLoc>();
  if (!named)
    return op->getLoc();
  return NameLoc::get(StringAttr::get(op->getContext(),
                                      named.getName().getValue() + "." + part),
                      named.getChildLoc());
}

void reassociate(ir::LatentAttentionOp op) {
  OpBuilder builder(op);
  auto result = cast<RankedTensorType>(op.getType());
  int64_t heads = op.getHeads(), width = op.getCache().getType().getWidth(),
          rank = width - op.getRopeDim();
  auto rows = [&](int64_t columns) {
    return RankedTensorType::get({result.getDimSize(0), columns},
                                 result.getElementType());
  };
  Value query = ir::AbsorbQueryOp::create(
      builder, partLocation(op, "absorb_query"), rows(heads * width), op.getQ(),
      op.getKvB(), heads, op.getNopeDim(), op.getRopeDim(), op.getValueDim());
  Value latent = ir::AttendLatentOp::create(
      builder, partLocation(op, "attend_latent"), rows(heads * rank), query,
      op.getCache(), op.getBatch(), op.getLayer(), heads, op.getRopeDim(),
      op.getScale());
  auto value = ir::ProjectValueOp::create(
      builder, partLocation(op, "project_value"), result, latent, op.getKvB(),
      heads, op.getNopeDim(), op.getValueDim());
  // A tap and the like belong to whoever computes the result.
  value->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  op.replaceAllUsesWith(value.getResult());
  op.erase();
}

plan::FormCostAttr describe(MLIRContext *context, const FormCost &cost) {
  return plan::FormCostAttr::get(context, cost.bytes, cost.flops,
                                 cost.exchanges);
}

void say(InFlightDiagnostic &remark, const FormCost &cost) {
  remark << cost.bytes << " bytes, " << cost.flops << " flops, "
         << cost.exchanges << " exchanges";
}

struct AbsorbLatentProjections
    : ingot::passes::impl::AbsorbLatentProjectionsPassBase<
          AbsorbLatentProjections> {
  explicit AbsorbLatentProjections(const AbsorbOptions &options)
      : balance(options.balance) {
    form = options.form;
  }

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(runOnFunction(function)))
        return signalPassFailure();
  }

  LogicalResult runOnFunction(func::FuncOp function) {
    SmallVector<ir::LatentAttentionOp> ops;
    function.walk([&](ir::LatentAttentionOp op) { ops.push_back(op); });
    if (ops.empty())
      return success();
    ir::BucketAttr bucket = ir::bucketOf(function);
    if (!bucket)
      return function.emitOpError()
             << "expects an ingot.bucket, by which attention's form is chosen";
    AbsorptionCost cost;
    for (ir::LatentAttentionOp op : ops)
      cost += absorptionCost(op, bucket);
    bool absorbed = isReassociated(cost);
    record(function, cost, absorbed, ops.size(), bucket);
    if (absorbed)
      llvm::for_each(ops, reassociate);
    return success();
  }

  bool isReassociated(const AbsorptionCost &cost) const {
    if (form != Absorb::Auto)
      return form == Absorb::Reassociate;
    return cost.reassociated.weigh(balance) < cost.expanded.weigh(balance);
  }

  /// Says what was chosen, and why, to people and to what comes later.
  static void record(func::FuncOp function, const AbsorptionCost &cost,
                     bool absorbed, size_t layers, ir::BucketAttr bucket) {
    MLIRContext *context = function.getContext();
    auto chosen = absorbed ? plan::AttentionForm::Reassociated
                           : plan::AttentionForm::Expanded;
    function->setAttr(ir::IngotDialect::kAbsorptionAttr,
                      plan::AbsorptionAttr::get(
                          context, chosen, describe(context, cost.expanded),
                          describe(context, cost.reassociated)));
    InFlightDiagnostic remark =
        function.emitRemark()
        << "latent attention is " << stringifyEnum(chosen) << " in @"
        << function.getSymName() << ": a step of " << bucket.getTokens()
        << " tokens in a context of " << bucket.getContextLength()
        << " costs its " << layers << " layers ";
    say(remark, cost.expanded);
    remark << " expanded, ";
    say(remark, cost.reassociated);
    remark << " reassociated";
  }

  MachineBalance balance;
};

} // namespace

std::unique_ptr<Pass>
ingot::passes::createAbsorbLatentProjectionsPass(const AbsorbOptions &options) {
  return std::make_unique<AbsorbLatentProjections>(options);
}
