//===- Pipeline.h - the phases of a compilation -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only place where passes are put in order.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_PIPELINE_H
#define INGOT_PASSES_PIPELINE_H

#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"
#include <optional>

namespace ingot::passes {

/// Where a compilation can stop and show its IR, in order.
enum class Phase {
  /// The model as published: textbook ops, weights by name.
  Import,
  /// Launches of the target's kernels instead of ops.
  Lower,
  /// Every buffer at its offset: what the emitter writes.
  Memory,
};

/// "import", "lower", "memory"; none for another name.
std::optional<Phase> parsePhase(llvm::StringRef name);
/// The names that parsePhase knows, for messages: "import, lower, memory".
std::string phaseNames();

/// Adds the passes of every phase after import up to `last`, each phase closed
/// by its gate. `catalogue` must outlive the pass manager.
void buildPipeline(mlir::OpPassManager &manager, Phase last,
                   KernelCatalogue &catalogue, const PlanLimits &limits);

} // namespace ingot::passes

#endif // INGOT_PASSES_PIPELINE_H
