//===- CompiledLinear.h - a product to measure ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One linear op on its way through the catalogue and the code generator.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_BENCH_COMPILEDLINEAR_H
#define INGOT_TEST_BENCH_COMPILEDLINEAR_H

#include "runtime/device/cpu/HostModule.h"
#include <cstdint>
#include <string>

namespace ingot::bench {

/// A product, ready to run. Operands as kernels::Linear lists them.
struct CompiledLinear {
  HostModule module;
  HostKernel function;
  /// Tiles along the outputs, and tokens of a tile.
  int64_t columns, tileTokens;
};

/// Compiles y[t, n] = x[t, k] * weight[n, k] for this machine; `weight` is the
/// element type as IR spells it. Ends the program if that fails.
CompiledLinear compileLinear(const std::string &weight, int64_t n, int64_t k);

/// Ends the program with a message.
[[noreturn]] void fail(const std::string &message);

} // namespace ingot::bench

#endif // INGOT_TEST_BENCH_COMPILEDLINEAR_H
