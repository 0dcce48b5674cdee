//===- Translate.h - plan dialect to tables ---------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decides nothing: every op becomes the table of plan.fbs that it mirrors, and
// every weight the bytes of the checkpoint tensor that it names.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_EMIT_TRANSLATE_H
#define INGOT_COMPILER_EMIT_TRANSLATE_H

#include "mlir/IR/BuiltinOps.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/Checkpoint.h"

namespace ingot::compiler {

/// The part of a plan that a module says: symbols, KV cache, kernels, arenas,
/// buffers, weights (with views into `checkpoint`'s files, or into none if it
/// is null) and entries. Fails with a diagnostic at the op.
mlir::LogicalResult translateModule(mlir::ModuleOp module,
                                    const storage::Checkpoint *checkpoint,
                                    fb::PlanT &plan);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_EMIT_TRANSLATE_H
