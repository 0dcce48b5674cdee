//===- IngotTypes.cpp - syntax and rules of the types ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "dialects/Ingot/ShapeCheck.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace ingot::ir {

static ParseResult parseBlockShape(AsmParser &parser,
                                   SmallVectorImpl<int64_t> &block) {
  return parser.parseDimensionList(block, /*allowDynamic=*/false,
                                   /*withTrailingX=*/false);
}

static void printBlockShape(AsmPrinter &printer, ArrayRef<int64_t> block) {
  printer.printDimensionList(block);
}

} // namespace ingot::ir

#define GET_TYPEDEF_CLASSES
#include "dialects/Ingot/IngotTypes.cpp.inc"

namespace ingot::ir {

void IngotDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Ingot/IngotTypes.cpp.inc"
      >();
}

LogicalResult ScaledType::verify(function_ref<InFlightDiagnostic()> emitError,
                                 Type value, ArrayRef<int64_t> block,
                                 Type scale) {
  if (block.size() != 2 || block[0] < 1 || block[1] < 1)
    return emitError() << "expects a block of two positive sizes, got ["
                       << block << "]";
  if (!isa<FloatType>(value) || !isa<FloatType>(scale))
    return emitError() << "expects float values and scales, got " << value
                       << " and " << scale;
  return success();
}

LogicalResult KVCacheType::verify(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t layers, int64_t width, Type element) {
  if (layers < 1 || width < 1)
    return emitError() << "expects positive sizes, got " << layers << "x"
                       << width;
  if (!isa<FloatType>(element))
    return emitError() << "expects float elements, got " << element;
  return success();
}

Type KVCacheType::parse(AsmParser &parser) {
  SmallVector<int64_t> sizes;
  Type element;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseDimensionList(sizes, false, true) ||
      parser.parseType(element) || parser.parseGreater())
    return {};
  if (sizes.size() != 2) {
    parser.emitError(loc) << "expects layers x width, got " << sizes.size()
                          << " sizes";
    return {};
  }
  return getChecked([&] { return parser.emitError(loc); }, parser.getContext(),
                    sizes[0], sizes[1], element);
}

void KVCacheType::print(AsmPrinter &printer) const {
  printer << "<" << getLayers() << "x" << getWidth() << "x" << getElement()
          << ">";
}

int64_t sizeOf(Type type, unsigned dim) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || dim >= tensor.getRank() || tensor.isDynamicDim(dim))
    return kAnySize;
  return tensor.getDimSize(dim);
}

LogicalResult expectShape(Operation *op, StringRef what, Type type,
                          ArrayRef<int64_t> expected) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  bool fits =
      tensor && tensor.getRank() == static_cast<int64_t>(expected.size());
  for (unsigned i = 0; fits && i < expected.size(); ++i)
    fits = expected[i] == kAnySize ? i == 0 || !tensor.isDynamicDim(i)
                                   : tensor.getDimSize(i) == expected[i];
  if (fits)
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << "expects " << what << " to be [";
  for (auto [i, size] : llvm::enumerate(expected)) {
    diag << (i ? ", " : "");
    if (size == kAnySize)
      diag << (i ? "static" : "?");
    else
      diag << size;
  }
  return diag << "], got " << type;
}

LogicalResult expectLayer(Operation *op, int64_t layer, int64_t layers) {
  if (layer >= 0 && layer < layers)
    return success();
  return op->emitOpError() << "expects a layer of 0 to " << layers - 1
                           << ", got " << layer;
}

} // namespace ingot::ir
