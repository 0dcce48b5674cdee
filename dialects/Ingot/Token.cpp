//===- Token.cpp - rules of embedding, logits and choice ------------------===//
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

LogicalResult EmbedOp::verify() {
  if (failed(expectShape(*this, "table", getTable().getType(),
                         {kAnySize, kAnySize}))) // (C1)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, sizeOf(getTable().getType(), 1)});
}

LogicalResult LogitsOp::verify() {
  if (failed(expectShape(*this, "x", getX().getType(), {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "head", getHead().getType(),
                         {kAnySize, sizeOf(getX().getType(), 1)}))) // (C1)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, sizeOf(getHead().getType(), 0)});
}

LogicalResult ChooseOp::verify() {
  if (failed(expectShape(*this, "logits", getLogits().getType(),
                         {kAnySize, kAnySize}))) // (C1)
    return failure();
  return expectShape(*this, "result", getType(), {kAnySize});
}

std::pair<int64_t, int64_t> EmbedOp::getTokenShare(unsigned) { return {0, 1}; }

llvm::StringRef LogitsOp::getRowSymbol() { return "R"; }

llvm::StringRef ChooseOp::getRowSymbol() { return "R"; }

} // namespace ingot::ir
