//===- VerifyQuantized.cpp - the gate after quantisation ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before = after. Guarantees that work on weights alone stands in @pack, and
// nothing else there.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"
#include "passes/Quantize/WeightWork.h"

namespace ingot::passes {
#define GEN_PASS_DEF_VERIFYQUANTIZEDPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;

namespace {

struct VerifyQuantized
    : ingot::passes::impl::VerifyQuantizedPassBase<VerifyQuantized> {
  void runOnOperation() override {
    getOperation().walk([&](ir::ComputeOpInterface op) {
      auto function = op->getParentOfType<func::FuncOp>();
      bool packs = function && isPack(function);
      if (packs == isWeightWork(op))
        return;
      if (packs)
        op->emitOpError() << "expects to work on weights alone in @pack";
      else
        op->emitOpError() << "expects to stand in @pack, as it works on "
                             "weights alone";
      signalPassFailure();
    });
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createVerifyQuantizedPass() {
  return std::make_unique<VerifyQuantized>();
}
