//===- Fp8TilesTest.cpp - products of codes by tensor cores ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bodies themselves, with few blocks, so that each computes several tiles
// and comes back to stages of shared memory that it has used.
//
//===----------------------------------------------------------------------===//

// First, as it stands in for cuda/device.cuh.
#include "test/compiler/kernels/EmulatedDevice.h"

#include "compiler/kernels/cuda/fp8_tiles.cuh"
#include <gtest/gtest.h>
#include <memory>
#include <random>

using namespace ingot::cuda;
using namespace ingot::kernels;

namespace ingot::test {
namespace {

constexpr WeightFormat kWeight{Format::F8E4M3, 128, 128};
constexpr Fp8TileConfig kConfig{2, 4};

/// An array that memory without access follows.
template <typename T>
class Guarded {
public:
  explicit Guarded(int64_t count)
      : memory(count * sizeof(T)), first(reinterpret_cast<T *>(memory.first) +
                                         (-count & (16 / sizeof(T) - 1))) {}
  T *data() { return first; }
  T &operator[](int64_t i) const { return first[i]; }

private:
  emulation::SharedMemory memory;
  T *first;
};

/// Rows of random codes, none of them NaN, with a scale for each block.
struct Codes {
  Codes(int64_t rows, int64_t columns, int64_t blockRows, unsigned seed)
      : columns(columns), blockRows(blockRows), codes(rows * columns),
        scales(ceilDiv(rows, blockRows) * (columns / 128)) {
    std::mt19937 random(seed);
    for (int64_t i = 0; i < rows * columns; ++i) {
      codes[i] = static_cast<uint8_t>(random());
      if ((codes[i] & 0x7F) == 0x7F)
        codes[i] = 0;
    }
    for (int64_t i = 0; i < ceilDiv(rows, blockRows) * (columns / 128); ++i)
      scales[i] = 1e-4f * static_cast<float>(1 + random() % 64);
  }
  double value(int64_t row, int64_t k) const {
    return static_cast<double>(decodeE4M3(codes[row * columns + k])) *
           scales[row / blockRows * (columns / 128) + k / 128];
  }

