//===- Quant.cpp - rules of number formats --------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"

using namespace mlir;

namespace ingot::ir {

LogicalResult QuantizeOp::verify() {
  auto from = cast<RankedTensorType>(getX().getType());
  auto to = cast<RankedTensorType>(getType());
  if (!from.hasStaticShape() || from.getRank() < 2 || from.getRank() > 3 ||
      from.getShape() != to.getShape()) // (C1)
    return emitOpError() << "expects a static [n, k] or [e, n, k] and a result "
                            "of its shape, got "
                         << from << " and " << to;
  Type element = from.getElementType();
  if (!element.isF32() && !element.isF16() && !element.isBF16()) // (C2)
    return emitOpError() << "expects x of f32, f16 or bf16, got " << from;
  auto scaled = dyn_cast<ScaledType>(to.getElementType());
  if (!scaled || !isa<Float8E4M3FNType>(scaled.getValue()) ||
      !scaled.getScale().isF32()) // (C3)
    return emitOpError() << "expects a result of f8E4M3FN with f32 scales, got "
                         << to;
  return success();
}

} // namespace ingot::ir
