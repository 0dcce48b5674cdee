//===- CompiledOp.h - an op to measure --------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One op on its way through the catalogue and the code generator.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_BENCH_COMPILEDOP_H
#define INGOT_TEST_BENCH_COMPILEDOP_H

#include "passes/Lower/KernelCatalogue.h"
#include "runtime/device/cpu/HostModule.h"
#include "runtime/device/cpu/ThreadPool.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ingot::bench {

/// The launches of an op, ready to run.
class CompiledOp {
public:
  /// Compiles the one op of the function in `ir` for this machine; a row of the
  /// page table has `pagesPerSequence` entries. Ends the program if that fails.
  explicit CompiledOp(const std::string &ir, int64_t pagesPerSequence = 1);

  /// Where operands, their scales and the result are, by index, the fields of
  /// the batch and the symbols by name.
  std::map<unsigned, const void *> operands, scales, results;
  std::map<std::string, const void *> batch;
  std::map<std::string, int64_t> symbols;

  /// Runs every tile of every launch's grid.
  void run(ThreadPool &pool);

private:
  uint64_t slot(const passes::KernelArg &arg) const;
  int64_t size(const passes::SizeExpr &expr) const;

  passes::Selection selection;
  std::optional<HostModule> module;
  std::vector<HostKernel> functions;
  std::vector<std::vector<float>> scratch;
};

/// Ends the program with a message.
[[noreturn]] void fail(const std::string &message);

} // namespace ingot::bench

#endif // INGOT_TEST_BENCH_COMPILEDOP_H