  int64_t columns, blockRows;
  Guarded<uint8_t> codes;
  Guarded<float> scales;
};

/// A sum of products, and what rounding may leave of it.
struct Sum {
  double value = 0, slack = 0;
};
Sum dot(const Codes &weights, int64_t row, const Codes &inputs, int64_t t) {
  Sum sum;
  for (int64_t k = 0; k < weights.columns; ++k) {
    double product = weights.value(row, k) * inputs.value(t, k);
    sum.value += product;
    sum.slack += 1e-5 * std::fabs(product);
  }
  return sum;
}
Sum gated(Sum gate, Sum up) {
  double g = gate.value, u = up.value;
  return {g / (1 + std::exp(-g)) * u,
          gate.slack * (1 + std::fabs(u)) + up.slack * (1 + std::fabs(g))};
}

/// Runs all blocks of a body with the tile of each.
template <typename Body>
void runBlocks(int64_t experts, Body body) {
  for (int64_t block = 0; block < kConfig.blocks; ++block) {
    int64_t tile[3] = {block, 0, 0};
    runBlock(kCodeThreads, kConfig.sharedBytes(experts), tile,
             [&] { body(Tile{block, 0, 0}); });
  }
}

/// Expects [t, n] results of `of(t, n)`.
template <typename Of>
void expectRows(const Guarded<float> &y, int64_t tokens, int64_t n, Of of) {
  for (int64_t i = 0; i < tokens * n; ++i) {
    Sum sum = of(i / n, i % n);
    ASSERT_NEAR(y[i], sum.value, sum.slack)
        << "row " << i / n << ", column " << i % n;
  }
}

// Rows that fill no half of the last tile, none of its second.
TEST(Fp8Tiles, EqualADoubleLoopForAnyNumberOfTokens) {
  constexpr Linear::Problem kProblem{kWeight, 264, 384};
  Codes weights(kProblem.n, kProblem.k, 128, 1);
  for (int64_t t : {1, 64, 65, 130, 200}) {
    Codes x(t, kProblem.k, 1, 2);
    Guarded<float> y(t * kProblem.n);
    runBlocks(0, [&](Tile tile) {
      linear_fp8_tiles<kProblem, kConfig>(
          tile, x.codes.data(), x.scales.data(), weights.codes.data(),
          weights.scales.data(), nullptr, y.data(), t);
    });
    expectRows(y, t, kProblem.n,
               [&](int64_t t, int64_t n) { return dot(weights, n, x, t); });
  }
}

TEST(Fp8Tiles, AddABias) {
  constexpr Linear::Problem kProblem{kWeight, 8, 128, true, Format::BF16};
  Codes weights(8, 128, 128, 1), x(3, 128, 1, 2);
  Guarded<uint16_t> bias(8);
  for (int n = 0; n < 8; ++n)
    bias[n] = floatToBf16(0.25f * static_cast<float>(n));
  Guarded<float> y(3 * 8);
  runBlocks(0, [&](Tile tile) {
    linear_fp8_tiles<kProblem, kConfig>(
        tile, x.codes.data(), x.scales.data(), weights.codes.data(),
        weights.scales.data(), bias.data(), y.data(), 3);
  });
  expectRows(y, 3, 8, [&](int64_t t, int64_t n) {
    Sum sum = dot(weights, n, x, t);
    return Sum{sum.value + 0.25 * static_cast<double>(n), sum.slack + 1e-6};
  });
}

// Of 18 tiles of tokens, 16 and then two share the rows of weights.
TEST(Fp8Tiles, ReachAllTokensInGroups) {
  constexpr Linear::Problem kProblem{kWeight, 264, 128};
  constexpr int64_t kTokens = 17 * 128 + 5;
  Codes weights(kProblem.n, kProblem.k, 128, 1), x(kTokens, kProblem.k, 1, 2);
  Guarded<float> y(kTokens * kProblem.n);
  runBlocks(0, [&](Tile tile) {
    linear_fp8_tiles<kProblem, kConfig>(
        tile, x.codes.data(), x.scales.data(), weights.codes.data(),
        weights.scales.data(), nullptr, y.data(), kTokens);
  });
  expectRows(y, kTokens, kProblem.n,
             [&](int64_t t, int64_t n) { return dot(weights, n, x, t); });
}

TEST(Fp8Tiles, GateTheirRows) {
  constexpr Linear::Problem kProblem{kWeight, 136, 256};
  Codes gate(kProblem.n, kProblem.k, 128, 1),
      up(kProblem.n, kProblem.k, 128, 2);
  for (int64_t t : {50, 70}) {
    Codes x(t, kProblem.k, 1, 3);
    Guarded<float> y(t * kProblem.n);
    runBlocks(0, [&](Tile tile) {
      gated_linear_fp8_tiles<kProblem, kConfig>(
          tile, x.codes.data(), x.scales.data(), gate.codes.data(),
          gate.scales.data(), up.codes.data(), up.scales.data(), y.data(), t);
    });
    expectRows(y, t, kProblem.n, [&](int64_t t, int64_t n) {
      return gated(dot(gate, n, x, t), dot(up, n, x, t));
    });
  }
}

TEST(Fp8Tiles, ShareAScaleBetweenSeveralBlocks) {
  constexpr Linear::Problem kProblem{{Format::F8E4M3, 256, 128}, 392, 128};
  Codes weights(kProblem.n, kProblem.k, 256, 1), x(5, kProblem.k, 1, 2);
  Guarded<float> y(5 * kProblem.n);
  runBlocks(0, [&](Tile tile) {
    linear_fp8_tiles<kProblem, kConfig>(
        tile, x.codes.data(), x.scales.data(), weights.codes.data(),
        weights.scales.data(), nullptr, y.data(), 5);
  });
  expectRows(y, 5, kProblem.n,
             [&](int64_t t, int64_t n) { return dot(weights, n, x, t); });
}

/// Some experts' matrices, and tables of where they are.
struct Experts {
  Experts(int64_t count, int64_t n, int64_t k, unsigned seed)
      : codes(count), scales(count) {
    for (int64_t e = 0; e < count; ++e) {
      matrices.push_back(std::make_unique<Codes>(n, k, 128, seed * 100 + e));
      codes[e] = matrices.back()->codes.data();
      scales[e] = matrices.back()->scales.data();
    }
  }
  std::vector<std::unique_ptr<Codes>> matrices;
  Guarded<const void *> codes, scales;
};

/// The slots of `tokens` tokens by expert, of which the second has none and
/// the first two thirds, more than a tile.
template <int64_t Count, int64_t TopK>
struct Choice {
  explicit Choice(int64_t tokens)
      : chosen(tokens * TopK), starts(Count + 1), slots(tokens * TopK) {
    for (int64_t s = 0; s < tokens * TopK; ++s)
      chosen[s] = s % 3 > 0 ? 0 : static_cast<int32_t>(2 + s / 3 % (Count - 2));
    int32_t at = 0;
    for (int32_t e = 0; e < Count; ++e) {
      starts[e] = at;
      for (int64_t s = 0; s < tokens * TopK; ++s)
        if (chosen[s] == e)
          slots[at++] = static_cast<int32_t>(s);
    }
    starts[Count] = at;
  }
  std::vector<int32_t> chosen;
  Guarded<int32_t> starts, slots;
};

template <bool WeightsOnInput>
void expectExpertsUp() {
  constexpr ExpertsGrouped::Problem kProblem{kWeight, 136, 256,
                                             2,       5,   WeightsOnInput};
  constexpr int64_t kTokens = 110, kSlots = kTokens * 2;
  Experts gates(5, kProblem.n, kProblem.k, 1),
      ups(5, kProblem.n, kProblem.k, 2);
  Codes x(WeightsOnInput ? kSlots : kTokens, kProblem.k, 1, 3);
  Choice<5, 2> choice(kTokens);
  Guarded<float> hidden(kSlots * kProblem.n);
  runBlocks(5, [&](Tile tile) {
    experts_up_fp8_tiles<kProblem, kConfig>(
        tile, x.codes.data(), x.scales.data(), choice.starts.data(),
        choice.slots.data(), gates.codes.data(), gates.scales.data(),
        ups.codes.data(), ups.scales.data(), hidden.data());
  });
  expectRows(hidden, kSlots, kProblem.n, [&](int64_t s, int64_t n) {
    int32_t e = choice.chosen[s];
    int64_t t = WeightsOnInput ? s : s / 2;
    return gated(dot(*gates.matrices[e], n, x, t),
                 dot(*ups.matrices[e], n, x, t));
  });
}

TEST(Fp8Tiles, GateTheRowsOfEachExpert) { expectExpertsUp<false>(); }
TEST(Fp8Tiles, ReadAnInputForEachSlotWithWeightsOnIt) {
  expectExpertsUp<true>();
}

TEST(Fp8Tiles, GiveEachSlotItsExpertsOutputs) {
  constexpr ExpertsGrouped::Problem kProblem{kWeight, 264, 128, 2, 5};
  constexpr int64_t kSlots = 220;
  Experts downs(5, kProblem.n, kProblem.k, 1);
  Codes hidden(kSlots, kProblem.k, 1, 3);
  Choice<5, 2> choice(kSlots / 2);
  Guarded<float> outputs(kSlots * kProblem.n);
  runBlocks(5, [&](Tile tile) {
    experts_down_fp8_tiles<kProblem, kConfig>(
        tile, hidden.codes.data(), hidden.scales.data(), choice.starts.data(),
        choice.slots.data(), downs.codes.data(), downs.scales.data(),
        outputs.data());
  });
  expectRows(outputs, kSlots, kProblem.n, [&](int64_t s, int64_t n) {
    return dot(*downs.matrices[choice.chosen[s]], n, hidden, s);
  });
}

const char *refusal(WeightFormat weight, int64_t n, int64_t k,
                    Format inputs = Format::F8E4M3) {
  return LinearFp8Schedule::reject({weight, n, k, false, Format::F32, inputs},
                                   {132, 4});
}

TEST(Fp8Tiles, SayWhatTheyDoNotTake) {
  const char *formats = "expects f8E4M3FN inputs, and f8E4M3FN weights in "
                        "blocks of multiples of 128x128",
             *sizes = "expects rows in eights and columns in whole runs of 128";
  EXPECT_EQ(refusal(kWeight, 264, 384), nullptr);
  EXPECT_STREQ(refusal(kWeight, 264, 384, Format::F32), formats);
  EXPECT_STREQ(refusal({Format::F8E4M3, 64, 128}, 264, 384), formats);
  EXPECT_STREQ(refusal({Format::F8E4M3, 128, 64}, 264, 384), formats);
  EXPECT_STREQ(refusal({Format::F8E4M3}, 264, 384), formats);
  EXPECT_STREQ(refusal({Format::BF16}, 264, 384), formats);
  EXPECT_STREQ(refusal(kWeight, 260, 384), sizes);
  EXPECT_STREQ(refusal(kWeight, 264, 320), sizes);
  EXPECT_STREQ(
      ExpertsFp8Schedule::reject({kWeight, 264, 384, 2, 1 << 16}, {132, 4}),
      "expects experts that shared memory has room for");
}

} // namespace
} // namespace ingot::test
