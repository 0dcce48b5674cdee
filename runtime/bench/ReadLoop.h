//===- ReadLoop.h - how fast memory can be read -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The yardstick of decoding: the same threads read as many bytes as they can,
// and do nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_BENCH_READLOOP_H
#define INGOT_BENCH_READLOOP_H

#include "ingot/Status.h"
#include "runtime/device/cpu/ThreadPool.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ingot {

/// Ranges of memory; borrowed.
using MemoryParts = std::vector<std::span<const std::byte>>;

/// Less than this may sit in caches.
inline constexpr uint64_t kMinReadBytes = uint64_t(256) << 20;

struct ReadRate {
  /// Read in one pass.
  uint64_t bytes = 0;
  double bytesPerSecond = 0;
  /// Whether anonymous memory was read in place of the parts, since they have
  /// less than kMinReadBytes.
  bool anonymous = false;
};

/// Sum of all 64-bit words of the parts (little endian; a last incomplete one
/// filled up with zeros), wrapping around.
uint64_t sumWords(const MemoryParts &parts, ThreadPool &pool);

/// Best of some passes over `parts` after one that is not counted. OutOfMemory
/// if the memory in their place cannot be had.
Result<ReadRate> measureReadRate(const MemoryParts &parts, ThreadPool &pool);

} // namespace ingot

#endif // INGOT_BENCH_READLOOP_H
