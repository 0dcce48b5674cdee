//===- Pipeline.cpp - the order of passes ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/Pipeline.h"
#include "llvm/ADT/StringExtras.h"

namespace ingot::passes {

namespace {

struct PhaseName {
  Phase phase;
  llvm::StringLiteral name;
};

/// A pass that only makes plans better.
struct OptionalPass {
  llvm::StringLiteral name;
  std::unique_ptr<mlir::Pass> (*create)(const PipelineOptions &);
};

} // namespace

static constexpr PhaseName kPhases[] = {{Phase::Import, "import"},
                                        {Phase::Quantize, "quantize"},
                                        {Phase::Model, "model"},
                                        {Phase::Lower, "lower"},
                                        {Phase::Memory, "memory"}};

/// In the order in which they run.
static constexpr OptionalPass kFusions[] = {
    {"fuse-gate-up",
     [](const PipelineOptions &) { return createFuseGateUpPass(); }},
    {"fuse-shared-expert",
     [](const PipelineOptions &) { return createFuseSharedExpertPass(); }},
    {"fuse-norm", [](const PipelineOptions &) { return createFuseNormPass(); }},
};

std::optional<Phase> parsePhase(llvm::StringRef name) {
  for (const PhaseName &known : kPhases)
    if (known.name == name)
      return known.phase;
  return std::nullopt;
}

std::string phaseNames() {
  return llvm::join(
      llvm::map_range(kPhases, [](const PhaseName &p) { return p.name; }),
      ", ");
}

std::vector<std::string> optionalPassNames() {
  std::vector<std::string> names;
  for (const OptionalPass &pass : kFusions)
    names.push_back(pass.name.str());
  return names;
}

void buildPipeline(mlir::OpPassManager &manager, Phase last,
                   KernelCatalogue &catalogue, const PipelineOptions &options) {
  if (last < Phase::Quantize)
    return;
  // Before the model phase: what the forms of an op cost depends on formats.
  if (options.weights == WeightFormat::FP8)
    manager.addPass(createQuantizeWeightsPass());
  manager.addPass(createQuantizeKVCachePass(options.kvCache));
  // Behind whatever makes work of weights alone.
  manager.addPass(createHoistWeightWorkPass());
  manager.addPass(createVerifyQuantizedPass());

  if (last < Phase::Model)
    return;
  // First: what is best for a function depends on the steps that it takes.
  manager.addPass(createSplitEntriesPass(options.limits));
  if (options.chooseTokens)
    manager.addPass(createChooseTokensPass());
  for (const OptionalPass &pass : kFusions)
    if (!llvm::is_contained(options.without, pass.name))
      manager.addPass(pass.create(options));
  manager.addPass(createAbsorbLatentProjectionsPass(options.absorb));
  // Behind what fuses products: each rounds what it takes.
  manager.addPass(createQuantizeActivationsPass(options.activations));
  manager.addPass(createVerifyEntriesPass());

  if (last < Phase::Lower)
    return;
  manager.addPass(createSelectKernelsPass(catalogue, options.limits));
  manager.addPass(createFuseLaunchesPass(catalogue));
  manager.addPass(createVerifyLoweredPass());

  if (last < Phase::Memory)
    return;
  // Lifetimes are counted in launches, so nothing may add one after this.
  manager.addPass(createPlanMemoryPass());
  manager.addPass(createVerifyPlannedPass());
}

} // namespace ingot::passes
