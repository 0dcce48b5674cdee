//===- VerifyLowered.cpp - the gate after lowering ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before = after. Guarantees that no op of the ingot or func dialect is left.
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DEF_VERIFYLOWEREDPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;

namespace {

struct VerifyLowered
    : ingot::passes::impl::VerifyLoweredPassBase<VerifyLowered> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (!isa_and_nonnull<ingot::ir::IngotDialect, func::FuncDialect>(
              op->getDialect()))
        return;
      op->emitOpError() << "expects to be gone after lowering";
      signalPassFailure();
    });
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createVerifyLoweredPass() {
  return std::make_unique<VerifyLowered>();
}
