//===- RandomWeights.cpp - weights drawn instead of read ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/RandomWeights.h"
#include "runtime/device/cpu/ThreadPool.h"
#include "runtime/plan/VerifyParts.h"

#include <bit>
#include <cmath>

namespace ingot {

namespace {

/// Elements that a thread draws at a time.
constexpr uint64_t kTile = 1 << 16;
/// Positive finite codes of E4M3, zero included; the one behind them is NaN.
constexpr uint64_t kFiniteCodes = 0x7f;

/// SplitMix64's output function (Steele, Lea, Flood, OOPSLA 2014).
uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// Element `index` of SplitMix64's sequence, which can be entered anywhere.
uint64_t bitsAt(uint64_t stream, uint64_t index) {
  return mix(stream + (index + 1) * 0x9e3779b97f4a7c15);
}

uint64_t streamOf(uint64_t seed, std::string_view name) {
  uint64_t hash = 0xcbf29ce484222325; // FNV-1a
  for (char c : name)
    hash = (hash ^ uint8_t(c)) * 0x100000001b3;
  return mix(hash ^ mix(seed));
}

/// Uniform in (-1, 1), exact: an odd number of 24 bits over 2^23.
float uniform(uint64_t bits) {
  int32_t odd = int32_t(bits >> 41) * 2 + 1 - (1 << 23);
  return float(odd) * 0x1p-23f;
}

float valueAt(const RandomElements &elements, uint64_t index) {
  float u = uniform(bitsAt(elements.stream, index));
  return elements.amplitude * (elements.center + elements.width * u);
}

/// Nearest, ties to even; the value is finite.
uint16_t toBf16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  return uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

uint8_t codeAt(const RandomElements &elements, uint64_t index) {
  uint64_t bits = bitsAt(elements.stream, index);
  uint64_t magnitude = ((bits >> 32) * kFiniteCodes) >> 32;
  return uint8_t(magnitude | (bits & 1) << 7);
}

/// Standard deviation of the codes that codeAt draws.
double deviationOfCodes() {
  double sum = 0;
  for (uint64_t code = 0; code < kFiniteCodes; ++code) {
    int exponent = int(code >> 3), mantissa = int(code & 7);
    double value = exponent ? std::ldexp(8 + mantissa, exponent - 10)
                            : std::ldexp(mantissa, -9);
    sum += value * value;
  }
  return std::sqrt(sum / double(kFiniteCodes));
}

template <typename T, typename Draw>
void fill(uint64_t begin, uint64_t count, std::byte *out, Draw draw) {
  T *values = reinterpret_cast<T *>(out);
  for (uint64_t i = 0; i < count; ++i)
    values[i] = draw(begin + i);
}

} // namespace

RandomElements randomElements(const fb::Plan &plan, const fb::Weight &weight,
                              uint64_t seed) {
  RandomElements elements;
  elements.stream = streamOf(seed, weight.name()->string_view());
  elements.type = weight.type();
  auto inner = [](const fb::Weight &matrix) {
    if (matrix.fan_in() > 0)
      return double(matrix.fan_in());
    return double(matrix.shape()->Get(matrix.shape()->size() - 1));
  };
  if (weight.scales() >= 0) {
    const fb::Weight &scaled = *plan.weights()->Get(uint32_t(weight.scales()));
    // Blocks differ, so that a kernel that mixes them up shows.
    elements.center = 1;
    elements.width = 0.25f;
    double spread = std::sqrt(1 + 0.25 * 0.25 / 3);
    elements.amplitude =
        float(1 / (deviationOfCodes() * spread * std::sqrt(inner(scaled))));
  } else if (weight.shape()->size() < 2) {
    elements.center = 1;
    elements.width = 0.125f;
  } else {
    // A uniform u has deviation 3^-0.5.
    elements.amplitude = float(std::sqrt(3 / inner(weight)));
  }
  return elements;
}

void drawElements(const RandomElements &elements, uint64_t begin,
                  uint64_t count, std::byte *out) {
  switch (elements.type) {
  case fb::ElementType::F32:
    return fill<float>(begin, count, out,
                       [&](uint64_t i) { return valueAt(elements, i); });
  case fb::ElementType::BF16:
    return fill<uint16_t>(begin, count, out, [&](uint64_t i) {
      return toBf16(valueAt(elements, i));
    });
  case fb::ElementType::F16:
    return fill<_Float16>(begin, count, out, [&](uint64_t i) {
      return _Float16(valueAt(elements, i));
    });
  case fb::ElementType::F8E4M3:
    return fill<uint8_t>(begin, count, out,
                         [&](uint64_t i) { return codeAt(elements, i); });
  case fb::ElementType::I32:
    break; // refused by drawWeights
  }
}

void drawOver(ThreadPool &pool, const RandomElements &elements, uint64_t begin,
              uint64_t count, std::byte *out) {
  const uint64_t size = verify::elementSize(elements.type);
  pool.parallelFor(
      uint32_t((count + kTile - 1) / kTile), [&](uint32_t first, uint32_t end) {
        uint64_t from = first * kTile;
        uint64_t to = std::min(count, end * kTile);
        drawElements(elements, begin + from, to - from, out + from * size);
      });
}

Status checkDrawable(const fb::Plan &plan) {
  for (const fb::Weight *weight : *plan.weights())
    if (weight->type() == fb::ElementType::I32)
      return incompatible("weight " +
                          storage::quote(weight->name()->string_view()) +
                          " expects float elements to be drawn, got i32");
  return {};
}

Result<WeightMemory> drawWeights(const fb::Plan &plan, const WeightSet &wanted,
                                 uint64_t seed, ThreadPool &pool) {
  if (Status status = checkDrawable(plan); !status.ok())
    return status;
  Result<WeightMemory> drawn = allocateWeights(plan, wanted, "random weights");
  if (!drawn)
    return drawn.status();
  for (uint32_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i])
      continue;
    const fb::Weight &weight = *plan.weights()->Get(i);
    drawOver(pool, randomElements(plan, weight, seed), 0, countElements(weight),
             drawn->begins[i]);
  }
  return drawn;
}

} // namespace ingot
