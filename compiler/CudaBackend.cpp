//===- CudaBackend.cpp - compiling for a GPU ------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Backend.h"
#include "compiler/codegen/Nvrtc.h"
#include "compiler/codegen/Nvvm.h"
#include "compiler/kernels/CudaCatalogue.h"
#include "compiler/kernels/NvvmInstance.h"
#include "llvm/Support/Parallel.h"

using namespace mlir;

namespace ingot::compiler {

namespace {

/// The two roads to code of a GPU.
struct Compilers {
  Nvrtc nvrtc;
  Nvvm nvvm;

  static llvm::Expected<Compilers> open() {
    auto nvrtc = Nvrtc::open(Nvrtc::usualPlaces());
    if (!nvrtc)
      return nvrtc.takeError();
    auto nvvm = Nvvm::open(NvJitLink::usualPlaces());
    if (!nvvm)
      return nvvm.takeError();
    return Compilers{std::move(*nvrtc), std::move(*nvvm)};
  }

  llvm::Expected<CudaCode> compile(const CudaInstance &instance,
                                   StringRef arch) const {
    if (!instance.isInMLIR())
      return nvrtc.compile(
          {instance.name, kernelText(instance), kernelHeaders()}, arch);
    // Kernels are compiled by many threads, none of which needs more.
    MLIRContext context(MLIRContext::Threading::DISABLED);
    auto module = instantiateInMLIR(context, instance);
    if (!module)
      return module.takeError();
    return nvvm.compile({instance.name, **module, instance.block}, arch);
  }
};

class CudaBackend : public Backend {
public:
  CudaBackend(std::string arch, std::optional<Compilers> compilers)
      : arch(std::move(arch)), compilers(std::move(compilers)) {}

  bool decodesSingle() const override { return true; }

  passes::KernelCatalogue &
  openCatalogue(const passes::PlanLimits &limits) override {
    catalogue.emplace(CudaOptions{.pagesPerSequence = limits.pagesPerSequence(),
                                  .pageSize = limits.pageSize});
    return *catalogue;
  }

  /// There are kernels for one form. Of the other one, a block of threads would
  /// expand keys and values that all blocks of a head share, and for 64 rows of
  /// a prompt that alone takes more operations than the whole reassociated
  /// form.
  passes::AbsorbOptions absorb(passes::Absorb asked) const override {
    return {asked == passes::Absorb::Auto ? passes::Absorb::Reassociate
                                          : asked};
  }

  bool choosesTokens() const override { return true; }

  llvm::Error generate(ModuleOp module, ArtifactParts &parts) override {
    std::vector<const CudaInstance *> instances;
    for (auto kernel : module.getOps<plan::KernelOp>())
      instances.push_back(
          llvm::find_if(catalogue->instances(), [&](const CudaInstance &one) {
            return one.name == kernel.getSymName();
          }));
    auto codes = compileAll(instances);
    if (!codes)
      return codes.takeError();
    for (auto [i, kernel] : llvm::enumerate(module.getOps<plan::KernelOp>())) {
      note(kernel, i, *instances[i], (*codes)[i]);
      CudaCode &code = (*codes)[i];
      // Module 2 i is the machine code, the next one what it was made of.
      parts.modules.push_back({.kind = fb::ModuleKind::Cubin,
                               .image = std::move(code.cubin),
                               .arch = arch,
                               .source = static_cast<int32_t>(2 * i + 1)});
      parts.modules.push_back({.kind = fb::ModuleKind::Ptx,
                               .image = std::move(code.ptx),
                               .arch = arch});
    }
    return llvm::Error::success();
  }

private:
  /// The code of each instance, or the first one's error. The texts do not
  /// depend on each other.
  llvm::Expected<std::vector<CudaCode>>
  compileAll(ArrayRef<const CudaInstance *> instances) const {
    std::vector<CudaCode> codes(instances.size());
    std::vector<std::string> errors(instances.size());
    llvm::parallelFor(0, instances.size(), [&](size_t i) {
      auto code = compilers->compile(*instances[i], arch);
      if (code)
        codes[i] = std::move(*code);
      else
        errors[i] = llvm::toString(code.takeError());
    });
    for (const std::string &error : errors)
      if (!error.empty())
        return llvm::createStringError(error);
    return codes;
  }

  /// Where the kernel's code is, and what it takes.
  static void note(plan::KernelOp kernel, size_t number,
                   const CudaInstance &instance, const CudaCode &code) {
    kernel.setModule(static_cast<uint64_t>(2 * number));
    kernel.setResourcesAttr(plan::ResourcesAttr::get(
        kernel.getContext(), instance.block, instance.sharedBytes,
        code.staticSharedBytes, code.registers,
        /*local_bytes=*/0, /*early_start=*/true));
  }

  std::string arch;
  /// Absent if nothing is compiled.
  std::optional<Compilers> compilers;
  std::optional<CudaCatalogue> catalogue;
};

} // namespace

Result<std::unique_ptr<Backend>>
createCudaBackend(const CompileOptions &options) {
  std::optional<Compilers> compilers;
  if (!options.stopAfter) {
    auto opened = Compilers::open();
    if (!opened)
      return invalidInput("cannot compile for " + options.target + ": " +
                          llvm::toString(opened.takeError()));
    compilers = std::move(*opened);
  }
  return std::unique_ptr<Backend>(
      std::make_unique<CudaBackend>(options.target, std::move(compilers)));
}

} // namespace ingot::compiler
