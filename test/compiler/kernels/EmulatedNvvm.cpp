//===- EmulatedNvvm.cpp - GPU kernels in MLIR on the processor ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatedNvvm.h"
#include "compiler/codegen/Host.h"
#include "compiler/kernels/NvvmInstance.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace ingot::test {

namespace {

/// What NVVM numbers shared memory by.
constexpr unsigned kSharedSpace = 3;
constexpr int64_t kLanes = 32;

bool isShared(MemRefType type) {
  return type.getMemorySpaceAsInt() == kSharedSpace;
}

/// Puts calls in place of a module's ops of a GPU.
class Emulation {
public:
  explicit Emulation(ModuleOp module)
      : module(module), builder(module.getContext()),
        converter(module.getContext()) {}

  /// Bytes of shared memory, or failure if an op has no emulation.
  FailureOr<int64_t> run() {
    int64_t bytes = placeSharedMemory();
    SmallVector<Operation *> ops;
    module.walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      builder.setInsertionPoint(op);
      if (failed(replace(op)))
        return op->emitError("has no emulation");
    }
    return bytes;
  }

private:
  /// Gives each buffer of shared memory its place there; their types become
  /// those of any memory.
  int64_t placeSharedMemory() {
    int64_t bytes = 0;
    for (auto global :
         llvm::make_early_inc_range(module.getOps<memref::GlobalOp>())) {
      MemRefType type = global.getType();
      if (!isShared(type))
        continue;
      places[global.getSymName()] = bytes;
      unsigned width = type.getElementTypeBitWidth() / 8;
      bytes += llvm::alignTo(type.getNumElements() * width, 16);
      global.erase();
    }
    AttrTypeReplacer replacer;
    replacer.addReplacement([](MemRefType type) -> std::optional<Type> {
      if (!isShared(type))
        return std::nullopt;
      return MemRefType::get(type.getShape(), type.getElementType());
    });
    replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true,
                                          /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
    return bytes;
  }

