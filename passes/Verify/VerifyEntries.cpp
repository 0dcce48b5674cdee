//===- VerifyEntries.cpp - the gate after the model phase -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before = after. Guarantees that functions are entries: @prefill, @decode and
// @score, perhaps @draft, each with the bucket that it is sized for.
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"
#include "passes/Quantize/WeightWork.h"

namespace ingot::passes {
#define GEN_PASS_DEF_VERIFYENTRIESPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;

namespace {

struct VerifyEntries
    : ingot::passes::impl::VerifyEntriesPassBase<VerifyEntries> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!isPack(function) && failed(verifyEntry(function)))
        return signalPassFailure();
    for (StringRef name : {"prefill", "decode", "score"}) {
      if (getOperation().lookupSymbol<func::FuncOp>(name))
        continue;
      getOperation().emitError()
          << "expects an entry @" << name << " after the model phase";
      return signalPassFailure();
    }
  }

  static LogicalResult verifyEntry(func::FuncOp function) {
    StringRef name = function.getSymName();
    if (name == "step")
      return function.emitOpError()
             << "expects @step to be split after the model phase";
    if (!ir::bucketOf(function))
      return function.emitOpError()
             << "expects @" << name << " to have an ingot.bucket";
    return success();
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createVerifyEntriesPass() {
  return std::make_unique<VerifyEntries>();
}
