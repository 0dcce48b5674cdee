//===- Values.h - values of a buffer, and how far two differ ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIFF_VALUES_H
#define INGOT_DIFF_VALUES_H

#include "runtime/plan/plan_generated.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ingot::diff {

/// Whether Values reads elements of this type.
bool isReadable(fb::ElementType type);
bool isInteger(fb::ElementType type);
/// Bytes of an element of a type that is readable.
size_t sizeOf(fb::ElementType type);

/// Elements of a readable type as doubles. Borrows the bytes.
struct Values {
  fb::ElementType type;
  const std::byte *data;
  size_t count;

  double operator[](size_t index) const;
};

/// What `ingot diff --stop-after` prints of a tensor.
struct Statistics {
  std::vector<int64_t> shape;
  double min = 0, max = 0, rms = 0;
  /// At most eight.
  std::vector<double> first;
};

Statistics statisticsOf(const Values &values, std::span<const int64_t> shape);

/// How far the values of B are from those of A.
struct Distance {
  double maxAbsDiff = 0;
  /// Of A's values.
  double rms = 0;
  /// Where the difference is largest (a NaN on one side is larger than all),
  /// and the values there.
  size_t index = 0;
  double a = 0, b = 0;

  /// maxAbsDiff / rms; 0 where nothing differs.
  double relative() const;
};

/// Both have `a.count` elements.
Distance distanceBetween(const Values &a, const Values &b);

/// Coordinate of element `index` in a row-major tensor: "[3, 17]".
std::string coordinate(size_t index, std::span<const int64_t> shape);

} // namespace ingot::diff

#endif // INGOT_DIFF_VALUES_H
