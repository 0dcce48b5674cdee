//===- CompiledLinear.cpp - a product to measure --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledLinear.h"
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
  std::fprintf(stderr, "KernelBench: %s\n", message.c_str());
  std::exit(1);
}

CompiledLinear compileLinear(const std::string &weight, int64_t n, int64_t k) {
  std::string in = "tensor<?x" + std::to_string(k) + "xf32>",
              out = "tensor<?x" + std::to_string(n) + "xf32>",
              w = "tensor<" + std::to_string(n) + "x" + std::to_string(k) +
                  "x" + weight + ">";
  mlir::MLIRContext context;
  context.loadDialect<ir::IngotDialect, plan::PlanDialect,
                      mlir::func::FuncDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      "func.func @f(%x: " + in + ", %w: " + w + ") -> " + out +
          " {\n%y = ingot.linear %x, %w : " + in + ", " + w + " -> " + out +
          "\nreturn %y : " + out + "\n}",
      mlir::ParserConfig(&context));
  auto target = compiler::resolveHostTarget("native");
  if (!module || !target)
    fail("no module or no target");
  compiler::CpuOptions options;
  options.lanes = target->lanes;
  compiler::CpuCatalogue catalogue(options);
  mlir::Operation *linear = nullptr;
  module->walk([&](ir::LinearOp op) { linear = op; });
  auto selection = catalogue.select(linear);
  auto kernels = catalogue.instantiate(context);
  if (mlir::failed(selection) || !kernels)
    fail("no kernel");
  auto image = compiler::compileSharedObject(**kernels, *target);
  if (!image)
    fail(llvm::toString(image.takeError()));
  auto loaded = HostModule::load(std::as_bytes(std::span(*image)), "linear");
  if (!loaded)
    fail(loaded.status().message());
  const passes::LaunchChoice &launch = selection->launches.front();
  auto function = loaded->find(launch.kernel);
  if (!function)
    fail(function.status().message());
  return {std::move(*loaded), *function, launch.grid[0].add,
          launch.grid[1].ceilDiv};
}

} // namespace ingot::bench
