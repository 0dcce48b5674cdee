//===- Attention.cpp - rules of positions, caches and attention -----------===//
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

LogicalResult RopeOp::verify() {
  int64_t width = sizeOf(getX().getType(), 1), heads = getHeads();
  if (failed(expectShape(*this, "x", getX().getType(), {kAnySize, kAnySize})))
    return failure();
  if (heads < 1 || width % heads != 0) // (C1)
    return emitOpError() << "expects heads to divide the width " << width
                         << ", got " << heads;
  if (getRope().getDim() > width / heads) // (C2)
    return emitOpError() << "expects rope dim of at most the head width "
                         << width / heads << ", got " << getRope().getDim();
  return success();
}

LogicalResult KVAppendOp::verify() {
  if (failed(expectLayer(*this, getLayer(), getType().getLayers()))) // (C1)
    return failure();
  int64_t head = sizeOf(getHead().getType(), 1);
  if (failed(expectShape(*this, "head", getHead().getType(),
                         {kAnySize, kAnySize})))
    return failure();
  return expectShape(*this, "tail", getTail().getType(), // (C2)
                     {kAnySize, getType().getWidth() - head});
}

LogicalResult LatentAttentionOp::verify() {
  KVCacheType cache = getCache().getType();
  int64_t heads = getHeads(), nope = getNopeDim(), rope = getRopeDim(),
          value = getValueDim(), latent = cache.getWidth() - rope;
  if (failed(expectLayer(*this, getLayer(), cache.getLayers()))) // (C1)
    return failure();
  if (failed(expectShape(*this, "q", getQ().getType(),
                         {kAnySize, heads * (nope + rope)}))) // (C2)
    return failure();
  if (failed(expectShape(*this, "kv_b", getKvB().getType(),
                         {heads * (nope + value), latent}))) // (C3)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, heads * value}); // (C4)
}

} // namespace ingot::ir
