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
  int64_t max = getMax();
  if (max < 1) // (C1)
    return emitOpError() << "expects a positive maximum, got " << max;
  return success();
}

LogicalResult ModelOp::verify() {
  int64_t context = getMaxContext(), batch = getMaxBatch(),
          vocab = getVocabSize(), hidden = getHiddenSize();
  if (std::min({context, batch, vocab, hidden}) < 1) // (C1)
    return emitOpError() << "expects positive sizes, got context " << context
                         << ", batch " << batch << ", vocab " << vocab
                         << ", hidden " << hidden;
  int64_t parameters = getParameters(), active = getActiveParameters(),
          mtp = getMtpParameters();
  if (std::min(active, mtp) < 0 || active > parameters) // (C2)
    return emitOpError() << "expects at most all parameters to be active, got "
                         << parameters << ", active " << active << ", mtp "
                         << mtp;
  return success();
}

LogicalResult KVCacheOp::verify() {
  int64_t size = getPageSize(), pages = getPages(),
          perSequence = getPagesPerSequence();
  if (size < 1 || perSequence < 1 || pages <= perSequence) // (C1)
    return emitOpError() << "expects page 0 and the pages of one sequence, got "
                         << pages << " pages of " << size << " tokens and "
                         << perSequence << " a sequence";
  return success();
}

LogicalResult ArenaOp::verify() {
  int64_t bytes = getBytes().value_or(0);
  if (bytes < 0) // (C1)
    return emitOpError() << "expects bytes not to be negative, got " << bytes;
  return success();
}

LogicalResult KernelOp::verify() {
  int64_t module = getModule().value_or(0);
  if (module < 0) // (C1)
    return emitOpError() << "expects a module of 0 or more, got " << module;
  return success();
}

/// Size of the leading dimension.
static int64_t countLeading(WeightOp weight) {
  auto type = cast<RankedTensorType>(weight.getType());
  return type.getRank() > 0 ? type.getDimSize(0) : 1;
}

LogicalResult WeightOp::verify() {
  if (!cast<RankedTensorType>(getType()).hasStaticShape()) // (C1)
    return emitOpError() << "expects static dimensions, got " << getType();
  if (getTensor().has_value() == getPacked().has_value()) // (C3)
    return emitOpError() << "expects either a tensor name or packed parts";
  int64_t parts = getPacked().value_or(1), most = countLeading(*this);
  if (parts != 1 && parts != most) // (C4)
    return emitOpError() << "expects 1 part or " << most << ", got " << parts;
  if (int64_t fanIn = getFanIn().value_or(1); fanIn < 1) // (C5)
    return emitOpError() << "expects a positive fan_in, got " << fanIn;
  return success();
}

bool WeightOp::isStacked() {
  if (getTensor())
    return getTensor()->contains("{e}");
  return cast<RankedTensorType>(getType()).getRank() > 2 &&
         countParts() == countLeading(*this);
}

int64_t WeightOp::countParts() {
  if (getPacked())
    return *getPacked();
  return isStacked() ? countLeading(*this) : 1;
}

LogicalResult WeightOp::verifySymbolUses(SymbolTableCollection &table) {
  FlatSymbolRefAttr scaled = getScalesAttr();
  if (!scaled || table.lookupNearestSymbolFrom<WeightOp>(*this, scaled)) // (C2)
    return success();
  return emitOpError() << "expects " << scaled << " to be a plan.weight";
}

} // namespace ingot::plan
