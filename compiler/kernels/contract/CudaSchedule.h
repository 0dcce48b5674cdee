//===- CudaSchedule.h - how a contract runs on a GPU ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A contract says what a kernel computes; OnCuda<Contract> says how a GPU does:
//
//   struct Config    tile sizes, from configure(): with the problem, all that a
//                    body is a template of
//   reject()         null, or why this problem has no kernel
//   grid()           how many thread blocks; y and z have at most 65,535
//   threads()        of a block
//   sharedBytes()    of dynamic shared memory, for a body in CUDA C++
//   aliases()        for a body in MLIR: what it needs beside its contract's
//
// Operands, names and costs are the contract's. The compiler and NVRTC read the
// same text.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDASCHEDULE_H
#define INGOT_KERNELS_CUDASCHEDULE_H

#include "compiler/kernels/contract/Contract.h"

namespace ingot::kernels {

template <typename Contract>
struct OnCuda;

/// Threads of a block that multiplies or attends: 8 warps.
inline constexpr int64_t kBlockThreads = 256;
inline constexpr int64_t kWarpThreads = 32;
/// Thread blocks that a schedule wants where it may choose: two for each of 132
/// multiprocessors; products go by half of that.
inline constexpr int64_t kWantedBlocks = 264;
/// Most shared memory that a block can have.
inline constexpr int64_t kMostBytes = 227 * 1024;

constexpr int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

/// Elements of a weight that a thread reads at once: up to 16 bytes, in one
/// block.
constexpr int64_t pieceFor(WeightFormat w, int64_t k) {
  int64_t piece = lanesFor(16 / w.bytes(), k);
  return w.scaled() ? lanesFor(piece, w.blockColumns) : piece;
}

/// Threads for `work` values that are handled one by one: whole warps, 256 at
/// most.
constexpr int64_t threadsFor(int64_t work) {
  int64_t threads = kWarpThreads;
  while (threads < kBlockThreads && threads < work)
    threads *= 2;
  return threads;
}

/// A block that computes a row, all of its threads alike.
struct RowConfig {
  int64_t threads;
};
struct RowSchedule {
  using Config = RowConfig;
  static constexpr int64_t threads(const Config &c) { return c.threads; }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDASCHEDULE_H
