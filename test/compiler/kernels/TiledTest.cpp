//===- TiledTest.cpp - products of prompts by tensor cores ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::StartsWith;

namespace ingot::test {
namespace {

constexpr const char *kPrompts =
    " attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = "
    "256, sequences = 1, rows = 1, context = 256>} ";

std::string matrix(int64_t columns) {
  return "tensor<?x" + std::to_string(columns) + "xf32>";
}

/// Format, rows and columns of a weight.
struct Shape {
  const char *format;
  int64_t n, k;
};
void PrintTo(const Shape &shape, std::ostream *out) {
  *out << shape.format << "_n" << shape.n << "_k" << shape.k;
}

class TiledProducts : public testing::TestWithParam<Shape> {
protected:
  std::string ir(const TestWeight &w, bool gated) const {
    std::string x = matrix(w.k), y = matrix(w.n), type = w.type();
    return "func.func @f(%x: " + x + ", %w: " + type + ", %u: " + type +
           ") -> " + y + kPrompts + "{\n%0 = ingot." +
           (gated ? "gated_linear %x, %w, %u : " + x + ", " + type
                  : "linear %x, %w : " + x) +
           ", " + type + " -> " + y + "\nreturn %0 : " + y + "\n}";
  }
  double dot(const TestWeight &w, int64_t row, const float *x) const {
    double sum = 0;
    for (int64_t k = 0; k < w.k; ++k)
      sum += static_cast<double>(w.values[row * w.k + k]) * x[k];
    return sum;
  }
  /// Of one product: what rounding may leave.
  double slack(const TestWeight &w, int64_t row, const float *x) const {
    double sum = 0;
    for (int64_t k = 0; k < w.k; ++k)
      sum += std::fabs(w.values[row * w.k + k] * x[k]);
    return 1e-5 * sum;
  }
};

TEST_P(TiledProducts, EqualADoubleLoopForAnyNumberOfTokens) {
  auto [format, n, k] = GetParam();
  TestWeight w = randomWeight(format, n, k, 1);
  KernelHarness kernel(ir(w, /*gated=*/false));
  ASSERT_THAT(kernel.selection().launches[0].kernel,
              StartsWith("linear_tiled"));
  for (int64_t t : {1, 63, 70}) {
    Floats x = randomFloats(t * k, 2), y(t * n, NAN);
    kernel.operands = {{0, x.data()}, {1, w.bytes.data()}};
    kernel.scales = {{1, w.scales.data()}};
    kernel.results = {{0, y.data()}};
    kernel.symbols = {{"T", t}};
    kernel.run();
    for (int64_t i = 0; i < t * n; ++i) {
      const float *row = &x[i / n * k];
      ASSERT_NEAR(y[i], dot(w, i % n, row), slack(w, i % n, row)) << i;
    }
  }
}

TEST_P(TiledProducts, GateTheirRows) {
  auto [format, n, k] = GetParam();
  TestWeight gate = randomWeight(format, n, k, 3),
             up = randomWeight(format, n, k, 4);
  KernelHarness kernel(ir(gate, /*gated=*/true));
  ASSERT_THAT(kernel.selection().launches[0].kernel,
              StartsWith("gated_linear_tiled"));
  Floats x = randomFloats(3 * k, 5, 1e-3f), y(3 * n, NAN);
  kernel.operands = {
      {0, x.data()}, {1, gate.bytes.data()}, {2, up.bytes.data()}};
  kernel.scales = {{1, gate.scales.data()}, {2, up.scales.data()}};
  kernel.results = {{0, y.data()}};
  kernel.symbols = {{"T", 3}};
  kernel.run();
  for (int64_t i = 0; i < 3 * n; ++i) {
    const float *row = &x[i / n * k];
    double g = dot(gate, i % n, row), u = dot(up, i % n, row);
    double near = slack(gate, i % n, row) * (1 + std::fabs(u)) +
                  slack(up, i % n, row) * (1 + std::fabs(g));
    ASSERT_NEAR(y[i], g / (1 + std::exp(-g)) * u, near) << i;
  }
}

// Rows that fill no tile, columns that fill no chunk, and blocks that are cut
// off.
INSTANTIATE_TEST_SUITE_P(Shapes, TiledProducts,
                         testing::Values(Shape{"f8", 200, 320},
                                         Shape{"f8", 16, 48},
                                         Shape{"bf16", 136, 72}));

TEST(TiledProductsChoice, IsForWeightsThatAreExactInBf16) {
  TestWeight w = randomWeight("f16", 8, 64, 1);
  std::string x = matrix(64), y = matrix(8);
  KernelHarness kernel("func.func @f(%x: " + x + ", %w: " + w.type() + ") -> " +
                       y + kPrompts + "{\n%0 = ingot.linear %x, %w : " + x +
                       ", " + w.type() + " -> " + y + "\nreturn %0 : " + y +
                       "\n}");
  EXPECT_EQ(kernel.selection().launches[0].kernel, "linear_f16_n8_k64");
}

} // namespace
} // namespace ingot::test
