//===- ShapeCheck.h - Checks that verifiers share ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_INGOT_SHAPECHECK_H
#define INGOT_DIALECTS_INGOT_SHAPECHECK_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace ingot::ir {

/// Stands for any size where a shape is expected: any static one or, in the
/// leading dimension, a dynamic one.
constexpr int64_t kAnySize = -1;

/// Emits `expects <what> to be [?, 256], got <type>` unless `type` is a ranked
/// tensor of the expected shape. A dimension of which only a static size would
/// do, whichever, is called `static`.
mlir::LogicalResult expectShape(mlir::Operation *op, llvm::StringRef what,
                                mlir::Type type,
                                llvm::ArrayRef<int64_t> expected);

/// Size of dimension `dim` of a ranked tensor type, or kAnySize if it is
/// dynamic or not there.
int64_t sizeOf(mlir::Type type, unsigned dim);

/// Emits an error unless `layer` is one of the cache's layers.
mlir::LogicalResult expectLayer(mlir::Operation *op, int64_t layer,
                                int64_t layers);

} // namespace ingot::ir

#endif // INGOT_DIALECTS_INGOT_SHAPECHECK_H
