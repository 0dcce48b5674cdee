//===- Values.cpp - values of a buffer, and how far two differ ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace ingot::diff {

bool isReadable(fb::ElementType type) {
  return type == fb::ElementType::F32 || type == fb::ElementType::BF16 ||
         type == fb::ElementType::I32;
}

bool isInteger(fb::ElementType type) { return type == fb::ElementType::I32; }

size_t sizeOf(fb::ElementType type) {
  return type == fb::ElementType::BF16 ? 2 : 4;
}

template <typename T>
static T readAt(const std::byte *data, size_t index) {
  T value;
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

double Values::operator[](size_t index) const {
  if (type == fb::ElementType::I32)
    return readAt<int32_t>(data, index);
  if (type == fb::ElementType::F32)
    return double(readAt<float>(data, index));
  // The upper half of a float32.
  return double(
      std::bit_cast<float>(uint32_t(readAt<uint16_t>(data, index)) << 16));
}

Statistics statisticsOf(const Values &values, std::span<const int64_t> shape) {
  Statistics result;
  result.shape.assign(shape.begin(), shape.end());
  if (values.count == 0)
    return result;
  result.min = result.max = values[0];
  double squares = 0;
  for (size_t i = 0; i < values.count; ++i) {
    const double value = values[i];
    result.min = std::min(result.min, value);
    result.max = std::max(result.max, value);
    squares += value * value;
    if (i < 8)
      result.first.push_back(value);
  }
  result.rms = std::sqrt(squares / double(values.count));
  return result;
}

double Distance::relative() const {
  return maxAbsDiff == 0 ? 0 : maxAbsDiff / rms;
}

Distance distanceBetween(const Values &a, const Values &b) {
  Distance result;
  double squares = 0;
  for (size_t i = 0; i < a.count; ++i) {
    const double left = a[i], right = b[i];
    squares += left * left;
    double difference = std::abs(left - right);
    // Two NaNs agree, infinities of one sign too; a NaN beside a number is as
    // wrong as can be.
    if (std::isnan(difference))
      difference = left == right || (std::isnan(left) && std::isnan(right))
                       ? 0
                       : std::numeric_limits<double>::infinity();
    if (difference <= result.maxAbsDiff && i > 0)
      continue;
    result.maxAbsDiff = difference;
    result.index = i;
    result.a = left;
    result.b = right;
  }
  if (a.count > 0)
    result.rms = std::sqrt(squares / double(a.count));
  return result;
}

std::string coordinate(size_t index, std::span<const int64_t> shape) {
  std::string text;
  for (size_t i = shape.size(); i-- > 0;) {
    const auto size = size_t(shape[i]);
    text = std::to_string(index % size) + (text.empty() ? "" : ", ") + text;
    index /= size;
  }
  return "[" + text + "]";
}

} // namespace ingot::diff
