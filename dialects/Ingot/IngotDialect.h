//===- IngotDialect.h - The ingot dialect in C++ ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one header to include for `ingot` IR. What each op means is written in
// the .td of its family; docs/Ops.md is generated from there.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_INGOT_INGOTDIALECT_H
#define INGOT_DIALECTS_INGOT_INGOTDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

#include "dialects/Ingot/IngotDialect.h.inc"
#include "dialects/Ingot/IngotEnums.h.inc"
#include "dialects/Ingot/IngotInterfaces.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Ingot/IngotAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/Ingot/IngotTypes.h.inc"

#define GET_OP_CLASSES
#include "dialects/Ingot/IngotOps.h.inc"

namespace ingot::ir {

/// The bucket of the function around `op` (or of `op` itself, if it is one);
/// null if it has none.
BucketAttr bucketOf(mlir::Operation *op);

/// Whether `inputs` is one of the elements that ProductOpInterface names, if it
/// is given; else an error at `op`.
mlir::LogicalResult verifyInputs(ProductOpInterface op);

} // namespace ingot::ir

#endif // INGOT_DIALECTS_INGOT_INGOTDIALECT_H
