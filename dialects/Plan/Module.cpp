//===- Module.cpp - rules of symbols, arenas and weights ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Plan/PlanDialect.h"

using namespace mlir;

namespace ingot::plan {

LogicalResult SymbolOp::verify() {
  if (getMax() < 1) // (C1)
    return emitOpError() << "expects a positive maximum, got " << getMax();
  return success();
}

LogicalResult ModelOp::verify() {
  if (getMaxContext() < 1 || getMaxBatch() < 1 || getVocabSize() < 1 ||
      getHiddenSize() < 1) // (C1)
    return emitOpError() << "expects positive sizes, got context "
                         << getMaxContext() << ", batch " << getMaxBatch()
                         << ", vocab " << getVocabSize() << ", hidden "
                         << getHiddenSize();
  return success();
}

LogicalResult KVCacheOp::verify() {
  if (getPageSize() < 1 || getPagesPerSequence() < 1 ||
      getPages() <= getPagesPerSequence()) // (C1)
    return emitOpError() << "expects page 0 and the pages of one sequence, got "
                         << getPages() << " pages of " << getPageSize()
                         << " tokens and " << getPagesPerSequence()
                         << " a sequence";
  return success();
}

LogicalResult ArenaOp::verify() {
  if (getBytes() && *getBytes() < 0) // (C1)
    return emitOpError() << "expects bytes not to be negative, got "
                         << *getBytes();
  return success();
}

LogicalResult WeightOp::verify() {
  if (!cast<RankedTensorType>(getType()).hasStaticShape()) // (C1)
    return emitOpError() << "expects static dimensions, got " << getType();
  return success();
}

} // namespace ingot::plan
