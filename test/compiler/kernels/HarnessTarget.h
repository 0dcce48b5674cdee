//===- HarnessTarget.h - where a harness runs its kernels -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test program links one of two: HostTarget.cpp, the kernels of the
// processor, or EmulatedTarget.cpp, those of a GPU, whose threads take turns on
// the processor. The tests are the same.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_KERNELS_HARNESSTARGET_H
#define INGOT_TEST_COMPILER_KERNELS_HARNESSTARGET_H

#include "compiler/kernels/CpuCatalogue.h"
#include "passes/Lower/KernelCatalogue.h"
#include "llvm/Support/Error.h"

namespace ingot::test {

/// Whether a row's values have the same bits in a step that takes prompts and
/// in one that continues answers; else they agree within rounding.
bool stepsAgreeInBits();
/// How many launches the op of experts takes.
struct ExpertsLaunches {
  /// Of one token after the other, and with a network beside them.
  size_t single, singleAndShared;
  /// Of a step that has one token.
  size_t oneTokenAndShared;
  /// Of experts with all of their tokens.
  size_t groupedAndShared;
};
ExpertsLaunches expertsLaunches();

/// The catalogue's choice for an op.
mlir::FailureOr<passes::Selection> selectFor(mlir::Operation *op,
                                             compiler::CpuOptions options);

/// The choice, and a shared object with its kernels, each of which is exported
/// as `void name(const uint64_t *args, const int64_t tile[3])`.
struct BuiltKernels {
  passes::Selection selection;
  std::string object;
};
llvm::Expected<BuiltKernels> buildFor(mlir::Operation *op,
                                      compiler::CpuOptions options);

} // namespace ingot::test

#endif // INGOT_TEST_COMPILER_KERNELS_HARNESSTARGET_H
