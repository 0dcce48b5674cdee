//===- QuantizeWeights.cpp - plain matrices become scaled E4M3 ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     matrices as the checkpoint stores them
// After:      those in f32, f16 or bf16 pass an ingot.quantize before products
// Requires:   nothing
// Guarantees: routers, tables, heads and norms keep their format, as does what
//             is scaled already
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Passes.h"
#include "passes/Quantize/WeightWork.h"
#include "llvm/Support/MathExtras.h"

namespace ingot::passes {
#define GEN_PASS_DEF_QUANTIZEWEIGHTSPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;

namespace {

/// Values and scales of blocks of 128x128, as published FP8 checkpoints have
/// them: see ScaledType.
constexpr int64_t kBlock[] = {128, 128};

struct QuantizeWeights
    : ingot::passes::impl::QuantizeWeightsPassBase<QuantizeWeights> {
  void runOnOperation() override {
    getOperation().walk([&](ir::ComputeOpInterface op) {
      if (choosesExperts(op))
        return;
      for (unsigned index : op.getMatrixOperands())
        quantize(op->getOpOperand(index));
    });
    if (!seen.empty())
      getOperation().emitRemark()
          << "quantizes " << seen.size() << " weights: " << bytesBefore
          << " bytes become " << bytesAfter;
  }

  /// A router's choice is sensitive to rounding, and its matrix is small.
  static bool choosesExperts(Operation *op) {
    return llvm::any_of(op->getUsers(), llvm::IsaPred<ir::RouteOp>);
  }

  void quantize(OpOperand &operand) {
    Operation *source = operand.get().getDefiningOp();
    auto type = cast<RankedTensorType>(operand.get().getType());
    Type element = type.getElementType();
    if (!source || !(isa<ir::GetWeightOp>(source) || isWeightWork(source)) ||
        !(element.isF32() || element.isF16() || element.isBF16()))
      return;
    Value &quantized = values[source];
    if (!quantized) {
      OpBuilder builder(source->getContext());
      builder.setInsertionPointAfter(source);
      auto scaled = ir::ScaledType::get(
          builder.getContext(), Float8E4M3FNType::get(builder.getContext()),
          kBlock, builder.getF32Type());
      quantized = ir::QuantizeOp::create(
          builder, operand.getOwner()->getLoc(),
          RankedTensorType::get(type.getShape(), scaled), operand.get());
      count(source, type);
    }
    operand.set(quantized);
  }

  /// Several functions may read one weight, or the same part of it.
  void count(Operation *source, RankedTensorType type) {
    if (!seen.insert(contentOf(source)).second)
      return;
    ArrayRef<int64_t> matrix = type.getShape().take_back(2);
    int64_t elements = type.getNumElements();
    int64_t blocks = elements / (matrix[0] * matrix[1]) *
                     llvm::divideCeil(matrix[0], kBlock[0]) *
                     llvm::divideCeil(matrix[1], kBlock[1]);
    bytesBefore += elements * type.getElementTypeBitWidth() / 8;
    bytesAfter += elements + 4 * blocks;
  }

  /// What tells a weight, or work on weights, from others: the attributes of
  /// all ops behind it.
  static Attribute contentOf(Operation *source) {
    SmallVector<Attribute> parts = {source->getAttrDictionary()};
    for (Value operand : source->getOperands())
      parts.push_back(contentOf(operand.getDefiningOp()));
    return ArrayAttr::get(source->getContext(), parts);
  }

  DenseMap<Operation *, Value> values;
  DenseSet<Attribute> seen;
  int64_t bytesBefore = 0, bytesAfter = 0;
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createQuantizeWeightsPass() {
  return std::make_unique<QuantizeWeights>();
}
