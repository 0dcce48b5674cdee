//===- KernelBody.cpp - kernel texts in MLIR ------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/KernelBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;

namespace ingot::compiler {

namespace {

struct Text {
  const char *name, *text;
};

} // namespace

static constexpr Text kTexts[] = {
#include "compiler/kernels/KernelBodies.inc"
};

void loadBodyDialects(MLIRContext &context) {
  context
      .loadDialect<arith::ArithDialect, func::FuncDialect, gpu::GPUDialect,
                   LLVM::LLVMDialect, math::MathDialect, memref::MemRefDialect,
                   NVVM::NVVMDialect, scf::SCFDialect, vector::VectorDialect>();
}

static std::string sourceOf(const KernelBody &kernel) {
  std::string source = kernel.aliases;
  for (const std::string &part : kernel.parts)
    for (const Text &text : kTexts)
      if (part == text.name)
        source += text.text;
  return source;
}

/// Parses one body, its symbols behind `prefix` and a dot.
static llvm::Expected<OwningOpRef<ModuleOp>>
parseBody(MLIRContext &context, const KernelBody &kernel,
          const std::string &prefix) {
  std::string said;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    llvm::raw_string_ostream(said)
        << diagnostic.getLocation() << ": " << diagnostic << "; ";
    return success();
  });
  auto module = parseSourceString<ModuleOp>(sourceOf(kernel),
                                            ParserConfig(&context), prefix);
  if (!module)
    return llvm::createStringError("kernel '" + prefix +
                                   "' does not parse: " + said);
  SymbolTable symbols(*module);
  if (!symbols.lookup<func::FuncOp>("body"))
    return llvm::createStringError("kernel '" + prefix +
                                   "' expects a function @body, got none");
  SmallVector<Operation *> named;
  for (Operation &op : *module->getBody())
    named.push_back(&op);
  for (Operation *op : named) {
    std::string name = prefix + "." + SymbolTable::getSymbolName(op).str();
    if (failed(symbols.rename(op, name)))
      return llvm::createStringError("kernel '" + prefix +
                                     "' has two symbols '" + name + "'");
  }
  return module;
}

llvm::Expected<ParsedBody> addBody(ModuleOp all, const KernelBody &kernel,
                                   const std::string &prefix) {
  auto module = parseBody(*all.getContext(), kernel, prefix);
  if (!module)
    return module.takeError();
  ParsedBody parsed{(*module)->lookupSymbol<func::FuncOp>(prefix + ".body"),
                    (*module)->lookupSymbol<func::FuncOp>(prefix + ".prepare")};
  all.getBody()->getOperations().splice(all.getBody()->end(),
                                        (*module)->getBody()->getOperations());
  return parsed;
}

} // namespace ingot::compiler
