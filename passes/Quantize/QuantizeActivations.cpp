//===- QuantizeActivations.cpp - products of narrow inputs ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     products of float32 inputs
// After:      products that round their inputs, in functions for long steps
// Requires:   functions with buckets
// Guarantees: products that choose experts, and functions for short steps, stay
//             as they are
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
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

/// Rows from which on a product is bound by arithmetic rather than by the bytes
/// of its weight: a GPU that reads 3 TB/s multiplies some 600 float8 pairs in
/// the time of a byte on tensor cores, but only 20 float32 pairs elsewhere.
constexpr int64_t kLongStep = 16;

struct QuantizeActivations
    : ingot::passes::impl::QuantizeActivationsPassBase<QuantizeActivations> {
  explicit QuantizeActivations(ActivationFormat wanted) { format = wanted; }

  void runOnOperation() override {
    if (format == ActivationFormat::F32)
      return;
    Type element = format == ActivationFormat::BF16
                       ? Type(BFloat16Type::get(&getContext()))
                       : Type(Float8E4M3FNType::get(&getContext()));
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (ir::BucketAttr bucket = ir::bucketOf(function);
          bucket && bucket.getPerSequence() >= kLongStep)
        function.walk([&](ir::ProductOpInterface product) {
          if (takes(product))
            product.setInputsAttr(TypeAttr::get(element));
        });
  }

private:
  /// FP8 inputs are for FP8 matrices. An op without matrices is a router's.
  bool takes(ir::ProductOpInterface product) {
    SmallVector<unsigned> matrices =
        cast<ir::ComputeOpInterface>(product.getOperation())
            .getMatrixOperands();
    return !matrices.empty() && llvm::all_of(matrices, [&](unsigned operand) {
      auto type =
          cast<RankedTensorType>(product->getOperand(operand).getType());
      return format == ActivationFormat::BF16 ||
             isa<ir::ScaledType>(type.getElementType());
    });
  }
};

} // namespace

std::unique_ptr<Pass>
ingot::passes::createQuantizeActivationsPass(ActivationFormat format) {
  return std::make_unique<QuantizeActivations>(format);
}
