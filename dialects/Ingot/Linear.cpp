//===- Linear.cpp - rules of products -------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "dialects/Ingot/ShapeCheck.h"

using namespace mlir;

namespace ingot::ir {

LogicalResult LinearOp::verify() {
  if (failed(expectShape(*this, "x", getX().getType(), {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "weight", getWeight().getType(),
                         {kAnySize, sizeOf(getX().getType(), 1)}))) // (C1)
    return failure();
  int64_t rows = sizeOf(getWeight().getType(), 0);
  if (getBias() &&
      failed(expectShape(*this, "bias", getBias().getType(), {rows}))) // (C2)
    return failure();
  if (failed(verifyInputs(*this))) // (C3)
    return failure();
  return expectShape(*this, "result", getType(), {kAnySize, rows});
}

// A router's choices are sensitive to rounding: its weight stays as published.
SmallVector<unsigned> LinearOp::getMatrixOperands() {
  for (OpOperand &use : getResult().getUses())
    if (auto route = dyn_cast<RouteOp>(use.getOwner()))
      if (use.get() == route.getLogits())
        return {};
  return {1};
}

LogicalResult GatedLinearOp::verify() {
  int64_t rows = sizeOf(getGate().getType(), 0),
          columns = sizeOf(getX().getType(), 1);
  if (failed(expectShape(*this, "x", getX().getType(), {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "gate", getGate().getType(),
                         {kAnySize, columns})) ||
      failed(
          expectShape(*this, "up", getUp().getType(), {rows, columns}))) // (C1)
    return failure();
  if (failed(verifyInputs(*this))) // (C2)
    return failure();
  return expectShape(*this, "result", getType(), {kAnySize, rows});
}

SmallVector<unsigned> GatedLinearOp::getMatrixOperands() { return {1, 2}; }

} // namespace ingot::ir
