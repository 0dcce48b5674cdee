//===- EmulatedNvvm.h - GPU kernels in MLIR on the processor ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The module that becomes PTX is compiled for the processor: what it asks of a
// GPU (threads, barriers, conversions, shared memory) it calls the functions of
// EmulatedCalls.h for; all else is code generation's own.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_KERNELS_EMULATEDNVVM_H
#define INGOT_TEST_COMPILER_KERNELS_EMULATEDNVVM_H

#include "compiler/kernels/CudaInstance.h"
#include "llvm/Support/Error.h"
#include <string>

namespace ingot::test {

struct EmulatedKernel {
  /// A relocatable object that exports `kernel_<name>`, which a thread calls.
  std::string object;
  /// How many it has, of eight bytes each: numbers and addresses.
  unsigned arguments = 0;
  /// Of shared memory, which a block must have.
  int64_t sharedBytes = 0;
};

/// Compiles a kernel in MLIR. Fails on an op of a GPU that has no emulation,
/// and where parsing or lowering fails.
llvm::Expected<EmulatedKernel>
emulateInMLIR(const compiler::CudaInstance &instance);

} // namespace ingot::test

#endif // INGOT_TEST_COMPILER_KERNELS_EMULATEDNVVM_H
