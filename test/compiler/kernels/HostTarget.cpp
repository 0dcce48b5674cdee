//===- HostTarget.cpp - runs the kernels of the processor -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HarnessTarget.h"
#include "compiler/codegen/Host.h"

using namespace mlir;

namespace ingot::test {

bool stepsAgreeInBits() { return true; }

ExpertsLaunches expertsLaunches() { return {2, 3, 3, 4}; }

FailureOr<passes::Selection> selectFor(Operation *op,
                                       compiler::CpuOptions options) {
  return compiler::CpuCatalogue(options).select(op);
}

llvm::Expected<BuiltKernels> buildFor(Operation *op,
                                      compiler::CpuOptions options) {
  auto target = compiler::resolveHostTarget("native");
  if (!target)
    return target.takeError();
  options.lanes = target->lanes;
  options.byteTables = options.byteTables && target->byteTables;
  compiler::CpuCatalogue catalogue(options);
  FailureOr<passes::Selection> selection = catalogue.select(op);
  if (failed(selection))
    return llvm::createStringError("the catalogue has no kernel");
  auto kernels = catalogue.instantiate(*op->getContext());
  if (!kernels)
    return kernels.takeError();
  auto object = compiler::compileSharedObject(**kernels, *target);
  if (!object)
    return object.takeError();
  return BuiltKernels{std::move(*selection), std::move(*object)};
}

} // namespace ingot::test
