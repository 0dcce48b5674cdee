//===- ToLLVM.h - from MLIR to optimised LLVM IR ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What code generation for any target begins with.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CODEGEN_TOLLVM_H
#define INGOT_COMPILER_CODEGEN_TOLLVM_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
enum class CodeGenFileType;
} // namespace llvm

namespace ingot::compiler {

/// Names of the module's public functions, which are its kernels.
llvm::SmallVector<std::string> publicFunctions(mlir::ModuleOp module);

/// Lowers func, arith, math, vector, memref and scf ops to the llvm dialect. A
/// memref argument becomes its address and nothing else: shapes are static.
mlir::LogicalResult lowerToLLVM(mlir::ModuleOp module);

/// The lowered module as LLVM IR of the machine's target.
llvm::Expected<std::unique_ptr<llvm::Module>>
translateToLLVMIR(mlir::ModuleOp module, llvm::LLVMContext &context,
                  llvm::TargetMachine &machine);

/// Hides all functions but those named, and has them inlined away, so that what
/// a kernel passes to its parts becomes constant there.
void hideAllBut(llvm::ArrayRef<std::string> exported, llvm::Module &module);

/// LLVM's optimisations of level 3; nothing becomes the call of a library.
void optimize(llvm::Module &module, llvm::TargetMachine &machine);

/// The module as a file of the machine's target.
llvm::Expected<std::string> emitFile(llvm::Module &module,
                                     llvm::TargetMachine &machine,
                                     llvm::CodeGenFileType type);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CODEGEN_TOLLVM_H
