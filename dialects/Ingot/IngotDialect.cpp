//===- IngotDialect.cpp - registers what the dialect consists of ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/Ingot/IngotDialect.cpp.inc"
#include "dialects/Ingot/IngotInterfaces.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/Ingot/IngotOps.cpp.inc"

namespace ingot::ir {

void IngotDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "dialects/Ingot/IngotOps.cpp.inc"
      >();
}

BucketAttr bucketOf(mlir::Operation *op) {
  auto function = llvm::dyn_cast<mlir::func::FuncOp>(op);
  if (!function)
    function = op->getParentOfType<mlir::func::FuncOp>();
  return function
             ? function->getAttrOfType<BucketAttr>(IngotDialect::kBucketAttr)
             : BucketAttr();
}

} // namespace ingot::ir
