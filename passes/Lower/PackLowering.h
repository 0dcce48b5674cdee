//===- PackLowering.h - the work on weights becomes launches ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_LOWER_PACKLOWERING_H
#define INGOT_PASSES_LOWER_PACKLOWERING_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Lower/ModuleDeclarations.h"

namespace ingot::passes {

/// Puts a plan.pack before `pack`, the function @pack: a launch of one of the
/// catalogue's kernels for each op, from parts of weights to parts of weights.
/// Fails with a diagnostic at an op that has no such kernel or a result that is
/// no packed weight.
mlir::LogicalResult lowerPack(mlir::func::FuncOp pack,
                              KernelCatalogue &catalogue,
                              ModuleDeclarations &declarations);

} // namespace ingot::passes

#endif // INGOT_PASSES_LOWER_PACKLOWERING_H
