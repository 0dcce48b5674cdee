//===- Layout.cpp - sizes of buffers --------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Memory/Layout.h"

using namespace mlir;

llvm::StringMap<int64_t> ingot::passes::symbolMaxima(plan::EntryOp entry) {
  llvm::StringMap<int64_t> maxima;
  for (auto symbol :
       entry->getParentOfType<ModuleOp>().getOps<plan::SymbolOp>())
    maxima[symbol.getSymName()] = symbol.getMax();
  if (auto bucket = entry.getBucket())
    for (NamedAttribute size : *bucket)
      maxima[size.getName()] = cast<IntegerAttr>(size.getValue()).getInt();
  return maxima;
}

int64_t ingot::passes::bufferBytes(plan::BufferOp buffer,
                                   const llvm::StringMap<int64_t> &maxima) {
  auto type = cast<MemRefType>(buffer.getType());
  int64_t elements = buffer.getRows() ? maxima.lookup(*buffer.getRows()) : 1;
  for (int64_t size : type.getShape())
    elements *= ShapedType::isDynamic(size) ? 1 : size;
  return elements * type.getElementTypeBitWidth() / 8;
}
