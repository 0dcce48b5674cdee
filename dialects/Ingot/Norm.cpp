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

LogicalResult RMSNormOp::verify() {
  if (failed(expectShape(*this, "x", getX().getType(), {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "weight", getWeight().getType(),
                         {sizeOf(getX().getType(), 1)}))) // (C1)
    return failure();
  if (!(getEps().convertToDouble() > 0)) // (C2): NaN is not positive either
    return emitOpError() << "expects eps to be positive, got " << getEpsAttr();
  return success();
}

} // namespace ingot::ir
