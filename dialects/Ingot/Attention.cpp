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
  if (failed(expectShape(*this, "head", getHead().getType(),
                         {kAnySize, kAnySize})) ||
      failed(expectShape(*this, "tail", getTail().getType(),
                         {kAnySize, kAnySize})))
    return failure();
  int64_t head = sizeOf(getHead().getType(), 1),
          tail = sizeOf(getTail().getType(), 1);
  if (head + tail != getType().getWidth()) // (C2)
    return emitOpError() << "expects head and tail to fill the cache's width "
                         << getType().getWidth() << ", got " << head << " and "
                         << tail;
  return success();
}

LogicalResult AttentionOp::verify() {
  KVCacheType cache = getCache().getType();
  int64_t heads = getHeads(), kvHeads = getKvHeads(), width = cache.getWidth();
  if (failed(expectLayer(*this, getLayer(), cache.getLayers()))) // (C1)
    return failure();
  if (kvHeads < 1 || heads < 1 || heads % kvHeads != 0) // (C2)
    return emitOpError() << "expects kv_heads to divide heads, got " << kvHeads
                         << " and " << heads;
  if (width % (2 * kvHeads) != 0) // (C3)
    return emitOpError() << "expects keys and values of " << kvHeads
                         << " heads to fill the cache's width " << width;
  Attribute mask = getMaskAttr();
  if (mask && !isa<ChunkedAttr, SlidingAttr>(mask)) // (C5)
    return emitOpError() << "expects mask to be chunked or sliding, got "
                         << mask;
  if (failed(expectShape(*this, "q", getQ().getType(),
                         {kAnySize, heads * getHeadDim()}))) // (C4)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, heads * getHeadDim()}); // (C4)
}

int64_t AttentionOp::firstVisible(int64_t position) {
  if (auto chunked = dyn_cast_if_present<ChunkedAttr>(getMaskAttr()))
    return position / chunked.getSize() * chunked.getSize();
  if (auto sliding = dyn_cast_if_present<SlidingAttr>(getMaskAttr()))
    return std::max<int64_t>(position - sliding.getSize() + 1, 0);
  return 0;
}

LogicalResult LatentAttentionOp::verify() {
  KVCacheType cache = getCache().getType();
  int64_t heads = getHeads(), nope = getNopeDim(), rope = getRopeDim(),
          value = getValueDim(), latent = cache.getWidth() - rope;
  if (failed(expectLayer(*this, getLayer(), cache.getLayers()))) // (C1)
    return failure();
  if (heads < 1 || nope < 1 || rope < 1 || value < 1 || latent < 1) // (C5)
    return emitOpError()
           << "expects positive sizes and rope below the cache's width "
           << cache.getWidth() << ", got heads " << heads << ", nope " << nope
           << ", rope " << rope << ", value " << value;
  if (failed(expectShape(*this, "q", getQ().getType(),
                         {kAnySize, heads * (nope + rope)}))) // (C2)
    return failure();
  if (failed(expectShape(*this, "kv_b", getKvB().getType(),
                         {heads * (nope + value), latent}))) // (C3)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, heads * value}); // (C4)
}

LogicalResult AbsorbQueryOp::verify() {
  int64_t heads = getHeads(), nope = getNopeDim(), rope = getRopeDim(),
          value = getValueDim(), latent = sizeOf(getKvB().getType(), 1);
  if (heads < 1 || nope < 1 || rope < 1 || value < 1) // (C1)
    return emitOpError() << "expects positive sizes, got heads " << heads
                         << ", nope " << nope << ", rope " << rope << ", value "
                         << value;
  if (failed(expectShape(*this, "q", getQ().getType(),
                         {kAnySize, heads * (nope + rope)}))) // (C2)
    return failure();
  if (failed(expectShape(*this, "kv_b", getKvB().getType(),
                         {heads * (nope + value), kAnySize}))) // (C3)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, heads * (latent + rope)}); // (C4)
}

LogicalResult AttendLatentOp::verify() {
  KVCacheType cache = getCache().getType();
  int64_t heads = getHeads(), rope = getRopeDim(),
          latent = cache.getWidth() - rope;
  if (failed(expectLayer(*this, getLayer(), cache.getLayers()))) // (C1)
    return failure();
  if (heads < 1 || rope < 1 || latent < 1) // (C2)
    return emitOpError()
           << "expects positive sizes and rope below the cache's width "
           << cache.getWidth() << ", got heads " << heads << ", rope " << rope;
  if (failed(expectShape(*this, "query", getQuery().getType(),
                         {kAnySize, heads * cache.getWidth()}))) // (C3)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, heads * latent}); // (C4)
}

LogicalResult ProjectValueOp::verify() {
  int64_t heads = getHeads(), nope = getNopeDim(), value = getValueDim();
  if (heads < 1 || nope < 1 || value < 1) // (C1)
    return emitOpError() << "expects positive sizes, got heads " << heads
                         << ", nope " << nope << ", value " << value;
  if (failed(expectShape(*this, "kv_b", getKvB().getType(),
                         {heads * (nope + value), kAnySize}))) // (C2)
    return failure();
  if (failed(expectShape(
          *this, "latent", getLatent().getType(),
          {kAnySize, heads * sizeOf(getKvB().getType(), 1)}))) // (C3)
    return failure();
  return expectShape(*this, "result", getType(),
                     {kAnySize, heads * value}); // (C4)
}

SmallVector<unsigned> LatentAttentionOp::getMatrixOperands() { return {2}; }

SmallVector<unsigned> AbsorbQueryOp::getMatrixOperands() { return {1}; }

SmallVector<unsigned> ProjectValueOp::getMatrixOperands() { return {1}; }

} // namespace ingot::ir
