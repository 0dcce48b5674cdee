//===- CompiledOp.cpp - an op to measure ----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledOp.h"
#include "compiler/codegen/Host.h"
#include "compiler/kernels/CpuCatalogue.h"
#include "dialects/Ingot/IngotDialect.h"
#include "dialects/Plan/PlanDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include <cstdio>
#include <cstdlib>
#include <span>

namespace ingot::bench {

void fail(const std::string &message) {
  std::fprintf(stderr, "bench: %s\n", message.c_str());
  std::exit(1);
}

CompiledOp::CompiledOp(const std::string &ir, int64_t pagesPerSequence) {
  mlir::MLIRContext context;
  context.loadDialect<ir::IngotDialect, plan::PlanDialect,
                      mlir::func::FuncDialect>();
  auto parsed =
      mlir::parseSourceString<mlir::ModuleOp>(ir, mlir::ParserConfig(&context));
  auto target = compiler::resolveHostTarget("native");
  if (!parsed || !target)
    fail("no module or no target");
  compiler::CpuOptions options;
  options.pagesPerSequence = pagesPerSequence;
  options.lanes = target->lanes;
  options.byteTables = target->byteTables;
  compiler::CpuCatalogue catalogue(options);
  mlir::Operation *op = nullptr;
  parsed->walk([&](ir::ComputeOpInterface found) { op = found; });
  auto chosen = catalogue.select(op);
  auto kernels = catalogue.instantiate(context);
  if (mlir::failed(chosen) || !kernels)
    fail("no kernel");
  selection = *chosen;
  auto image = compiler::compileSharedObject(**kernels, *target);
  if (!image)
    fail(llvm::toString(image.takeError()));
  auto loaded = HostModule::load(std::as_bytes(std::span(*image)), "op");
  if (!loaded)
    fail(loaded.status().message());
  module = std::move(*loaded);
  for (const passes::LaunchChoice &launch : selection.launches) {
    auto function = module->find(launch.kernel);
    if (!function)
      fail(function.status().message());
    functions.push_back(*function);
  }
}

int64_t CompiledOp::size(const passes::SizeExpr &expr) const {
  int64_t value = expr.symbol.empty() ? 0 : symbols.at(expr.symbol);
  return (value * expr.mul + expr.add + expr.ceilDiv - 1) / expr.ceilDiv;
}

uint64_t CompiledOp::slot(const passes::KernelArg &arg) const {
  auto address = [](const void *pointer) {
    return reinterpret_cast<uint64_t>(pointer);
  };
  switch (arg.kind) {
  case passes::KernelArg::Operand:
  case passes::KernelArg::Source:
    return address(operands.at(arg.index));
  case passes::KernelArg::Scales:
    return address(scales.at(arg.index));
  case passes::KernelArg::Result:
    return address(results.at(arg.index));
  case passes::KernelArg::Scratch:
    return address(scratch.at(arg.index).data());
  case passes::KernelArg::ResultScales:
    break; // of packing, which is not measured here
  case passes::KernelArg::Batch:
    return address(batch.at(arg.name));
  case passes::KernelArg::Symbol:
    return uint64_t(symbols.at(arg.name));
  }
  return 0;
}

void CompiledOp::run(ThreadPool &pool) {
  scratch.resize(selection.scratch.size());
  for (size_t i = 0; i < scratch.size(); ++i)
    scratch[i].resize(size(selection.scratch[i].rows) *
                      selection.scratch[i].columns);
  for (size_t i = 0; i < functions.size(); ++i) {
    const passes::LaunchChoice &launch = selection.launches[i];
    std::vector<uint64_t> args;
    for (const passes::KernelArg &arg : launch.args)
      args.push_back(slot(arg));
    int64_t x = size(launch.grid[0]), y = size(launch.grid[1]),
            z = size(launch.grid[2]);
    pool.parallelFor(x * y * z, [&](uint32_t begin, uint32_t end) {
      for (int64_t n = begin; n < end; ++n) {
        int64_t tile[3] = {n % x, n / x % y, n / x / y};
        functions[i](args.data(), tile);
      }
    });
  }
}

} // namespace ingot::bench
