//===- AttentionBench.cpp - how close attention comes to the machine ------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs one layer of latent attention with DeepSeek-V2-Lite's sizes, expanded
// over chunks of a prompt and reassociated for one token, and prints its time
// next to what multiplying at the machine's peak or only reading the cache
// would take. Ends in docs/Performance.md.
//
//   AttentionBench [THREADS]      (default: 2)
//
//===----------------------------------------------------------------------===//

#include "CompiledOp.h"
#include "Machine.h"
#include <cstdio>

namespace ingot::bench {
namespace {

constexpr int64_t kHeads = 16, kRank = 512, kNope = 128, kRope = 64,
                  kValue = 128, kPage = 64, kContext = 2048;
constexpr int64_t kWidth = kRank + kRope, kPages = kContext / kPage;
constexpr const char *kSizes = "heads 16 nope 128 rope 64 value 128";

std::string rows(int64_t columns) {
  return "tensor<?x" + std::to_string(columns) + "xf32>";
}

/// A function of one op: its operands, as `%name: type`, and what it is.
std::string function(const std::string &operands, const std::string &op,
                     const std::string &types, int64_t columns) {
  return "func.func @f(" + operands + ", %b: !ingot.batch) -> " +
         rows(columns) + " {\n%y = ingot." + op + " : " + types + " -> " +
         rows(columns) + "\nreturn %y : " + rows(columns) + "\n}";
}

/// One sequence whose pages lie in order, in caches that rotate through memory.
class Layer {
public:
  Layer(ThreadPool &pool, const std::string &format, const std::string &cache)
      : pool(pool), kvB("tensor<4096x512x" + format + ">"),
        cacheType("!ingot.kv_cache<1x576x" + cache + ">"),
        cacheBytes(kContext * kWidth *
                   (cache == "f32"    ? 4
                    : cache == "bf16" ? 2
                                      : 1)),
        caches(kCopies * cacheBytes, std::byte(0x30)),
        weights(4096 * 512 * 2, std::byte(0x30)) {
    for (int32_t i = 0; i < kPages; ++i)
      pages.push_back(i);
  }

  /// Seconds of a chunk of `tokens` rows after `past` others, expanded.
  double expanded(int64_t tokens, int64_t past) {
    CompiledOp op(
        function("%q: " + rows(kHeads * (kNope + kRope)) +
                     ", %c: " + cacheType + ", %w: " + kvB,
                 "latent_attention %q, %c[0], %w, %b " + std::string(kSizes) +
                     " scale 0.05",
                 rows(kHeads * (kNope + kRope)) + ", " + cacheType + ", " + kvB,
                 kHeads * kValue),
        kPages);
    return seconds(op, tokens, past, kHeads * (kNope + kRope), 2);
  }

  /// Seconds of the three parts for `tokens` rows, the last at `past`.
  std::array<double, 3> reassociated(int64_t tokens, int64_t past) {
    CompiledOp absorb(
        function("%q: " + rows(kHeads * (kNope + kRope)) + ", %w: " + kvB,
                 "absorb_query %q, %w " + std::string(kSizes),
                 rows(kHeads * (kNope + kRope)) + ", " + kvB, kHeads * kWidth));
    CompiledOp attend(
        function("%q: " + rows(kHeads * kWidth) + ", %c: " + cacheType,
                 "attend_latent %q, %c[0], %b heads 16 rope 64 scale 0.05",
                 rows(kHeads * kWidth) + ", " + cacheType, kHeads * kRank),
        kPages);
    CompiledOp project(
        function("%x: " + rows(kHeads * kRank) + ", %w: " + kvB,
                 "project_value %x, %w heads 16 nope 128 value 128",
                 rows(kHeads * kRank) + ", " + kvB, kHeads * kValue));
    return {seconds(absorb, tokens, past, kHeads * (kNope + kRope), 1),
            seconds(attend, tokens, past, kHeads * kWidth, 2),
            seconds(project, tokens, past, kHeads * kRank, 1)};
  }

  /// Seconds of only reading `length` cached rows.
  double read(int64_t length) {
    auto [best] = bestSeconds<1>({[&](int run) {
      readAll(pool, cache(run), length * cacheBytes / kContext);
    }});
    return best;
  }

private:
  double seconds(CompiledOp &op, int64_t tokens, int64_t past, int64_t width,
                 unsigned weight) {
    std::vector<float> x(tokens * width, 0.5f), y(tokens * kHeads * kWidth),
        scales(4096 / 128 * 512 / 128, 1.0f);
    std::vector<int32_t> positions, sequence(tokens);
    for (int64_t i = 0; i < tokens; ++i)
      positions.push_back(int32_t(past + i));
    int32_t queryEnd = int32_t(tokens);
    op.scales = {{weight, scales.data()}};
    op.results = {{0, y.data()}};
    op.batch = {{"pages", pages.data()},
                {"positions", positions.data()},
                {"sequence", sequence.data()},
                {"query_end", &queryEnd}};
    op.symbols = {{"T", tokens}, {"S", 1}};
    auto [best] = bestSeconds<1>({[&](int run) {
      op.operands = {{0, x.data()}, {1, cache(run)}};
      op.operands[weight] = weights.data();
      op.run(pool);
    }});
    return best;
  }

  const std::byte *cache(int run) {
    return &caches[run % kCopies * cacheBytes];
  }

  static constexpr int64_t kCopies = 48;
  ThreadPool &pool;
  std::string kvB, cacheType;
  int64_t cacheBytes;
  std::vector<std::byte> caches, weights;
  std::vector<int32_t> pages;
};

void printPrefill(Layer &layer, double peak) {
  for (auto [tokens, past] : {std::pair{256, 0}, {256, 256}, {256, 1792}}) {
    double expansion =
        2.0 * (past + tokens) * kHeads * (kNope + kValue) * kRank;
    double pairs = tokens * (past + (tokens + 1) / 2.0);
    double attention = 2.0 * pairs * kHeads * (kNope + kRope + kValue);
    double took = layer.expanded(tokens, past);
    std::printf(
        "  expanded, %d tokens after %d: %.2f ms, %.0f GFLOP/s, %.0f %% "
        "of peak (%.0f %% of it expansion)\n",
        tokens, past, took * 1e3, (expansion + attention) / took * 1e-9,
        (expansion + attention) / took / peak * 100,
        100 * expansion / (expansion + attention));
    std::fflush(stdout);
  }
}

void printDecode(Layer &layer, double peak) {
  for (int64_t length : {128, 1024, 2048}) {
    auto [absorb, attend, project] = layer.reassociated(1, length - 1);
    double flops = 2.0 * length * kHeads * (2 * kRank + kRope);
    std::printf("  reassociated, 1 token in %d: %.3f + %.3f + %.3f ms; the "
                "second: %.0f GFLOP/s, %.0f %% of peak, %.1f times reading the "
                "cache\n",
                int(length), absorb * 1e3, attend * 1e3, project * 1e3,
                flops / attend * 1e-9, flops / attend / peak * 100,
                attend / layer.read(length));
    std::fflush(stdout);
  }
}

} // namespace
} // namespace ingot::bench

using namespace ingot;
using namespace ingot::bench;

int main(int argc, char **argv) {
  auto [pool, peak] = startMachine(argc, argv);
  const char *f8 = "!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>";
  for (auto [weight, name] : {std::pair{f8, "f8e4m3"}, {"bf16", "bf16"}}) {
    std::printf("kv_b in %s, cache in f32\n", name);
    Layer layer(*pool, weight, "f32");
    printPrefill(layer, peak);
    printDecode(layer, peak);
  }
  return 0;
}
