//===- WeightWork.h - work that does not depend on the step -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_QUANTIZE_WEIGHTWORK_H
#define INGOT_PASSES_QUANTIZE_WEIGHTWORK_H

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace ingot::passes {

/// Whether `op` computes from weights alone, so that its results are the same
/// in every step.
inline bool isWeightWork(mlir::Operation *op) {
  return llvm::isa<ir::ComputeOpInterface>(op) && op->getNumOperands() > 0 &&
         llvm::all_of(op->getOperands(), [](mlir::Value operand) {
           mlir::Operation *source = operand.getDefiningOp();
           return source &&
                  (llvm::isa<ir::GetWeightOp>(source) || isWeightWork(source));
         });
}

/// Whether `function` is the one that weight work belongs in.
inline bool isPack(mlir::func::FuncOp function) {
  return function.getSymName() == ir::IngotDialect::kPackFunction;
}

} // namespace ingot::passes

#endif // INGOT_PASSES_QUANTIZE_WEIGHTWORK_H
