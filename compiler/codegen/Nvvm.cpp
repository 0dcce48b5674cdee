//===- Nvvm.cpp - from MLIR to machine code of a GPU ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Nvvm.h"
#include "compiler/codegen/ToLLVM.h"
#include "mlir/Conversion/GPUToNVVM/GPUToNVVMPass.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Transforms/DialectConversion.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;

namespace ingot::compiler {

static constexpr const char *kTriple = "nvptx64-nvidia-cuda";
/// PTX of CUDA 13.0, as NVRTC writes it.
static constexpr const char *kFeatures = "+ptx90";

llvm::Expected<Nvvm> Nvvm::open(llvm::ArrayRef<std::string> places) {
  // Not in compile(): the registry of targets is not for several threads.
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
  auto assembler = NvJitLink::open(places);
  if (!assembler)
    return assembler.takeError();
  return Nvvm(std::move(*assembler));
}

/// To LLVM, griddepcontrol touches no memory, so it would move loads across;
/// an instruction that may touch all of it stays where it is.
static void pinGridControl(ModuleOp module) {
  module.walk([](NVVM::GriddepcontrolOp op) {
    bool waits = op.getKind() == NVVM::GridDepActionKind::wait;
    OpBuilder builder(op);
    LLVM::InlineAsmOp::create(
        builder, op.getLoc(), TypeRange(), ValueRange(),
        waits ? "griddepcontrol.wait;" : "griddepcontrol.launch_dependents;",
        "~{memory}", /*has_side_effects=*/true, /*is_align_stack=*/false,
        LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(),
        ArrayAttr());
    op.erase();
  });
}

/// Threads, barriers and shuffles become nvvm ops. (The pass that does so takes
/// functions of a gpu.module, and has math ops call libdevice.)
static LogicalResult lowerGpuOps(ModuleOp module) {
  MLIRContext *context = module.getContext();
  context->loadDialect<NVVM::NVVMDialect, LLVM::LLVMDialect>();
  LLVMTypeConverter converter(context);
  RewritePatternSet patterns(context);
  populateGpuToNVVMConversionPatterns(converter, patterns);
  ConversionTarget target(*context);
  target.addIllegalDialect<gpu::GPUDialect>();
  target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  return applyPartialConversion(module, target, std::move(patterns));
}

/// Makes a kernel, for blocks of so many threads, of the function.
static void makeKernel(ModuleOp module, const NvvmSource &source) {
  auto kernel = module.lookupSymbol<LLVM::LLVMFuncOp>(source.name);
  Builder builder(module.getContext());
  kernel->setAttr(NVVM::NVVMDialect::getKernelFuncAttrName(),
                  builder.getUnitAttr());
  kernel->setAttr(
      NVVM::NVVMDialect::getMaxntidAttrName(),
      builder.getDenseI32ArrayAttr({static_cast<int32_t>(source.threads)}));
}

/// Says how buffers in shared memory are aligned. Where nothing says so, LLVM
/// reads 16 bytes of a large one at once, and has declared it for less.
static void alignShared(llvm::Module &module) {
  for (llvm::GlobalVariable &global : module.globals())
    if (global.getAddressSpace() == NVVM::NVVMMemorySpace::Shared)
      global.setAlignment(llvm::Align(16));
}

static llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createMachine(llvm::StringRef arch) {
  std::string error;
  llvm::Triple triple(kTriple);
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return llvm::createStringError("cannot generate PTX: " + error);
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, arch, kFeatures, llvm::TargetOptions(), std::nullopt,
      std::nullopt, llvm::CodeGenOptLevel::Aggressive));
}

static llvm::Expected<std::string> compileToPtx(const NvvmSource &source,
                                                llvm::StringRef arch) {
  ModuleOp module = source.module;
  auto machine = createMachine(arch);
  if (!machine)
    return machine.takeError();
  pinGridControl(module);
  if (failed(lowerGpuOps(module)) || failed(lowerToLLVM(module)))
    return llvm::createStringError("kernel '" + source.name +
                                   "' does not lower to the llvm dialect");
  makeKernel(module, source);

  registerNVVMDialectTranslation(*module.getContext());
  llvm::LLVMContext context;
  auto code = translateToLLVMIR(module, context, **machine);
  if (!code)
    return code.takeError();
  hideAllBut(source.name, **code);
  alignShared(**code);
  optimize(**code, **machine);
  return emitFile(**code, **machine, llvm::CodeGenFileType::AssemblyFile);
}

llvm::Expected<CudaCode> Nvvm::compile(const NvvmSource &source,
                                       llvm::StringRef arch) const {
  auto ptx = compileToPtx(source, arch);
  if (!ptx)
    return ptx.takeError();
  return assembler.assemble(source.name, std::move(*ptx), arch);
}

} // namespace ingot::compiler
