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
#include "runtime/device/cpu/HostMemory.h"
#include "runtime/device/cpu/ThreadPool.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ingot {

/// Ranges of memory; borrowed.
using MemoryParts = std::vector<std::span<const std::byte>>;

/// Less than this may sit in caches.
inline constexpr uint64_t kMinReadBytes = uint64_t(256) << 20;

/// Sum of all 64-bit words of the parts (little endian; a last incomplete one
/// filled up with zeros), wrapping around.
uint64_t sumWords(const MemoryParts &parts, ThreadPool &pool);

/// A loop that only reads, a piece at a time: what memory gives changes from
/// second to second on a shared machine, so what is compared with it must run
/// in turns with it.
class ReadLoop {
public:
  /// Over `parts`, or memory of its own in their place if they have less than
  /// kMinReadBytes; OutOfMemory if that cannot be had.
  static Result<ReadLoop> create(MemoryParts parts, ThreadPool &pool);

  /// Whether memory of its own is read.
  bool anonymous() const { return memory.has_value(); }
  /// Bytes after which it begins again.
  uint64_t bytes() const { return size; }
  /// Reads the next piece, about kMinReadBytes. Returns bytes a second.
  double readOn();

private:
  ReadLoop(MemoryParts parts, ThreadPool &pool)
      : parts(std::move(parts)), pool(&pool) {}

  MemoryParts parts;
  std::optional<HostMemory> memory;
  ThreadPool *pool;
  uint64_t size = 0;
  /// The part that the next piece begins with.
  size_t next = 0;
};

} // namespace ingot

#endif // INGOT_BENCH_READLOOP_H
