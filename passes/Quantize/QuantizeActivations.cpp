//===- QuantizeActivations.cpp - products of narrow inputs ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     products of float32 inputs
// After:      products that round their inputs
// Requires:   nothing
// Guarantees: products that choose experts, and work on weights, stay as they
//             are
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DECL_QUANTIZEACTIVATIONSPASS
#define GEN_PASS_DEF_QUANTIZEACTIVATIONSPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;

namespace {

struct QuantizeActivations
    : ingot::passes::impl::QuantizeActivationsPassBase<QuantizeActivations> {
  explicit QuantizeActivations(ActivationFormat wanted) { format = wanted; }

  void runOnOperation() override {
    if (format == ActivationFormat::F32)
      return;
    Type element = format == ActivationFormat::BF16
                       ? Type(BFloat16Type::get(&getContext()))
                       : Type(Float8E4M3FNType::get(&getContext()));
    getOperation().walk([&](ir::ProductOpInterface product) {
      if (takes(product))
        product.setInputsAttr(TypeAttr::get(element));
    });
  }

private:
  /// FP8 inputs are for FP8 matrices, whose blocks end where runs of inputs do.
  /// An op without matrices is a router's.
  bool takes(ir::ProductOpInterface product) {
    SmallVector<unsigned> matrices =
        cast<ir::ComputeOpInterface>(product.getOperation())
            .getMatrixOperands();
    return !matrices.empty() && llvm::all_of(matrices, [&](unsigned operand) {
      auto type =
          cast<RankedTensorType>(product->getOperand(operand).getType());
      auto scaled = dyn_cast<ir::ScaledType>(type.getElementType());
      return format == ActivationFormat::BF16 ||
             (scaled &&
              scaled.getBlock()[1] % ir::ProductOpInterface::kInputRun == 0);
    });
  }
};

} // namespace

std::unique_ptr<Pass>
ingot::passes::createQuantizeActivationsPass(ActivationFormat format) {
  return std::make_unique<QuantizeActivations>(format);
}
