//===- Observe.h - what can be watched while a model runs -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tools that look inside a step: see Session::observe and
// Session::timeLaunches. Both are called on the thread that runs the step.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_OBSERVE_H
#define INGOT_OBSERVE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace ingot {

namespace fb {
enum class ElementType : uint8_t;
} // namespace fb

/// A buffer that a launch has written, before the next launch runs. Valid
/// during the observer's call.
struct Written {
  /// Of the plan's entry that runs, the launch by its place in it, and the
  /// buffer by its place among the launch's results.
  std::string_view entry;
  size_t launch;
  size_t result;
  /// Name of a hidden state ("hidden.0" is the embedding), else empty. Hidden
  /// states are F32 [t, n].
  std::string_view tap;
  fb::ElementType type;
  /// Row-major, of the size that the buffer has in this step.
  std::span<const int64_t> shape;
  const std::byte *data;

  /// The values of a buffer of type F32.
  std::span<const float> floats() const {
    size_t count = 1;
    for (int64_t size : shape)
      count *= size_t(size);
    return {reinterpret_cast<const float *>(data), count};
  }
};

/// Sees everything that a step computes, on the caller's thread.
using Observer = std::function<void(const Written &written)>;

/// Told of every launch how many seconds it took: `launch` is its place in the
/// plan's `entry`, whose name lives as long as the model.
using LaunchTimer =
    std::function<void(std::string_view entry, size_t launch, double seconds)>;

} // namespace ingot

#endif // INGOT_OBSERVE_H
