//===- CudaInstance.h - a kernel of a GPU, as text --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A body is a template of its problem and configuration (cuda/common.cuh); the
// text that instantiates it as a kernel is written here.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_CUDAINSTANCE_H
#define INGOT_COMPILER_KERNELS_CUDAINSTANCE_H

#include "compiler/codegen/Nvrtc.h"
#include "passes/Lower/KernelCatalogue.h"
#include <optional>
#include <string>

namespace ingot::compiler {

/// A body with nothing left open.
struct CudaBody {
  /// The contract's name, that of its function, and the file in cuda/, without
  /// ".cuh", that defines it.
  std::string contract, function, file;
  /// Initialisers of its template arguments.
  std::string problem, config;
  /// The values that the problem points to, or empty.
  std::string table;
  /// For each argument, whether it is a number; else it is an address.
  std::vector<bool> numbers;

  bool operator==(const CudaBody &) const = default;
};

/// A kernel: one body, or two side by side in one grid.
struct CudaInstance {
  /// Name of the kernel, unique in a plan.
  std::string name;
  CudaBody body;
  /// Threads of a block, and bytes of shared memory given at launch.
  int64_t block = 0, sharedBytes = 0;
  /// Computes the tiles from x = `split` on, counted from there; its arguments
  /// stand behind those of the first.
  std::optional<CudaBody> beside = std::nullopt;
  int64_t split = 0;

  /// Puts the body of `second`, which is one alone and has blocks like these,
  /// beside this one's.
  void join(CudaInstance second, int64_t at);
};

/// The CUDA C++ that defines `extern "C" __global__` the kernel.
std::string kernelText(const CudaInstance &instance);

/// The texts of cuda/ and contract/ by the names that they are included by.
llvm::ArrayRef<HeaderText> kernelHeaders();

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CUDAINSTANCE_H
