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

namespace ingot::ir {

/// Parses `chunked<size = 4>` or `sliding<size = 4>`, or an alias. The full
/// spelling would take the colon behind it for a part of the attribute.
static mlir::ParseResult parseMask(mlir::OpAsmParser &parser,
                                   mlir::Attribute &mask) {
  llvm::StringRef keyword;
  if (failed(parser.parseOptionalKeyword(
          &keyword, {ChunkedAttr::getMnemonic(), SlidingAttr::getMnemonic()})))
    return parser.parseAttribute(mask);
  mask = keyword == ChunkedAttr::getMnemonic()
             ? ChunkedAttr::parse(parser, mlir::Type())
             : SlidingAttr::parse(parser, mlir::Type());
  return mlir::success(mask != nullptr);
}

static void printMask(mlir::OpAsmPrinter &printer, mlir::Operation *,
                      mlir::Attribute mask) {
  if (auto chunked = llvm::dyn_cast<ChunkedAttr>(mask)) {
    printer << ChunkedAttr::getMnemonic();
    chunked.print(printer);
  } else if (auto sliding = llvm::dyn_cast<SlidingAttr>(mask)) {
    printer << SlidingAttr::getMnemonic();
    sliding.print(printer);
  } else {
    printer << mask;
  }
}

} // namespace ingot::ir

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
