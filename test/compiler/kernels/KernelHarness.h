//===- KernelHarness.h - runs the kernels of one op -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Takes the text of a module, lets the catalogue choose kernels for its one
// compute op, compiles them for this machine and runs their grids, tile by
// tile.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_KERNELS_KERNELHARNESS_H
#define INGOT_TEST_COMPILER_KERNELS_KERNELHARNESS_H

#include "compiler/kernels/CpuCatalogue.h"
#include "mlir/IR/MLIRContext.h"
#include "test/compiler/kernels/NaiveE4M3.h"
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace ingot::test {

using Floats = std::vector<float>;

/// `count` values of a normal distribution, the same for the same seed.
Floats randomFloats(size_t count, unsigned seed, float deviation = 1.0f);

/// A weight in a storage format, and what its elements stand for.
struct TestWeight {
  /// "f32", "f16", "bf16" or "f8".
  std::string format;
  int64_t n, k;
  std::vector<uint8_t> bytes;
  /// One for each 128x128 block; empty unless f8.
  Floats scales;
  /// [n, k], scaled.
  Floats values;

  /// The tensor type, e.g. "tensor<8x96xbf16>".
  std::string type() const;
};

/// An [n, k] weight of random values (random codes but NaN for f8).
TestWeight randomWeight(const std::string &format, int64_t n, int64_t k,
                        unsigned seed);

/// The element type of a weight of `format`.
std::string elementType(const std::string &format);

/// The kernels of the first compute op of a module.
class KernelHarness {
public:
  /// Fails the test (and leaves `run` without effect) if anything goes wrong.
  explicit KernelHarness(const std::string &ir,
                         compiler::CpuOptions options = {});
  ~KernelHarness();

  /// Where the op's operands, its results and the scales of both are, by index,
  /// and the fields of the batch and the symbols by name.
  std::map<unsigned, const void *> operands, scales, results, resultScales;
  std::map<std::string, const void *> batch;
  std::map<std::string, int64_t> symbols;

  /// Runs all launches, every tile of their grids in order.
  void run();

  const passes::Selection &selection() const { return chosen; }

private:
  using Function = void (*)(const uint64_t *, const int64_t *);

  void compile(const std::string &ir, compiler::CpuOptions options);
  void load(const std::string &object);
  uint64_t slot(const passes::KernelArg &arg);
  int64_t size(const passes::SizeExpr &expr);

  mlir::MLIRContext context;
  passes::Selection chosen;
  std::vector<Function> functions;
  std::vector<Floats> scratch;
  int file = -1;
  void *library = nullptr;
};

/// What the catalogue says about an op that it has no kernel for; "" if it has.
std::string rejection(const std::string &ir, compiler::CpuOptions options = {});

} // namespace ingot::test

#endif // INGOT_TEST_COMPILER_KERNELS_KERNELHARNESS_H
