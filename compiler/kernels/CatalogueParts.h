//===- CatalogueParts.h - what catalogues share -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From the words of contracts to those that passes know, and to messages.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_CATALOGUEPARTS_H
#define INGOT_COMPILER_KERNELS_CATALOGUEPARTS_H

#include "compiler/kernels/contract/Contract.h"
#include "passes/Lower/KernelCatalogue.h"

namespace ingot::compiler {

passes::SizeExpr toExpr(kernels::Size size);
passes::KernelArg toArg(const kernels::Operand &operand);
std::vector<passes::KernelArg> toArgs(const kernels::Operands &operands);
plan::CostAttr toAttr(mlir::MLIRContext *context, const kernels::Cost &cost);

/// Makes the launch of an op of its own compute a part of another op:
/// `operands[i]` stands for its operand i, and for all if there are any;
/// `result` for its result.
void rebind(passes::LaunchChoice &launch,
            llvm::ArrayRef<passes::KernelArg> operands,
            const passes::KernelArg &result);

/// Says at `op` that nothing at `place` computes it, and lets more be said.
mlir::InFlightDiagnostic noKernelOn(llvm::StringRef place, mlir::Operation *op);
/// Says at `op` why `kernel` does not compute it.
mlir::LogicalResult rejectedBy(llvm::StringRef kernel, mlir::Operation *op,
                               llvm::StringRef reason);

/// Columns of a matrix.
int64_t columns(mlir::Value value);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CATALOGUEPARTS_H
