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
#include <string>
#include <vector>

namespace ingot::passes {

/// Where a compilation can stop and show its IR, in order.
enum class Phase {
  /// The model as published: textbook ops, weights by name.
  Import,
  /// Weights and caches in the formats that the plan keeps them in.
  Quantize,
  /// One function for each kind of step; ops fused and reassociated.
  Model,
  /// Launches of the target's kernels instead of ops.
  Lower,
  /// Every buffer at its offset: what the emitter writes.
  Memory,
};

/// Which format the matrices of products are kept in.
enum class WeightFormat {
  /// The checkpoint's.
  Stored,
  /// Scaled E4M3; what the checkpoint has in plain floats is quantised when the
  /// plan is loaded.
  FP8
};

/// What the phases are told.
struct PipelineOptions {
  PlanLimits limits;
  AbsorbOptions absorb;
  WeightFormat weights = WeightFormat::Stored;
  CacheFormat kvCache = CacheFormat::F32;
  ActivationFormat activations = ActivationFormat::F32;
  /// Whether the target draws tokens.
  bool chooseTokens = false;
  /// Names of optional passes to leave out: see optionalPassNames.
  std::vector<std::string> without;
};

/// "import", "model" and so on; none for another name.
std::optional<Phase> parsePhase(llvm::StringRef name);
/// The names that parsePhase knows, for messages: "import, quantize, ...".
std::string phaseNames();

/// The passes without which a plan is slower but as right, by the names that
/// PipelineOptions::without takes: "fuse-gate-up" of ingot-fuse-gate-up.
std::vector<std::string> optionalPassNames();

/// Adds the passes of every phase after import up to `last`, each phase closed
/// by its gate. `catalogue` must outlive the pass manager.
void buildPipeline(mlir::OpPassManager &manager, Phase last,
                   KernelCatalogue &catalogue, const PipelineOptions &options);

} // namespace ingot::passes

#endif // INGOT_PASSES_PIPELINE_H
