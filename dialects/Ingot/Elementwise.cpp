//===- Elementwise.cpp - rules of concat and split ------------------------===//
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

// (C1) of both ops: the parts are [t, a] and [t, b], the whole is [t, a + b].
static LogicalResult verifyParts(Operation *op, Type head, StringRef headName,
                                 Type tail, StringRef tailName, Type whole,
                                 StringRef wholeName) {
  if (failed(expectShape(op, headName, head, {kAnySize, kAnySize})) ||
      failed(expectShape(op, tailName, tail, {kAnySize, kAnySize})))
    return failure();
  return expectShape(op, wholeName, whole,
                     {kAnySize, sizeOf(head, 1) + sizeOf(tail, 1)});
}

LogicalResult ConcatOp::verify() {
  return verifyParts(*this, getLhs().getType(), "lhs", getRhs().getType(),
                     "rhs", getType(), "result");
}

LogicalResult SplitOp::verify() {
  return verifyParts(*this, getHead().getType(), "head", getTail().getType(),
                     "tail", getX().getType(), "x");
}

} // namespace ingot::ir
