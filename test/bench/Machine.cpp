//===- Machine.cpp - what a machine does at best --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Machine.h"
#include "CompiledOp.h"
#include "runtime/bench/PeakLoop.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace ingot::bench {

namespace {

typedef uint64_t Word __attribute__((vector_size(64)));

__attribute__((target_clones("avx512f", "fma", "default"))) uint64_t
readWords(const std::byte *from, int64_t size) {
  Word sums[8] = {};
  for (int64_t at = 0; at + 512 <= size; at += 512)
    for (int i = 0; i < 8; ++i) {
      Word word;
      std::memcpy(&word, from + at + 64 * i, sizeof(word));
      sums[i] ^= word;
    }
  uint64_t sum = 0;
  for (const Word &word : sums)
    for (int i = 0; i < 8; ++i)
      sum ^= word[i];
  return sum;
}

} // namespace

Machine startMachine(int argc, char **argv) {
  auto pool = ThreadPool::create(
      argc > 1 ? static_cast<int>(std::strtol(argv[1], nullptr, 10)) : 2);
  if (!pool)
    fail(pool.status().message());
  double peak = measurePeakFlops(**pool);
  std::printf("%d threads, peak %.0f GFLOP/s\n", (*pool)->threads(),
              peak * 1e-9);
  return {std::move(*pool), peak};
}

void readAll(ThreadPool &pool, const std::byte *from, int64_t size) {
  constexpr int64_t kPiece = 64 << 10;
  pool.parallelFor(size / kPiece, [&](uint32_t begin, uint32_t end) {
    volatile uint64_t sum =
        readWords(from + begin * kPiece, (end - begin) * kPiece);
    (void)sum;
  });
}

} // namespace ingot::bench
