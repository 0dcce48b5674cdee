//===- Host.cpp - from MLIR to a shared object for this machine -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Host.h"
#include "compiler/codegen/Link.h"
#include "compiler/codegen/ToLLVM.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;

namespace ingot::compiler {

static constexpr const char *kTriple = "x86_64-unknown-linux-gnu";

/// What the functions' code may use of the processor.
static void allowFeatures(llvm::Module &module, const HostTarget &target) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-features", target.features);
    function.addFnAttr("prefer-vector-width",
                       target.lanes == 16 ? "512" : "256");
  }
}

static llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createMachine(const HostTarget &target) {
  LLVMInitializeX86TargetInfo();
  LLVMInitializeX86Target();
  LLVMInitializeX86TargetMC();
  LLVMInitializeX86AsmPrinter();
  std::string error;
  llvm::Triple triple(kTriple);
  const llvm::Target *llvmTarget =
      llvm::TargetRegistry::lookupTarget(triple, error);
  if (!llvmTarget)
    return llvm::createStringError("cannot generate x86-64 code: " + error);
  // The features alone decide what is used; a processor's name would add its
  // own.
  return std::unique_ptr<llvm::TargetMachine>(llvmTarget->createTargetMachine(
      triple, "x86-64", target.features, llvm::TargetOptions(),
      llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Aggressive));
}

llvm::Expected<std::string> compileObject(ModuleOp module,
                                          const HostTarget &target) {
  auto machine = createMachine(target);
  if (!machine)
    return machine.takeError();
  llvm::SmallVector<std::string> exported = publicFunctions(module);
  if (failed(lowerToLLVM(module)))
    return llvm::createStringError("kernels do not lower to the llvm dialect");

  llvm::LLVMContext context;
  auto code = translateToLLVMIR(module, context, **machine);
  if (!code)
    return code.takeError();
  hideAllBut(exported, **code);
  allowFeatures(**code, target);
  optimize(**code, **machine);
  return emitFile(**code, **machine, llvm::CodeGenFileType::ObjectFile);
}

llvm::Expected<std::string> compileSharedObject(ModuleOp module,
                                                const HostTarget &target) {
  auto object = compileObject(module, target);
  if (!object)
    return object.takeError();
  return linkSharedObject(*object);
}

} // namespace ingot::compiler
