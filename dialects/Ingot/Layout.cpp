//===- Layout.cpp - rules of how a weight lies in memory ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"

using namespace mlir;

namespace ingot::ir {

LogicalResult TransposeOp::verify() {
  auto type = cast<RankedTensorType>(getX().getType());
  int64_t rank = type.getRank(), from = getFrom(), to = getTo();
  if (!type.hasStaticShape() || rank < 2 || rank > 3) // (C1)
    return emitOpError() << "expects a static [k, n] or [e, k, n], got "
                         << type;
  Type element = type.getElementType();
  if (!element.isF32() && !element.isF16() && !element.isBF16()) // (C2)
    return emitOpError() << "expects x of f32, f16 or bf16, got " << type;
  int64_t columns = type.getDimSize(rank - 1);
  if (from < 0 || from >= to || to > columns) // (C3)
    return emitOpError() << "expects some of " << columns << " columns, got "
                         << from << " to " << to;
  SmallVector<int64_t> shape(type.getShape());
  shape[rank - 1] = shape[rank - 2];
  shape[rank - 2] = to - from;
  if (getType() != RankedTensorType::get(shape, element)) // (C4)
    return emitOpError() << "expects result to be "
                         << RankedTensorType::get(shape, element) << ", got "
                         << getType();
  return success();
}

int64_t TransposeOp::getSumDimension(unsigned) { return 2; }

} // namespace ingot::ir
