//===- MoE.cpp - rules of routing and experts -----------------------------===//
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

LogicalResult RouteOp::verify() {
  RoutingAttr routing = getRouting();
  int64_t experts = sizeOf(getLogits().getType(), 1);
  if (failed(expectShape(*this, "logits", getLogits().getType(),
                         {kAnySize, kAnySize})))
    return failure();
  if (getBias() && failed(expectShape(*this, "bias", getBias().getType(),
                                      {experts}))) // (C1)
    return failure();
  if (failed(expectShape(*this, "weights", getWeights().getType(),
                         {kAnySize, routing.getTopK()})) ||
      failed(expectShape(*this, "indices", getIndices().getType(),
                         {kAnySize, routing.getTopK()}))) // (C2)
    return failure();
  int64_t groups = routing.getGroups();
  if (experts % groups != 0) // (C3)
    return emitOpError() << "expects groups to divide " << experts
                         << " experts, got " << groups;
  int64_t kept = experts / groups * routing.getTopGroups();
  if (kept < routing.getTopK()) // (C3)
    return emitOpError() << "expects top_k of at most the " << kept
                         << " experts of the kept groups, got "
                         << routing.getTopK();
  if (groups > 1 && routing.getGroupScore() == GroupScore::Top2Sum &&
      experts / groups < 2) // (C4)
    return emitOpError() << "expects groups of at least 2 experts to rank by "
                            "top2_sum, got "
                         << experts / groups;
  return success();
}

LogicalResult ExpertsOp::verify() {
  Type gate = getGate().getType();
  int64_t width = sizeOf(getX().getType(), 1), experts = sizeOf(gate, 0),
          inner = sizeOf(gate, 1), chosen = sizeOf(getWeights().getType(), 1);
  if (failed(expectShape(*this, "x", getX().getType(), {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "weights", getWeights().getType(),
                         {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "indices", getIndices().getType(),
                         {kAnySize, chosen}))) // (C1)
    return failure();
  if (failed(expectShape(*this, "gate", gate, {kAnySize, kAnySize, width})) ||
      failed(expectShape(*this, "up", getUp().getType(),
                         {experts, inner, width})) ||
      failed(expectShape(*this, "down", getDown().getType(),
                         {experts, width, inner}))) // (C2)
    return failure();
  if (experts != kAnySize && chosen > experts) // (C3)
    return emitOpError() << "expects at most " << experts
                         << " experts a token, got " << chosen;
  if (failed(verifyInputs(*this))) // (C5)
    return failure();
  if (getShared().empty())
    return success();
  if (getShared().size() != 3) // (C4)
    return emitOpError()
           << "expects gate, up and down of a shared network, got "
           << getShared().size() << " weights";
  Type sharedGate = getShared()[0].getType();
  int64_t sharedInner = sizeOf(sharedGate, 0);
  if (failed(
          expectShape(*this, "shared gate", sharedGate, {kAnySize, width})) ||
      failed(expectShape(*this, "shared up", getShared()[1].getType(),
                         {sharedInner, width})) ||
      failed(expectShape(*this, "shared down", getShared()[2].getType(),
                         {width, sharedInner}))) // (C4)
    return failure();
  return success();
}

SmallVector<unsigned> ExpertsOp::getMatrixOperands() {
  return llvm::to_vector(llvm::seq<unsigned>(3, getNumOperands()));
}

std::pair<int64_t, int64_t> ExpertsOp::getTokenShare(unsigned operand) {
  if (operand < getGateMutable().getOperandNumber() ||
      operand > getDownMutable().getOperandNumber())
    return {1, 1};
  return {sizeOf(getIndices().getType(), 1), sizeOf(getGate().getType(), 0)};
}

} // namespace ingot::ir
