//===- ReadLoop.cpp - how fast memory can be read -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/ReadLoop.h"
#include "runtime/device/cpu/HostMemory.h"
#include "runtime/exec/Generation.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>

namespace ingot {

namespace {

constexpr size_t kTileBytes = size_t(1) << 20;
constexpr int kPasses = 4;

/// Several sums, so that no addition waits for the one before it.
uint64_t sumTile(std::span<const std::byte> bytes) {
  constexpr size_t kLanes = 16;
  uint64_t sums[kLanes] = {};
  size_t at = 0;
  for (; at + sizeof(sums) <= bytes.size(); at += sizeof(sums)) {
    uint64_t words[kLanes];
    std::memcpy(words, bytes.data() + at, sizeof(words));
    for (size_t i = 0; i < kLanes; ++i)
      sums[i] += words[i];
  }
  uint64_t sum = 0;
  for (uint64_t lane : sums)
    sum += lane;
  for (; at < bytes.size(); at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at,
                std::min(sizeof(word), bytes.size() - at));
    sum += word;
  }
  return sum;
}

/// Memory that is really there: pages that were never written are one page of
/// zeros, which stays in the cache.
Result<HostMemory> allocateWritten(ThreadPool &pool) {
  Result<HostMemory> memory =
      HostMemory::allocate(kMinReadBytes, "read loop's memory");
  if (memory)
    pool.parallelFor(uint32_t(kMinReadBytes / kTileBytes),
                     [&](uint32_t begin, uint32_t end) {
                       std::memset(memory->data() + begin * kTileBytes, 1,
                                   (end - begin) * kTileBytes);
                     });
  return memory;
}

} // namespace

uint64_t sumWords(const MemoryParts &parts, ThreadPool &pool) {
  MemoryParts tiles;
  for (std::span<const std::byte> part : parts)
    for (size_t at = 0; at < part.size(); at += kTileBytes)
      tiles.push_back(part.subspan(at, std::min(kTileBytes, part.size() - at)));
  std::atomic<uint64_t> sum = 0;
  pool.parallelFor(uint32_t(tiles.size()), [&](uint32_t begin, uint32_t end) {
    for (uint32_t i = begin; i < end; ++i)
      sum += sumTile(tiles[i]);
  });
  return sum;
}

Result<ReadRate> measureReadRate(const MemoryParts &parts, ThreadPool &pool) {
  ReadRate rate;
  for (std::span<const std::byte> part : parts)
    rate.bytes += part.size();
  MemoryParts source = parts;
  std::optional<HostMemory> memory;
  if (rate.bytes < kMinReadBytes) {
    Result<HostMemory> written = allocateWritten(pool);
    if (!written)
      return written.status();
    memory.emplace(std::move(*written));
    source = {{memory->data(), kMinReadBytes}};
    rate.bytes = kMinReadBytes;
    rate.anonymous = true;
  }
  volatile uint64_t sink = sumWords(source, pool);
  for (int pass = 0; pass < kPasses; ++pass) {
    Stopwatch watch;
    sink = sumWords(source, pool);
    rate.bytesPerSecond =
        std::max(rate.bytesPerSecond, double(rate.bytes) / watch.seconds());
  }
  (void)sink;
  return rate;
}

} // namespace ingot
