//===- ExpertsBench.cpp - how close experts come to the machine -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the routed experts of a layer, 6 of 64 a token, as `ingot` does: each
// token's experts one by one, and each expert with all of its tokens. Ends in
// docs/Performance.md.
//
//   ExpertsBench [THREADS]      (default: 2)
//
//===----------------------------------------------------------------------===//

#include "CompiledOp.h"
#include "Machine.h"
#include <cstdio>
#include <random>

namespace ingot::bench {
namespace {

constexpr int64_t kExperts = 64, kTopK = 6, kSize = 2048, kInner = 1408;

std::string experts(const std::string &element, int64_t bucket) {
  auto type = [&](int64_t n, int64_t k) {
    return "tensor<" + std::to_string(kExperts) + "x" + std::to_string(n) +
           "x" + std::to_string(k) + "x" + element + ">";
  };
  std::string up = type(kInner, kSize), down = type(kSize, kInner);
  auto declare = [&](const std::string &name, const std::string &of) {
    return "ingot.weight @" + name + " : " + of + " from \"" + name + ".{e}\"" +
           (element.size() > 4 ? " scale \"" + name + "_scale.{e}\"" : "") +
           "\n";
  };
  auto get = [](const std::string &name, const std::string &of) {
    return "%" + name + " = ingot.get_weight @" + name + " : " + of + "\n";
  };
  std::string t = std::to_string(bucket);
  std::string attribute =
      "attributes {ingot.bucket = #ingot.bucket<tokens = " + t +
      ", per_sequence = " + t + ", sequences = 1, rows = 1, context = 4096>} ";
  std::string rows = "tensor<?x2048xf32>", choice = "tensor<?x6xf32>",
              index = "tensor<?x6xi32>";
  return declare("gate", up) + declare("up", up) + declare("down", down) +
         "func.func @f(%x: " + rows + ", %w: " + choice + ", %i: " + index +
         ") -> " + rows + " " + attribute + "{\n" + get("gate", up) +
         get("up", up) + get("down", down) +
         "%y = ingot.experts %x, %w, %i, %gate, %up, %down : " + rows + ", " +
         choice + ", " + index + ", " + up + ", " + up + ", " + down +
         "\nreturn %y : " + rows + "\n}";
}

/// The weights of a slot: one tensor an expert, codes without a NaN.
struct Slot {
  std::vector<std::byte> bytes;
  std::vector<float> ones;
  std::vector<const void *> values, scales;

  explicit Slot(int64_t elementBytes)
      : bytes(kExperts * kSize * kInner * elementBytes),
        ones((kSize / 128 + 1) * (kInner / 128 + 1), 1e-4f) {
    for (size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::byte>(i % 2 ? 0x37 : i * 37 % 0x7f);
    for (int64_t e = 0; e < kExperts; ++e) {
      values.push_back(&bytes[e * kSize * kInner * elementBytes]);
      scales.push_back(ones.data());
    }
  }
};

/// Six different experts for each token.
std::vector<int32_t> choose(int64_t tokens) {
  std::mt19937 generator(1);
  std::vector<int32_t> indices;
  for (int64_t t = 0; t < tokens; ++t) {
    std::vector<int32_t> left(kExperts);
    for (int32_t e = 0; e < kExperts; ++e)
      left[e] = e;
    for (int64_t j = 0; j < kTopK; ++j) {
      size_t at = generator() % left.size();
      indices.push_back(left[at]);
      left.erase(left.begin() + static_cast<ptrdiff_t>(at));
    }
  }
  return indices;
}

void measure(ThreadPool &pool, double peak, const std::string &element,
             int64_t bytes, int64_t tokens) {
  Slot gate(bytes), up(bytes), down(bytes);
  std::vector<float> x(tokens * kSize, 0.01f), y(tokens * kSize),
      weights(tokens * kTopK, 0.1f);
  std::vector<int32_t> indices = choose(tokens);
  // A bucket of one token has its experts one by one.
  CompiledOp single(experts(element, 1)), grouped(experts(element, tokens));
  for (CompiledOp *op : {&single, &grouped}) {
    op->operands = {{0, x.data()},         {1, weights.data()},
                    {2, indices.data()},   {3, gate.values.data()},
                    {4, up.values.data()}, {5, down.values.data()}};
    op->scales = {{3, gate.scales.data()},
                  {4, up.scales.data()},
                  {5, down.scales.data()}};
    op->results = {{0, y.data()}};
    op->symbols = {{"T", tokens}};
  }
  auto [one, all] = bestSeconds<2>(
      {[&](int) { single.run(pool); }, [&](int) { grouped.run(pool); }});
  double flops = 6.0 * tokens * kTopK * kSize * kInner;
  std::printf("%s %ld | %.1f ms, %.0f GFLOP/s, %.0f %% | %.1f ms, %.0f "
              "GFLOP/s, %.0f %%\n",
              bytes == 1 ? "f8e4m3" : "bf16", static_cast<long>(tokens),
              one * 1e3, flops / one * 1e-9, flops / one / peak * 100,
              all * 1e3, flops / all * 1e-9, flops / all / peak * 100);
  std::fflush(stdout);
}

} // namespace
} // namespace ingot::bench

using namespace ingot;
using namespace ingot::bench;

int main(int argc, char **argv) {
  auto [pool, peak] = startMachine(argc, argv);
  std::printf("weight tokens | one by one, of peak | grouped, of peak\n");
  const char *f8 = "!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>";
  for (int64_t tokens : {64, 256})
    for (int64_t bytes : {1, 2})
      measure(*pool, peak, bytes == 1 ? f8 : "bf16", bytes, tokens);
  return 0;
}