  /// A call of a function of EmulatedCalls.h, declared on its first use.
  func::CallOp call(StringRef function, ValueRange arguments,
                    TypeRange results = {}) {
    Location loc = builder.getUnknownLoc();
    if (!module.lookupSymbol(function)) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToEnd(module.getBody());
      auto type = builder.getFunctionType(arguments.getTypes(), results);
      func::FuncOp::create(builder, loc, function, type).setPrivate();
    }
    return func::CallOp::create(builder, loc, function, results, arguments);
  }
  Value callFor(Type result, StringRef function, ValueRange arguments) {
    return call(function, arguments, result).getResult(0);
  }

  Value cast(Type type, Value value) {
    return arith::BitcastOp::create(builder, value.getLoc(), type, value);
  }
  Value castVector(Type type, Value value) {
    return LLVM::BitcastOp::create(builder, value.getLoc(), type, value);
  }
  Value constant(TypedAttr value) {
    return arith::ConstantOp::create(builder, builder.getUnknownLoc(), value);
  }

  LogicalResult with(Operation *op, ValueRange results) {
    op->replaceAllUsesWith(results);
    op->erase();
    return success();
  }

  LogicalResult replace(Operation *op) {
    return llvm::TypeSwitch<Operation *, LogicalResult>(op)
        .Case<gpu::ThreadIdOp, gpu::BlockIdOp, gpu::BarrierOp, gpu::ShuffleOp,
              NVVM::GriddepcontrolOp, NVVM::PrefetchOp,
              NVVM::ConvertF32x2ToF8x2Op, NVVM::ConvertF8x2ToF16x2Op,
              arith::TruncFOp, memref::GetGlobalOp>(
            [&](auto one) { return replaceOne(one); })
        .Default([](Operation *other) {
          StringRef dialect = other->getName().getDialectNamespace();
          return success(dialect != "gpu" && dialect != "nvvm");
        });
  }

  LogicalResult replaceOne(gpu::ThreadIdOp op) {
    if (op.getDimension() != gpu::Dimension::x)
      return failure();
    return with(op, callFor(op.getType(), "ingotThread", {}));
  }
  LogicalResult replaceOne(gpu::BlockIdOp op) {
    Value dimension = constant(
        builder.getI32IntegerAttr(static_cast<int32_t>(op.getDimension())));
    return with(op, callFor(op.getType(), "ingotTile", dimension));
  }
  LogicalResult replaceOne(gpu::BarrierOp op) {
    call("ingotMeet", {});
    return with(op, {});
  }
  LogicalResult replaceOne(gpu::ShuffleOp op) {
    APInt width;
    Type type = op.getValue().getType(), word = builder.getI32Type();
    if (op.getMode() != gpu::ShuffleMode::XOR || !type.isF32() ||
        !matchPattern(op.getWidth(), m_ConstantInt(&width)) || width != kLanes)
      return failure();
    Value other = callFor(word, "ingotShuffleXor",
                          {cast(word, op.getValue()), op.getOffset()});
    return with(op, {cast(type, other), constant(builder.getBoolAttr(true))});
  }
  LogicalResult replaceOne(NVVM::GriddepcontrolOp op) {
    bool waits = op.getKind() == NVVM::GridDepActionKind::wait;
    call(waits ? "ingotWait" : "ingotRelease", {});
    return with(op, {});
  }
  LogicalResult replaceOne(NVVM::PrefetchOp op) {
    call("ingotPrefetch", op.getAddr());
    return with(op, {});
  }
  LogicalResult replaceOne(NVVM::ConvertF32x2ToF8x2Op op) {
    if (op.getRnd() != NVVM::FPRoundingMode::RN ||
        op.getSat() != NVVM::SaturationMode::SATFINITE || op.getRelu() ||
        !isa<Float8E4M3FNType>(op.getDstTy()) || !op.getType().isInteger(16))
      return failure();
    return with(op,
                callFor(op.getType(), "ingotToE4M3", {op.getB(), op.getA()}));
  }
  LogicalResult replaceOne(NVVM::ConvertF8x2ToF16x2Op op) {
    if (!isa<Float8E4M3FNType>(op.getSrcType()) || op.getRelu())
      return failure();
    Value codes = castVector(builder.getI16Type(), op.getSrc());
    Value halves = callFor(builder.getI32Type(), "ingotFromE4M3", codes);
    return with(op, castVector(op.getType(), halves));
  }
  /// Processors make zeros of subnormal values, or need a library.
  LogicalResult replaceOne(arith::TruncFOp op) {
    if (!op.getType().isBF16())
      return success();
    Value bits = callFor(builder.getI16Type(), "ingotToBf16", op.getIn());
    return with(op, cast(op.getType(), bits));
  }
  LogicalResult replaceOne(memref::GetGlobalOp op) {
    auto place = places.find(op.getName());
    if (place == places.end())
      return success();
    Value offset = constant(builder.getIndexAttr(place->second));
    auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
    Value address = callFor(pointer, "ingotShared", offset);
    Value descriptor = MemRefDescriptor::fromStaticShape(
        builder, op.getLoc(), converter, op.getType(), address);
    auto buffer = UnrealizedConversionCastOp::create(builder, op.getLoc(),
                                                     op.getType(), descriptor);
    return with(op, buffer.getResults());
  }

  ModuleOp module;
  OpBuilder builder;
  LLVMTypeConverter converter;
  llvm::StringMap<int64_t> places;
};

} // namespace

llvm::Expected<EmulatedKernel>
emulateInMLIR(const compiler::CudaInstance &instance) {
  auto target = compiler::resolveHostTarget("native");
  if (!target)
    return target.takeError();
  MLIRContext context(MLIRContext::Threading::DISABLED);
  auto module = compiler::instantiateInMLIR(context, instance);
  if (!module)
    return module.takeError();
  auto kernel = (*module)->lookupSymbol<func::FuncOp>(instance.name);
  EmulatedKernel emulated;
  emulated.arguments = kernel.getNumArguments();
  kernel.setName("kernel_" + instance.name);

  FailureOr<int64_t> bytes = Emulation(**module).run();
  if (failed(bytes))
    return llvm::createStringError("kernel '" + instance.name +
                                   "' has no emulation");
  emulated.sharedBytes = *bytes;
  auto object = compiler::compileObject(**module, *target);
  if (!object)
    return object.takeError();
  emulated.object = std::move(*object);
  return emulated;
}

} // namespace ingot::test
