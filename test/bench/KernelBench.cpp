//===- KernelBench.cpp - how close products come to the machine -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles products as `ingotc` does, runs them as `ingot` does, and prints
// their time next to what the machine does at best: for one token a loop that
// only reads the same bytes, for many tokens a loop of multiplications that
// touches no memory. Ends in docs/Performance.md.
//
//   KernelBench [THREADS]      (default: 2)
//
//===----------------------------------------------------------------------===//

#include "CompiledLinear.h"
#include "runtime/device/cpu/ThreadPool.h"
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>

namespace ingot::bench {
namespace {

typedef uint64_t Word __attribute__((vector_size(64)));
typedef float Lanes __attribute__((vector_size(64)));

/// More than the last-level cache, so that weights come from memory as they do
/// in a model.
constexpr int64_t kRotatedBytes = 192 << 20;
/// Of so many runs the fastest counts: others use this machine, too.
constexpr int kRuns = 20;

/// The best times of several loops, run in turns so that all meet the same
/// disturbances.
template <size_t N>
std::array<double, N>
bestSeconds(const std::array<std::function<void(int)>, N> &loops) {
  std::array<double, N> best;
  best.fill(1e9);
  for (int i = 0; i < kRuns; ++i)
    for (size_t loop = 0; loop < N; ++loop) {
      auto start = std::chrono::steady_clock::now();
      loops[loop](i);
      std::chrono::duration<double> took =
          std::chrono::steady_clock::now() - start;
      best[loop] = std::min(best[loop], took.count());
    }
  return best;
}

__attribute__((target_clones("avx512f", "fma", "default"))) uint64_t
readAll(const std::byte *from, int64_t size) {
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

constexpr int64_t kPeakRounds = 200000, kPeakChains = 12;

__attribute__((target_clones("avx512f", "fma", "default"))) float
multiplyOften() {
  Lanes sums[kPeakChains] = {};
  volatile float unknown = 0.5f;
  Lanes factor = Lanes{} + unknown, term = factor;
  for (int64_t round = 0; round < kPeakRounds; ++round)
    for (Lanes &sum : sums)
      sum = sum * factor + term;
  float total = 0;
  for (const Lanes &sum : sums)
    total += sum[0];
  return total;
}

/// Runs a product on weights that rotate through memory.
class Product {
public:
  Product(ThreadPool &pool, std::string weight, int64_t bytes, int64_t n,
          int64_t k)
      : pool(pool), kernel(compileLinear(weight, n, k)), n(n), k(k),
        size(n * k * bytes), copies(kRotatedBytes / size + 1),
        weights(size * copies), scales((n / 128 + 1) * (k / 128 + 1), 1.0f) {
    // Codes without a NaN; as bf16, numbers near 1.
    for (size_t i = 0; i < weights.size(); ++i)
      weights[i] = static_cast<std::byte>(i % 2 ? 0x3f : i * 37 % 0x7f);
  }

  /// The time of a product with `tokens` rows, and that of only reading the
  /// weights.
  std::array<double, 2> seconds(int64_t tokens) {
    // Aligned as the buffers of a plan are.
    using Aligned = std::unique_ptr<float[], decltype(&std::free)>;
    auto allocate = [](int64_t count) {
      return Aligned(static_cast<float *>(
                         std::aligned_alloc(64, (4 * count + 63) / 64 * 64)),
                     &std::free);
    };
    Aligned x = allocate(tokens * k), y = allocate(tokens * n);
    std::fill_n(x.get(), tokens * k, 0.5f);
    return bestSeconds<2>(
        {[&](int run) { multiply(copy(run), x.get(), y.get(), tokens); },
         // Another copy, which is in no cache.
         [&](int run) { read(copy(run + copies / 2)); }});
  }

  double flops() const { return 2.0 * n * k; }
  double bytes() const { return size; }

private:
  void multiply(const std::byte *w, const float *x, float *y, int64_t tokens) {
    auto slot = [](const void *p) { return reinterpret_cast<uint64_t>(p); };
    uint64_t args[] = {slot(x), slot(x),         slot(w), slot(scales.data()),
                       slot(y), uint64_t(tokens)};
    uint32_t columns = kernel.columns;
    uint32_t blocks = (tokens + kernel.tileTokens - 1) / kernel.tileTokens;
    pool.parallelFor(columns * blocks, [&](uint32_t begin, uint32_t end) {
      for (uint32_t i = begin; i < end; ++i) {
        int64_t tile[3] = {i % columns, i / columns, 0};
        kernel.function(args, tile);
      }
    });
  }

  void read(const std::byte *w) {
    constexpr int64_t kPiece = 64 << 10;
    pool.parallelFor(size / kPiece, [&](uint32_t begin, uint32_t end) {
      volatile uint64_t sum =
          readAll(w + begin * kPiece, (end - begin) * kPiece);
      (void)sum;
    });
  }

  const std::byte *copy(int run) { return &weights[run % copies * size]; }

  ThreadPool &pool;
  CompiledLinear kernel;
  int64_t n, k, size, copies;
  std::vector<std::byte> weights;
  std::vector<float> scales;
};

} // namespace
} // namespace ingot::bench

using namespace ingot;
using namespace ingot::bench;

int main(int argc, char **argv) {
  auto pool = ThreadPool::create(argc > 1 ? std::atoi(argv[1]) : 2);
  if (!pool)
    fail(pool.status().message());
  uint32_t threads = (*pool)->threads();
  auto [peakSeconds] = bestSeconds<1>({[&](int) {
    (*pool)->parallelFor(threads, [](uint32_t, uint32_t) {
      volatile float sum = multiplyOften();
      (void)sum;
    });
  }});
  double peak = threads * 2.0 * 16 * kPeakChains * kPeakRounds / peakSeconds;
  std::printf("%u threads, peak %.0f GFLOP/s\n", threads, peak * 1e-9);
  std::printf("weight n k | T=1 ms, GB/s, of a read loop's GB/s | GFLOP/s, of "
              "peak at T = 64, 256\n");
  const char *f8 = "!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>";
  for (auto [n, k] : {std::pair{4096, 4096}, {11008, 2048}, {4096, 11008}})
    for (int64_t bytes : {1, 2}) {
      Product product(**pool, bytes == 1 ? f8 : "bf16", bytes, n, k);
      auto [one, read] = product.seconds(1);
      std::printf("%s %d %d | %.2f %.1f %.1f %.0f %% |",
                  bytes == 1 ? "f8e4m3" : "bf16", n, k, one * 1e3,
                  product.bytes() / one * 1e-9, product.bytes() / read * 1e-9,
                  read / one * 100);
      for (int64_t tokens : {64, 256}) {
        double rate = product.flops() * tokens / product.seconds(tokens)[0];
        std::printf(" %.0f %.0f %%", rate * 1e-9, rate / peak * 100);
      }
      std::printf("\n");
      std::fflush(stdout);
    }
  return 0;
}
