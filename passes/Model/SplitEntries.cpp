//===- SplitEntries.cpp - one function for each kind of step --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     @step, for steps of any size, and @draft
// After:      @prefill, @decode and @score, each with its bucket, and @draft
// Requires:   what import guarantees
// Guarantees: what ingot-verify-entries checks
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"
#include "passes/Quantize/WeightWork.h"

namespace ingot::passes {
#define GEN_PASS_DEF_SPLITENTRIESPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;

namespace {

struct SplitEntries : ingot::passes::impl::SplitEntriesPassBase<SplitEntries> {
  explicit SplitEntries(const PlanLimits &limits) : limits(limits) {}

  void runOnOperation() override {
    auto step = getOperation().lookupSymbol<func::FuncOp>("step");
    if (!step) {
      getOperation().emitError("expects a function @step to split");
      return signalPassFailure();
    }
    for (auto function : getOperation().getOps<func::FuncOp>())
      // Drafts, whose every row may be asked for.
      if (function != step && !isPack(function))
        setBucket(function, promptBucket(limits.maxStepTokens, scoredRows()));
    addEntry(step, "prefill", promptBucket(limits.maxStepTokens, 0));
    addEntry(step, "decode", decodeBucket());
    addEntry(step, "score", promptBucket(scoredRows(), scoredRows()));
    step.erase();
  }

  int64_t scoredRows() {
    return std::min(limits.maxStepTokens, limits.maxScoredRows);
  }

  /// Chunks of prompts; logits of the last row of a sequence, or of `rows` if
  /// those are more.
  ir::BucketAttr promptBucket(int64_t tokens, int64_t rows) {
    int64_t sequences = std::min(limits.maxBatch, tokens);
    return ir::BucketAttr::get(&getContext(), tokens, tokens, sequences,
                               std::max(rows, sequences), limits.maxContext);
  }

  /// The newest token of each sequence, and what was drafted after it.
  ir::BucketAttr decodeBucket() {
    auto model = getOperation()->getAttrOfType<DictionaryAttr>("ingot.model");
    auto drafts =
        model ? model.getAs<IntegerAttr>("draft_layers") : IntegerAttr();
    int64_t perSequence = 1 + (drafts ? drafts.getInt() : 0);
    int64_t tokens = limits.maxBatch * perSequence;
    return ir::BucketAttr::get(&getContext(), tokens, perSequence,
                               limits.maxBatch, tokens, limits.maxContext);
  }

  static void setBucket(func::FuncOp function, ir::BucketAttr bucket) {
    function->setAttr(ir::IngotDialect::kBucketAttr, bucket);
  }

  static void addEntry(func::FuncOp step, StringRef name,
                       ir::BucketAttr bucket) {
    OpBuilder builder(step);
    auto entry = cast<func::FuncOp>(builder.clone(*step));
    entry.setSymName(name);
    setBucket(entry, bucket);
  }

  PlanLimits limits;
};

} // namespace

std::unique_ptr<Pass>
ingot::passes::createSplitEntriesPass(const PlanLimits &limits) {
  return std::make_unique<SplitEntries>(limits);
}
