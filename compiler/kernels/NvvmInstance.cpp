//===- NvvmInstance.cpp - a kernel of a GPU, in MLIR ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/NvvmInstance.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace ingot::compiler {

namespace {

/// A strand whose bodies are parsed.
struct Strand {
  SmallVector<ParsedBody> bodies;
  int64_t from;
};

/// Builds the kernel: it hands each body its arguments.
class Kernel {
public:
  Kernel(OpBuilder &builder, const CudaInstance &instance,
         ArrayRef<Strand> strands)
      : builder(builder), loc(builder.getUnknownLoc()), strands(strands),
        place(instance.byRow ? 1 : 0) {
    SmallVector<Type> types;
    for (const Strand &strand : strands)
      for (ParsedBody body : strand.bodies)
        llvm::append_range(types, body.argumentTypes());
    auto kernel = func::FuncOp::create(builder, loc, instance.name,
                                       builder.getFunctionType(types, {}));
    builder.setInsertionPointToStart(kernel.addEntryBlock());
    arguments = kernel.getArguments();
  }

  void build() {
    control(NVVM::GridDepActionKind::launch_dependents);
    SmallVector<Value> tile;
    for (gpu::Dimension dimension :
         {gpu::Dimension::x, gpu::Dimension::y, gpu::Dimension::z})
      tile.push_back(gpu::BlockIdOp::create(builder, loc, dimension));
    runFrom(0, tile);
    builder.setInsertionPointToEnd(arguments[0].getParentBlock());
    func::ReturnOp::create(builder, loc);
  }

private:
  void control(NVVM::GridDepActionKind kind) {
    NVVM::GriddepcontrolOp::create(builder, loc, kind);
  }

  /// Runs the strand from `number` on to which the tile belongs.
  void runFrom(size_t number, ArrayRef<Value> tile) {
    if (number + 1 == strands.size())
      return run(strands[number], tile);
    Value border =
        arith::ConstantIndexOp::create(builder, loc, strands[number + 1].from);
    Value isHere = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::ult, tile[place], border);
    auto branch = scf::IfOp::create(builder, loc, isHere, /*else=*/true);
    builder.setInsertionPointToStart(branch.thenBlock());
    run(strands[number], tile);
    builder.setInsertionPointToStart(branch.elseBlock());
    runFrom(number + 1, tile);
  }

  /// Calls what the bodies prepare and, after the wait, the bodies, each on the
  /// tile as counted from the strand's first.
  void run(const Strand &strand, ArrayRef<Value> tile) {
    SmallVector<Value> own(tile);
    Value from = arith::ConstantIndexOp::create(builder, loc, strand.from);
    own[place] = arith::SubIOp::create(builder, loc, tile[place], from);
    SmallVector<SmallVector<Value>> passed;
    for (ParsedBody body : strand.bodies) {
      size_t count = body.argumentTypes().size();
      passed.emplace_back(arguments.slice(next, count));
      llvm::append_range(passed.back(), own);
      next += count;
    }
    for (auto [body, values] : llvm::zip(strand.bodies, passed))
      if (body.prepare)
        func::CallOp::create(builder, loc, body.prepare, values);
    control(NVVM::GridDepActionKind::wait);
    for (auto [i, values] : llvm::enumerate(passed)) {
      // The next body reads what this one has written.
      if (i != 0)
        gpu::BarrierOp::create(builder, loc);
      func::CallOp::create(builder, loc, strand.bodies[i].body, values);
    }
  }

  OpBuilder &builder;
  Location loc;
  ArrayRef<Strand> strands;
  /// The coordinate that says which strand a tile belongs to.
  unsigned place;
  MutableArrayRef<BlockArgument> arguments;
  /// The first argument of the next body.
  size_t next = 0;
};

} // namespace

llvm::Expected<OwningOpRef<ModuleOp>>
instantiateInMLIR(MLIRContext &context, const CudaInstance &instance) {
  loadBodyDialects(context);
  OpBuilder builder(&context);
  OwningOpRef<ModuleOp> all = ModuleOp::create(builder.getUnknownLoc());
  SmallVector<Strand> strands;
  unsigned number = 0;
  for (const CudaStrand &strand : instance.strands) {
    strands.push_back({{}, strand.from});
    for (const KernelBody &kernel :
         std::get<std::vector<KernelBody>>(strand.work)) {
      auto body =
          addBody(*all, kernel, instance.name + "." + std::to_string(number++));
      if (!body)
        return body.takeError();
      strands.back().bodies.push_back(*body);
    }
  }
  builder.setInsertionPointToEnd(all->getBody());
  Kernel(builder, instance, strands).build();
  return all;
}

} // namespace ingot::compiler
