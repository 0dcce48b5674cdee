//===- PlanDialect.cpp - registers the dialect; rules of its attributes ---===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Plan/PlanDialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/Plan/PlanDialect.cpp.inc"
#include "dialects/Plan/PlanEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Plan/PlanAttrs.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/Plan/PlanTypes.cpp.inc"

#define GET_OP_CLASSES
#include "dialects/Plan/PlanOps.cpp.inc"

using namespace mlir;

namespace ingot::plan {

void PlanDialect::initialize() {
  registerAttributes();
  registerTypes();
  addOperations<
#define GET_OP_LIST
#include "dialects/Plan/PlanOps.cpp.inc"
      >();
}

void PlanDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Plan/PlanAttrs.cpp.inc"
      >();
}

void PlanDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Plan/PlanTypes.cpp.inc"
      >();
}

LogicalResult ExprAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               StringRef symbol, int64_t mul, int64_t add,
                               int64_t ceilDiv) {
  if (ceilDiv < 1)
    return emitError() << "expects ceildiv by a positive number, got "
                       << ceilDiv;
  if (mul < 0 || add < 0)
    return emitError() << "expects a size that is not negative, got factor "
                       << mul << " and addend " << add;
  return success();
}

LogicalResult CostAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               StringRef rows, bool product, int64_t weight,
                               int64_t parts, int64_t part, int64_t rowParts,
                               int64_t row, int64_t rowFlops, int64_t cached,
                               int64_t cachedFlops, int64_t pairFlops) {
  for (int64_t term : {weight, parts, part, rowParts, row, rowFlops, cached,
                       cachedFlops, pairFlops})
    if (term < 0)
      return emitError() << "expects costs that are not negative, got " << term;
  return success();
}

LogicalResult
ResourcesAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                      int64_t block, int64_t shared, int64_t staticShared,
                      int64_t registers, int64_t local, bool earlyStart) {
  if (block < 1)
    return emitError() << "expects a block of 1 thread or more, got " << block;
  for (int64_t resource : {shared, staticShared, registers, local})
    if (resource < 0)
      return emitError() << "expects resources that are not negative, got "
                         << resource;
  return success();
}

LogicalResult FormCostAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   int64_t bytes, int64_t flops,
                                   int64_t exchanges) {
  for (int64_t term : {bytes, flops, exchanges})
    if (term < 0)
      return emitError() << "expects costs that are not negative, got " << term;
  return success();
}

} // namespace ingot::plan
