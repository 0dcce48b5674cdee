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

#include "CompiledOp.h"
#include "Machine.h"
#include "runtime/device/cpu/ThreadPool.h"
#include <array>
#include <cstdio>
#include <memory>

namespace ingot::bench {
namespace {

/// More than the last-level cache, so that weights come from memory as they do
/// in a model.
constexpr int64_t kRotatedBytes = 192 << 20;

/// A function with y[t, n] = x[t, k] * weight[n, k]; `weight` is the element
/// type as IR spells it.
std::string linear(const std::string &weight, int64_t n, int64_t k) {
  std::string in = "tensor<?x" + std::to_string(k) + "xf32>",
              out = "tensor<?x" + std::to_string(n) + "xf32>",
              w = "tensor<" + std::to_string(n) + "x" + std::to_string(k) +
                  "x" + weight + ">";
  return "func.func @f(%x: " + in + ", %w: " + w + ") -> " + out +
         " {\n%y = ingot.linear %x, %w : " + in + ", " + w + " -> " + out +
         "\nreturn %y : " + out + "\n}";
}

/// Runs a product on weights that rotate through memory.
class Product {
public:
  Product(ThreadPool &pool, const std::string &weight, int64_t bytes, int64_t n,
          int64_t k)
      : pool(pool), kernel(linear(weight, n, k)), n(n), k(k),
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
         [&](int run) { readAll(pool, copy(run + copies / 2), size); }});
  }

  double flops() const { return 2.0 * n * k; }
  double bytes() const { return size; }

private:
  void multiply(const std::byte *w, const float *x, float *y, int64_t tokens) {
    kernel.operands = {{0, x}, {1, w}};
    kernel.scales = {{1, scales.data()}};
    kernel.results = {{0, y}};
    kernel.symbols = {{"T", tokens}};
    kernel.run(pool);
  }

  const std::byte *copy(int run) { return &weights[run % copies * size]; }

  ThreadPool &pool;
  CompiledOp kernel;
  int64_t n, k, size, copies;
  std::vector<std::byte> weights;
  std::vector<float> scales;
};

} // namespace
} // namespace ingot::bench

using namespace ingot;
using namespace ingot::bench;

int main(int argc, char **argv) {
  auto [pool, peak] = startMachine(argc, argv);
  std::printf("weight n k | T=1 ms, GB/s, of a read loop's GB/s | GFLOP/s, of "
              "peak at T = 64, 256\n");
  const char *f8 = "!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>";
  for (auto [n, k] : {std::pair{4096, 4096}, {11008, 2048}, {4096, 11008}})
    for (int64_t bytes : {1, 2}) {
      Product product(*pool, bytes == 1 ? f8 : "bf16", bytes, n, k);
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
