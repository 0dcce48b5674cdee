//===- Layout.cpp - sizes of buffers --------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Memory/Layout.h"

using namespace mlir;

llvm::StringMap<int64_t> ingot::passes::symbolMaxima(ModuleOp module) {
  llvm::StringMap<int64_t> maxima;
  for (auto symbol : module.getOps<plan::SymbolOp>())
    maxima[symbol.getSymName()] = symbol.getMax();
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
