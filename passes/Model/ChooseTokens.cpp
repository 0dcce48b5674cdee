//===- ChooseTokens.cpp - tokens in place of logits -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     entries that return logits
// After:      all but @score return tokens beside them
// Requires:   @prefill and @decode, as ingot-split-entries makes them
// Guarantees: nothing else changes
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DEF_CHOOSETOKENSPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
namespace ir = ingot::ir;

namespace {

struct ChooseTokens : ingot::passes::impl::ChooseTokensPassBase<ChooseTokens> {
  void runOnOperation() override {
    for (StringRef name : {"prefill", "decode", "decode_single"})
      if (auto entry = getOperation().lookupSymbol<func::FuncOp>(name))
        choose(entry);
  }

  static void choose(func::FuncOp entry) {
    auto ret = cast<func::ReturnOp>(entry.front().getTerminator());
    auto logits = llvm::find_if(ret.getOperands(), [](Value value) {
      return value.getDefiningOp<ir::LogitsOp>() != nullptr;
    });
    if (logits == ret.getOperands().end())
      return;
    auto op = (*logits).getDefiningOp<ir::LogitsOp>();
    OpBuilder builder(ret);
    auto type =
        RankedTensorType::get({ShapedType::kDynamic}, builder.getI32Type());
    // A name of its own: it is not the launch of the logits.
    Location loc = NameLoc::get(builder.getStringAttr("chosen"), op.getLoc());
    Value chosen = ir::ChooseOp::create(builder, loc, type, op, op.getBatch());
    ret.getOperandsMutable().append(chosen);

    unsigned index = entry.getNumResults();
    (void)entry.insertResult(
        index, type,
        builder.getDictionaryAttr(builder.getNamedAttr(
            ir::IngotDialect::kNameAttr, builder.getStringAttr("chosen"))));
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createChooseTokensPass() {
  return std::make_unique<ChooseTokens>();
}
