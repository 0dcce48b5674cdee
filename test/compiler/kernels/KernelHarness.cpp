//===- KernelHarness.cpp - runs the kernels of one op ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include "compiler/codegen/Host.h"
#include "dialects/Ingot/IngotDialect.h"
#include "dialects/Plan/PlanDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include <bit>
#include <cmath>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <limits>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;

namespace ingot::test {

Floats randomFloats(size_t count, unsigned seed, float deviation) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal(0.0f, deviation);
  Floats values(count);
  for (float &value : values)
    value = normal(generator);
  return values;
}

std::string elementType(const std::string &format) {
  return format == "f8"
             ? "!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>"
             : format;
}

std::string TestWeight::type() const {
  return "tensor<" + std::to_string(n) + "x" + std::to_string(k) + "x" +
         elementType(format) + ">";
}

static void append(std::vector<uint8_t> &bytes, const void *from, size_t size) {
  auto *begin = static_cast<const uint8_t *>(from);
  bytes.insert(bytes.end(), begin, begin + size);
}

TestWeight randomWeight(const std::string &format, int64_t n, int64_t k,
                        unsigned seed) {
  TestWeight weight{format, n, k, {}, {}, {}};
  weight.values = randomFloats(n * k, seed, 0.5f);
  int64_t blocks = (k + 127) / 128;
  if (format == "f8")
    for (float v : randomFloats((n + 127) / 128 * blocks, seed + 1))
      weight.scales.push_back(0.5f + std::fabs(v));
  std::mt19937 generator(seed);
  for (int64_t i = 0; i < n * k; ++i) {
    float &value = weight.values[i];
    if (format == "f32") {
      append(weight.bytes, &value, 4);
    } else if (format == "f16") {
      _Float16 half = static_cast<_Float16>(value);
      append(weight.bytes, &half, 2);
      value = static_cast<float>(half);
    } else if (format == "bf16") {
      uint16_t upper = std::bit_cast<uint32_t>(value) >> 16;
      append(weight.bytes, &upper, 2);
      value = std::bit_cast<float>(static_cast<uint32_t>(upper) << 16);
    } else {
      uint8_t code = generator() % 0x7f | (generator() % 2 ? 0x80 : 0);
      append(weight.bytes, &code, 1);
      float scale = weight.scales[i / k / 128 * blocks + i % k / 128];
      value = decodeE4M3(code) * scale;
    }
  }
  return weight;
}

static Operation *findComputeOp(ModuleOp module) {
  Operation *found = nullptr;
  module.walk([&](ir::ComputeOpInterface op) { found = op; });
  return found;
}

static OwningOpRef<ModuleOp> parse(MLIRContext &context,
                                   const std::string &ir) {
  context.loadDialect<ir::IngotDialect, plan::PlanDialect, func::FuncDialect>();
  return parseSourceString<ModuleOp>(ir, ParserConfig(&context));
}

KernelHarness::KernelHarness(const std::string &ir,
                             compiler::CpuOptions options) {
  compile(ir, options);
}

void KernelHarness::compile(const std::string &ir,
                            compiler::CpuOptions options) {
  auto target = compiler::resolveHostTarget("native");
  ASSERT_TRUE(static_cast<bool>(target)) << llvm::toString(target.takeError());
  options.lanes = target->lanes;
  options.byteTables = options.byteTables && target->byteTables;
  OwningOpRef<ModuleOp> module = parse(context, ir);
  ASSERT_TRUE(module) << ir;
  compiler::CpuCatalogue catalogue(options);
  FailureOr<passes::Selection> selection =
      catalogue.select(findComputeOp(*module));
  ASSERT_TRUE(succeeded(selection));
  chosen = *selection;
  auto kernels = catalogue.instantiate(context);
  ASSERT_TRUE(static_cast<bool>(kernels))
      << llvm::toString(kernels.takeError());
  auto object = compiler::compileSharedObject(**kernels, *target);
  ASSERT_TRUE(static_cast<bool>(object)) << llvm::toString(object.takeError());
  load(*object);
}

void KernelHarness::load(const std::string &object) {
  // Stays open as long as the library: dlopen tells libraries apart by path,
  // and the path ends in the number of the file.
  file = memfd_create("kernels", MFD_CLOEXEC);
  ASSERT_GE(file, 0);
  ASSERT_EQ(write(file, object.data(), object.size()),
            static_cast<ssize_t>(object.size()));
  std::string path = "/proc/self/fd/" + std::to_string(file);
  library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  for (const passes::LaunchChoice &launch : chosen.launches) {
    auto function =
        reinterpret_cast<Function>(dlsym(library, launch.kernel.c_str()));
    ASSERT_NE(function, nullptr) << launch.kernel;
    functions.push_back(function);
  }
}

KernelHarness::~KernelHarness() {
  if (library)
    dlclose(library);
  if (file >= 0)
    close(file);
}

int64_t KernelHarness::size(const passes::SizeExpr &expr) {
  int64_t value = expr.symbol.empty() ? 0 : symbols.at(expr.symbol);
  return (value * expr.mul + expr.add + expr.ceilDiv - 1) / expr.ceilDiv;
}

uint64_t KernelHarness::slot(const passes::KernelArg &arg) {
  const void *pointer = nullptr;
  switch (arg.kind) {
  case passes::KernelArg::Operand:
  case passes::KernelArg::Source:
    pointer = operands.at(arg.index);
    break;
  case passes::KernelArg::Scales:
    pointer = scales.at(arg.index);
    break;
  case passes::KernelArg::Result:
    pointer = results.at(arg.index);
    break;
  case passes::KernelArg::ResultScales:
    pointer = resultScales.at(arg.index);
    break;
  case passes::KernelArg::Scratch:
    pointer = scratch.at(arg.index).data();
    break;
  case passes::KernelArg::Batch:
    pointer = batch.at(arg.name);
    break;
  case passes::KernelArg::Symbol:
    return symbols.at(arg.name);
  }
  return reinterpret_cast<uint64_t>(pointer);
}

void KernelHarness::run() {
  scratch.clear();
  for (const passes::ScratchBuffer &buffer : chosen.scratch)
    scratch.emplace_back(size(buffer.rows) * buffer.columns);
  for (auto [launch, function] : llvm::zip(chosen.launches, functions)) {
    std::vector<uint64_t> args;
    for (const passes::KernelArg &arg : launch.args)
      args.push_back(slot(arg));
    for (int64_t z = 0; z < size(launch.grid[2]); ++z)
      for (int64_t y = 0; y < size(launch.grid[1]); ++y)
        for (int64_t x = 0; x < size(launch.grid[0]); ++x) {
          int64_t tile[3] = {x, y, z};
          function(args.data(), tile);
        }
  }
}

std::string rejection(const std::string &ir, compiler::CpuOptions options) {
  MLIRContext context;
  OwningOpRef<ModuleOp> module = parse(context, ir);
  if (!module)
    return "does not parse";
  std::string said;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    said += diagnostic.str();
    return success();
  });
  compiler::CpuCatalogue catalogue(options);
  (void)catalogue.select(findComputeOp(*module));
  return said;
}

} // namespace ingot::test
