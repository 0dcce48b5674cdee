//===- ReadLoop.cpp - how fast memory can be read -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/ReadLoop.h"
#include "runtime/exec/Generation.h"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace ingot {

namespace {

constexpr size_t kTileBytes = size_t(1) << 20;

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

Result<ReadLoop> ReadLoop::create(MemoryParts parts, ThreadPool &pool) {
  ReadLoop loop(std::move(parts), pool);
  for (std::span<const std::byte> part : loop.parts)
    loop.size += part.size();
  if (loop.size >= kMinReadBytes)
    return loop;
  Result<HostMemory> written = allocateWritten(pool);
  if (!written)
    return written.status();
  loop.memory.emplace(std::move(*written));
  loop.parts = {{loop.memory->data(), kMinReadBytes}};
  loop.size = kMinReadBytes;
  return loop;
}

double ReadLoop::readOn() {
  MemoryParts piece;
  uint64_t count = 0;
  while (count < kMinReadBytes) {
    piece.push_back(parts[next]);
    count += parts[next].size();
    next = (next + 1) % parts.size();
  }
  Stopwatch watch;
  volatile uint64_t sink = sumWords(piece, *pool);
  (void)sink;
  return double(count) / watch.seconds();
}

} // namespace ingot
