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
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace ingot::compiler {

void KernelInstance::join(const KernelInstance &second, int64_t at) {
  name += "_and_" + second.name;
  beside = second.body;
  split = at;
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

/// Builds the function that a launch calls: it hands each body its slots.
class Wrapper {
public:
  Wrapper(OpBuilder &builder, StringRef name, Location loc)
      : builder(builder), loc(loc), converter(builder.getContext()) {
    auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
    auto wrapper = func::FuncOp::create(
        builder, loc, name, builder.getFunctionType({pointer, pointer}, {}));
    block = wrapper.addEntryBlock();
    builder.setInsertionPointToStart(block);
    for (unsigned i = 0; i < kTileArguments; ++i)
      tile.push_back(load(1, i, builder.getIndexType()));
  }

  void call(ParsedBody body) {
    call(body.body, slotsOf(body), tile);
    func::ReturnOp::create(builder, loc);
  }

  /// `first` for the tiles before x = `split`, `second` for the others.
  void call(ParsedBody first, ParsedBody second, int64_t split) {
    SmallVector<Value> firstSlots = slotsOf(first),
                       secondSlots = slotsOf(second);
    Value border = arith::ConstantIndexOp::create(builder, loc, split);
    Value isFirst = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::ult, tile[0], border);
    auto branch = scf::IfOp::create(builder, loc, isFirst, /*else=*/true);
    builder.setInsertionPointToStart(branch.thenBlock());
    call(first.body, firstSlots, tile);
    builder.setInsertionPointToStart(branch.elseBlock());
    SmallVector<Value> moved = tile;
    moved[0] = arith::SubIOp::create(builder, loc, tile[0], border);
    call(second.body, secondSlots, moved);
    builder.setInsertionPointAfter(branch);
    func::ReturnOp::create(builder, loc);
  }

private:
  Value load(unsigned argument, unsigned i, Type type) {
    auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
    Type i64 = builder.getI64Type();
    Value address = LLVM::GEPOp::create(
        builder, loc, pointer, i64, block->getArgument(argument),
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
    Value slot = LLVM::LoadOp::create(builder, loc, i64, address);
    return convertSlot(builder, loc, converter, slot, type);
  }

  /// The next slots, as `body` wants them.
  SmallVector<Value> slotsOf(ParsedBody body) {
    SmallVector<Value> slots;
    for (Type type : body.argumentTypes())
      slots.push_back(load(0, nextSlot++, type));
    return slots;
  }

  void call(func::FuncOp body, SmallVector<Value> arguments,
            ArrayRef<Value> coordinates) {
    llvm::append_range(arguments, coordinates);
    func::CallOp::create(builder, loc, body, arguments);
  }

  OpBuilder &builder;
  Location loc;
  LLVMTypeConverter converter;
  Block *block = nullptr;
  SmallVector<Value> tile;
  unsigned nextSlot = 0;
};

llvm::Expected<OwningOpRef<ModuleOp>>
instantiateKernels(MLIRContext &context, ArrayRef<KernelInstance> instances) {
  loadBodyDialects(context);
  OpBuilder builder(&context);
  OwningOpRef<ModuleOp> all = ModuleOp::create(builder.getUnknownLoc());
  for (const KernelInstance &instance : instances) {
    auto body = addBody(*all, instance.body, instance.name);
    if (!body)
      return body.takeError();
    std::optional<ParsedBody> beside;
    if (instance.beside) {
      auto second = addBody(*all, *instance.beside, instance.name + ".beside");
      if (!second)
        return second.takeError();
      beside = *second;
    }
    builder.setInsertionPointToEnd(all->getBody());
    Wrapper wrapper(builder, instance.name, body->body.getLoc());
    if (beside)
      wrapper.call(*body, *beside, instance.split);
    else
      wrapper.call(*body);
  }
  return all;
}

} // namespace ingot::compiler
