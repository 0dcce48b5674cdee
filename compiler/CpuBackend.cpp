//===- CpuBackend.cpp - compiling for the host ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Backend.h"
#include "compiler/codegen/Host.h"
#include "compiler/kernels/CpuCatalogue.h"

using namespace mlir;

namespace ingot::compiler {

namespace {

class CpuBackend : public Backend {
public:
  explicit CpuBackend(HostTarget host) : host(std::move(host)) {}

  bool decodesSingle() const override { return false; }

  passes::KernelCatalogue &
  openCatalogue(const passes::PlanLimits &limits) override {
    catalogue.emplace(CpuOptions{.pagesPerSequence = limits.pagesPerSequence(),
                                 .pageSize = limits.pageSize,
                                 .lanes = host.lanes,
                                 .byteTables = host.byteTables});
    return *catalogue;
  }

  bool choosesTokens() const override { return false; }

  passes::AbsorbOptions absorb(passes::Absorb asked) const override {
    return {asked, passes::kCpuBalance};
  }

  llvm::Error generate(ModuleOp module, ArtifactParts &parts) override {
    auto kernels = catalogue->instantiate(*module.getContext());
    if (!kernels)
      return kernels.takeError();
    auto object = compileSharedObject(**kernels, host);
    if (!object)
      return object.takeError();
    parts.cpu = host.cpu;
    parts.features = host.required;
    parts.modules.push_back({.image = std::move(*object)});
    return llvm::Error::success();
  }

private:
  HostTarget host;
  std::optional<CpuCatalogue> catalogue;
};

} // namespace

Result<std::unique_ptr<Backend>>
createCpuBackend(const CompileOptions &options) {
  auto host = resolveHostTarget(options.cpu);
  if (!host)
    return invalidInput(llvm::toString(host.takeError()));
  return std::unique_ptr<Backend>(
      std::make_unique<CpuBackend>(std::move(*host)));
}

} // namespace ingot::compiler
