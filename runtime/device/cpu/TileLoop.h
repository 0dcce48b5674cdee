//===- TileLoop.h - runs a kernel over its grid -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CPU_TILELOOP_H
#define INGOT_DEVICE_CPU_TILELOOP_H

#include "runtime/device/cpu/HostModule.h"
#include "runtime/device/cpu/ThreadPool.h"

#include <array>

namespace ingot {

/// Calls `kernel` once for each tile of `grid` (x, y, z), whose number is below
/// 2^31, and returns when all are done.
inline void runTiles(ThreadPool &pool, HostKernel kernel, const uint64_t *args,
                     std::array<uint32_t, 3> grid) {
  auto [x, y, z] = grid;
  pool.parallelFor(x * y * z, [=](uint32_t begin, uint32_t end) {
    for (uint32_t i = begin; i < end; ++i) {
      int64_t tile[3] = {i % x, i / x % y, i / x / y};
      kernel(args, tile);
    }
  });
}

} // namespace ingot

#endif // INGOT_DEVICE_CPU_TILELOOP_H
