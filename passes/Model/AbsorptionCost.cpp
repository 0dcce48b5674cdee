//===- AbsorptionCost.cpp - what the forms of latent attention cost -------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Model/AbsorptionCost.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace ingot::passes {

FormCost &FormCost::operator+=(const FormCost &other) {
  bytes += other.bytes;
  flops += other.flops;
  exchanges += other.exchanges;
  return *this;
}

double FormCost::weigh(const MachineBalance &balance) const {
  return std::max(double(bytes), double(flops) / balance.flopsPerByte) +
         double(exchanges) * balance.bytesPerExchange;
}

AbsorptionCost &AbsorptionCost::operator+=(const AbsorptionCost &other) {
  expanded += other.expanded;
  reassociated += other.reassociated;
  return *this;
}

/// Bytes of a weight, scales included.
static int64_t weightBytes(RankedTensorType type) {
  Type element = type.getElementType();
  int64_t count = type.getNumElements();
  auto scaled = dyn_cast<ir::ScaledType>(element);
  if (!scaled)
    return count * element.getIntOrFloatBitWidth() / 8;
  int64_t blocks = llvm::divideCeil(type.getDimSize(0), scaled.getBlock()[0]) *
                   llvm::divideCeil(type.getDimSize(1), scaled.getBlock()[1]);
  return count * scaled.getValue().getIntOrFloatBitWidth() / 8 +
         blocks * scaled.getScale().getIntOrFloatBitWidth() / 8;
}

AbsorptionCost absorptionCost(ir::LatentAttentionOp op, ir::BucketAttr bucket) {
  auto kvB = cast<RankedTensorType>(op.getKvB().getType());
  ir::KVCacheType cache = op.getCache().getType();
  int64_t heads = op.getHeads(), nope = op.getNopeDim(), rope = op.getRopeDim(),
          value = op.getValueDim(), rank = kvB.getDimSize(1);
  int64_t tokens = bucket.getTokens(), context = bucket.getContextLength();
  int64_t sequences = llvm::divideCeil(tokens, bucket.getPerSequence());
  int64_t chunk = llvm::divideCeil(tokens, sequences);
  int64_t past = std::max<int64_t>(context - chunk, 0);
  // A token and a cached one that it attends to, itself included.
  int64_t pairs = tokens * past + tokens * (chunk + 1) / 2;
  int64_t cached = sequences * (past + chunk);
  int64_t product = 2 * heads * (nope + value) * rank;

  int64_t shared =
      weightBytes(kvB) + cached * cache.getWidth() *
                             cache.getElement().getIntOrFloatBitWidth() / 8;
  int64_t query = 4 * tokens * heads * (nope + rope),
          result = 4 * tokens * heads * value,
          absorbed = 4 * tokens * heads * (rank + rope),
          latent = 4 * tokens * heads * rank;
  AbsorptionCost cost;
  cost.expanded = {shared + query + result,
                   cached * product + 2 * pairs * heads * (nope + rope + value),
                   1};
  cost.reassociated = {shared + query + 2 * absorbed + 2 * latent + result,
                       tokens * product + 2 * pairs * heads * (2 * rank + rope),
                       3};
  return cost;
}

} // namespace ingot::passes
