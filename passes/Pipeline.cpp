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
} // namespace

static constexpr PhaseName kPhases[] = {{Phase::Import, "import"},
                                        {Phase::Lower, "lower"},
                                        {Phase::Memory, "memory"}};

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

void buildPipeline(mlir::OpPassManager &manager, Phase last,
                   KernelCatalogue &catalogue, const PlanLimits &limits) {
  if (last < Phase::Lower)
    return;
  manager.addPass(createSelectKernelsPass(catalogue, limits));
  manager.addPass(createVerifyLoweredPass());

  if (last < Phase::Memory)
    return;
  // Lifetimes are counted in launches, so nothing may add one after this.
  manager.addPass(createPlanMemoryPass());
  manager.addPass(createVerifyPlannedPass());
}

} // namespace ingot::passes
