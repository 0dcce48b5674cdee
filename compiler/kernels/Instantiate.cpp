//===- Instantiate.cpp - from kernel texts to one module ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/Instantiate.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
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

struct Body {
  const char *name;
  const char *text;
};

} // namespace

static constexpr Body kBodies[] = {
#include "compiler/kernels/KernelBodies.inc"
};

static constexpr unsigned kTileArguments = 3;

static std::string sourceOf(const KernelInstance &instance) {
  std::string source = instance.aliases;
  for (const std::string &part : instance.parts)
    for (const Body &body : kBodies)
      if (part == body.name)
        source += body.text;
  return source;
}

/// Parses one instance, its symbols prefixed with the instance's name.
static llvm::Expected<OwningOpRef<ModuleOp>>
parseInstance(MLIRContext &context, const KernelInstance &instance) {
  std::string said;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    llvm::raw_string_ostream(said)
        << diagnostic.getLocation() << ": " << diagnostic << "; ";
    return success();
  });
  auto module = parseSourceString<ModuleOp>(
      sourceOf(instance), ParserConfig(&context), instance.name);
  if (!module)
    return llvm::createStringError("kernel '" + instance.name +
                                   "' does not parse: " + said);
  SymbolTable symbols(*module);
  if (!symbols.lookup<func::FuncOp>("body"))
    return llvm::createStringError("kernel '" + instance.name +
                                   "' expects a function @body, got none");
  SmallVector<Operation *> named;
  for (Operation &op : *module->getBody())
    named.push_back(&op);
  for (Operation *op : named) {
    std::string name =
        instance.name + "." + SymbolTable::getSymbolName(op).str();
    if (failed(symbols.rename(op, name)))
      return llvm::createStringError("kernel '" + instance.name +
                                     "' has two symbols '" + name + "'");
  }
  return module;
}

/// What @body wants of a slot: an index, an address, or a buffer there.
static Value convertSlot(OpBuilder &builder, Location loc,
                         const LLVMTypeConverter &converter, Value slot,
                         Type type) {
  if (type.isIndex())
    return arith::IndexCastOp::create(builder, loc, type, slot);
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  Value address = LLVM::IntToPtrOp::create(builder, loc, pointer, slot);
  auto buffer = dyn_cast<MemRefType>(type);
  if (!buffer)
    return address;
  // Bare-pointer lowering makes a descriptor of the address anyway; building
  // it here lets the two casts cancel.
  Value descriptor = MemRefDescriptor::fromStaticShape(builder, loc, converter,
                                                       buffer, address);
  return UnrealizedConversionCastOp::create(builder, loc, type, descriptor)
      .getResult(0);
}

static void addWrapper(OpBuilder &builder, StringRef name, func::FuncOp body) {
  MLIRContext *context = builder.getContext();
  Location loc = body.getLoc();
  LLVMTypeConverter converter(context);
  auto pointer = LLVM::LLVMPointerType::get(context);
  Type i64 = builder.getI64Type();
  auto wrapper = func::FuncOp::create(
      builder, loc, name, builder.getFunctionType({pointer, pointer}, {}));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = wrapper.addEntryBlock();
  builder.setInsertionPointToStart(block);
  auto load = [&](Value base, unsigned i) -> Value {
    Value address =
        LLVM::GEPOp::create(builder, loc, pointer, i64, base,
                            ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    return LLVM::LoadOp::create(builder, loc, i64, address);
  };
  SmallVector<Value> arguments;
  ArrayRef<Type> types = body.getArgumentTypes();
  unsigned slots = types.size() - kTileArguments;
  for (auto [i, type] : llvm::enumerate(types)) {
    Value slot = i < slots ? load(block->getArgument(0), i)
                           : load(block->getArgument(1), i - slots);
    arguments.push_back(convertSlot(builder, loc, converter, slot, type));
  }
  func::CallOp::create(builder, loc, body, arguments);
  func::ReturnOp::create(builder, loc);
}

llvm::Expected<OwningOpRef<ModuleOp>>
instantiateKernels(MLIRContext &context, ArrayRef<KernelInstance> instances) {
  context.loadDialect<arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect,
                      math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                      vector::VectorDialect>();
  OpBuilder builder(&context);
  OwningOpRef<ModuleOp> all = ModuleOp::create(builder.getUnknownLoc());
  for (const KernelInstance &instance : instances) {
    auto module = parseInstance(context, instance);
    if (!module)
      return module.takeError();
    auto body = (*module)->lookupSymbol<func::FuncOp>(instance.name + ".body");
    builder.setInsertionPointToEnd(all->getBody());
    addWrapper(builder, instance.name, body);
    all->getBody()->getOperations().splice(
        all->getBody()->end(), (*module)->getBody()->getOperations());
  }
  return all;
}

} // namespace ingot::compiler
