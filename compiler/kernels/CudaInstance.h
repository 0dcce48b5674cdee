//===- CudaInstance.h - a kernel of a GPU -----------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel is made on one of two roads. A body in CUDA C++ is a template of its
// problem and configuration (cuda/common.cuh); the text that instantiates it as
// a kernel is written here. Bodies in MLIR are instantiated by NvvmInstance.h.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_CUDAINSTANCE_H
#define INGOT_COMPILER_KERNELS_CUDAINSTANCE_H

#include "compiler/codegen/Nvrtc.h"
#include "compiler/kernels/KernelBody.h"
#include <string>
#include <variant>
#include <vector>

namespace ingot::compiler {

/// A body in CUDA C++ with nothing left open.
struct CudaBody {
  /// The contract's name, that of its function, and the file in cuda/, without
  /// ".cuh", that defines it.
  std::string contract, function, file;
  /// Initialisers of its template arguments.
  std::string problem, config;
  /// For each argument, whether it is a number; else it is an address.
  std::vector<bool> numbers;

  bool operator==(const CudaBody &) const = default;
};

/// What a block runs on its tile: a body in CUDA C++, or bodies in MLIR, one
/// after the other.
using CudaWork = std::variant<CudaBody, std::vector<KernelBody>>;

struct CudaStrand {
  CudaWork work;
  /// It computes the tiles of its kernel from this place on, counted from
  /// there.
  int64_t from = 0;

  bool operator==(const CudaStrand &) const = default;
};

/// A kernel: one body, several side by side in one grid, or rows that are
/// handed from one body to the next; all on one road. Arguments stand one
/// behind the other.
struct CudaInstance {
  /// Name of the kernel, unique in a plan.
  std::string name;
  /// By `from`, the first from 0: places along x or, of rows, along y.
  std::vector<CudaStrand> strands;
  /// Threads of a block, and bytes of shared memory given at launch.
  int64_t block = 0, sharedBytes = 0;
  /// Blocks for which a multiprocessor must have registers at a time.
  int64_t resident = 1;
  /// Whether a tile is a whole row, of whatever each body reads and writes.
  bool byRow = false;

  bool isSameAs(const CudaInstance &other) const {
    return strands == other.strands;
  }
  bool isInMLIR() const { return strands.front().work.index() == 1; }
  /// Puts `second`, which is on the same road and has blocks alike, beside this
  /// one: its tiles come from place `at` on.
  void join(const CudaInstance &second, int64_t at);
  /// Has each block run `second` after what it runs; both are in MLIR and one
  /// strand by row, with blocks alike.
  void follow(const CudaInstance &second);
};

/// The CUDA C++ that defines `extern "C" __global__` the kernel, whose bodies
/// are in CUDA C++.
std::string kernelText(const CudaInstance &instance);

/// The texts of cuda/ and contract/ by the names that they are included by.
llvm::ArrayRef<HeaderText> kernelHeaders();

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CUDAINSTANCE_H
