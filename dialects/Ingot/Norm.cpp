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

// NaN is not positive either.
static LogicalResult expectPositive(Operation *op, FloatAttr eps) {
  if (eps.getValueAsDouble() > 0) // (C2)
    return success();
  return op->emitOpError() << "expects eps to be positive, got " << eps;
}

LogicalResult RMSNormOp::verify() {
  int64_t heads = getHeads();
  if (failed(expectShape(*this, "x", getX().getType(), {kAnySize, kAnySize})))
    return failure();
  int64_t width = sizeOf(getX().getType(), 1);
  if (heads < 1 || width % heads != 0) // (C3)
    return emitOpError() << "expects heads to divide the width " << width
                         << ", got " << heads;
  if (getWeight() && failed(expectShape(*this, "weight", getWeight().getType(),
                                        {width / heads}))) // (C1)
    return failure();
  return expectPositive(*this, getEpsAttr());
}

LogicalResult AddRMSNormOp::verify() {
  Type x = getX().getType();
  if (failed(expectShape(*this, "x", x, {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "weight", getWeight().getType(),
                         {sizeOf(x, 1)}))) // (C1)
    return failure();
  return expectPositive(*this, getEpsAttr());
}

} // namespace ingot::ir
