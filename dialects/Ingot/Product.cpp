//===- Product.cpp - rules that products share ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"

using namespace mlir;

namespace ingot::ir {

LogicalResult verifyInputs(ProductOpInterface op) {
  TypeAttr inputs = op.getInputsAttr();
  if (!inputs || inputs.getValue().isBF16() ||
      isa<Float8E4M3FNType>(inputs.getValue()))
    return success();
  return op.emitOpError() << "expects inputs of bf16 or f8E4M3FN, got "
                          << inputs.getValue();
}

} // namespace ingot::ir
