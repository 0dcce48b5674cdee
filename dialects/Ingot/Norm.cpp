//===- Norm.cpp - rules of normalisation ----------------------------------===//
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

static LogicalResult verifyNorm(Operation *op, Type x, Type weight,
                                FloatAttr eps) {
  if (failed(expectShape(op, "x", x, {kAnySize, kAnySize})) ||
      failed(expectShape(op, "weight", weight, {sizeOf(x, 1)}))) // (C1)
    return failure();
  if (!(eps.getValueAsDouble() > 0)) // (C2): NaN is not positive either
    return op->emitOpError() << "expects eps to be positive, got " << eps;
  return success();
}

LogicalResult RMSNormOp::verify() {
  return verifyNorm(*this, getX().getType(), getWeight().getType(),
                    getEpsAttr());
}

LogicalResult AddRMSNormOp::verify() {
  return verifyNorm(*this, getX().getType(), getWeight().getType(),
                    getEpsAttr());
}

} // namespace ingot::ir
