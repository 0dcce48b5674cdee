//===- Weight.cpp - rules of weights --------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace ingot::ir {

// (C4) and (C5): the values given in place fit the type.
static LogicalResult verifyValues(WeightOp op, RankedTensorType type,
                                  ScaledType scaled) {
  auto value = dyn_cast<RankedTensorType>(op.getValueAttr().getType());
  Type element = scaled ? scaled.getValue() : type.getElementType();
  if (!value || value.getShape() != type.getShape() ||
      value.getElementType() != element)
    return op.emitOpError() << "expects value of the shape and element type of "
                            << type << ", got " << op.getValueAttr().getType();
  if (!scaled)
    return success();
  SmallVector<int64_t> blocks(type.getShape());
  for (unsigned i = 0; i < 2; ++i) {
    int64_t &size = blocks[blocks.size() - 2 + i];
    size = (size + scaled.getBlock()[i] - 1) / scaled.getBlock()[i];
  }
  auto scale = dyn_cast<RankedTensorType>(op.getScaleValueAttr().getType());
  if (!scale || scale.getShape() != ArrayRef<int64_t>(blocks) ||
      scale.getElementType() != scaled.getScale())
    return op.emitOpError() << "expects scale_value to be "
                            << RankedTensorType::get(blocks, scaled.getScale())
                            << ", got " << op.getScaleValueAttr().getType();
  return success();
}

LogicalResult WeightOp::verify() {
  RankedTensorType type = getTensorType();
  if (!type.hasStaticShape()) // (C1)
    return emitOpError() << "expects static dimensions, got " << type;
  if (getTensor().has_value() + getValue().has_value() +
          getPacked().has_value() !=
      1) // (C2)
    return emitOpError()
           << "expects one of a tensor name, a value and packed parts";
  auto scaled = dyn_cast<ScaledType>(type.getElementType());
  if (scaled && type.getRank() < 2) // (C3)
    return emitOpError()
           << "expects scaled elements to have rank 2 or more, got " << type;
  bool wantTensor = scaled && getTensor(), wantValue = scaled && getValue();
  if (getScaleTensor().has_value() != wantTensor ||
      getScaleValue().has_value() != wantValue) // (C3)
    return emitOpError() << "expects " << (scaled ? "a scale" : "no scale")
                         << " for elements of type " << type.getElementType();
  if (getTensor() &&
      getTensor()->count(kStackIndex) > (type.getRank() > 1)) // (C6)
    return emitOpError() << "expects '" << kStackIndex
                         << "' at most once and with rank 2 or more, got '"
                         << *getTensor() << "' for " << type;
  if (int64_t parts = getPacked().value_or(1);
      parts != 1 && parts != type.getDimSize(0)) // (C7)
    return emitOpError() << "expects 1 part or " << type.getDimSize(0)
                         << ", got " << parts;
  return getValue() ? verifyValues(*this, type, scaled) : success();
}

LogicalResult WeightOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  if (!getPacked())
    return success();
  auto name = StringAttr::get(getContext(), IngotDialect::kPackFunction);
  auto pack = symbolTable.lookupNearestSymbolFrom<func::FuncOp>(*this, name);
  std::optional<unsigned> result = pack ? findResult(pack) : std::nullopt;
  if (!result || pack.getResultTypes()[*result] != getType()) // (C8)
    return emitOpError() << "expects @" << name.getValue()
                         << " to have a result '" << getSymName()
                         << "' of type " << getType();
  return success();
}

bool WeightOp::isStacked() {
  if (getTensor())
    return getTensor()->contains(kStackIndex);
  RankedTensorType type = getTensorType();
  return getPacked() && type.getRank() > 2 &&
         static_cast<int64_t>(*getPacked()) == type.getDimSize(0);
}

std::optional<unsigned> WeightOp::findResult(func::FuncOp pack) {
  for (unsigned i = 0; i < pack.getNumResults(); ++i)
    if (pack.getResultAttr(i, IngotDialect::kNameAttr) == getSymNameAttr())
      return i;
  return std::nullopt;
}

LogicalResult
GetWeightOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto weight =
      symbolTable.lookupNearestSymbolFrom<WeightOp>(*this, getWeightAttr());
  if (!weight) // (C1)
    return emitOpError() << "expects '" << getWeight() << "' to be a weight";
  if (weight.getType() != getType()) // (C2)
    return emitOpError() << "expects the weight's type " << weight.getType()
                         << ", got " << getType();
  auto function = (*this)->getParentOfType<func::FuncOp>();
  if (weight.getPacked() && function &&
      function.getSymName() == IngotDialect::kPackFunction) // (C3)
    return emitOpError() << "expects a weight that @" << function.getSymName()
                         << " does not compute, got '" << getWeight() << "'";
  return success();
}

} // namespace ingot::ir
