//===- Layout.h - where a buffer lies and how long it is --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_MEMORY_LAYOUT_H
#define INGOT_PASSES_MEMORY_LAYOUT_H

#include "dialects/Plan/PlanDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"

namespace ingot::passes {

/// The largest value of each plan.symbol in an entry: its bucket's, else the
/// symbol's own maximum.
llvm::StringMap<int64_t> symbolMaxima(plan::EntryOp entry);

/// Bytes of a buffer at the maximum of its symbol, without padding.
int64_t bufferBytes(plan::BufferOp buffer,
                    const llvm::StringMap<int64_t> &maxima);

} // namespace ingot::passes

#endif // INGOT_PASSES_MEMORY_LAYOUT_H
