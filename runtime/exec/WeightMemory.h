//===- WeightMemory.h - memory for some weights of a plan -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Weights that no file holds, because they are drawn or packed, lie one after
// the other in memory of the model's own.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_WEIGHTMEMORY_H
#define INGOT_EXEC_WEIGHTMEMORY_H

#include "runtime/device/cpu/HostMemory.h"
#include "runtime/plan/WeightSets.h"

#include <optional>
#include <vector>

namespace ingot {

/// Owns the memory of some weights.
struct WeightMemory {
  HostMemory memory;
  /// By index into Plan.weights: where the weight begins, 64-byte aligned, or
  /// null if the memory is not for it.
  std::vector<std::byte *> begins;
};

/// Zeroed memory for the `wanted` weights of a verified plan. OutOfMemory names
/// the bytes, and `what` they are for.
Result<WeightMemory> allocateWeights(const fb::Plan &plan,
                                     const WeightSet &wanted,
                                     const std::string &what);

/// Where each view of `weight` lies if the first begins at `begin`.
std::vector<const std::byte *> placeViews(const fb::Weight &weight,
                                          const std::byte *begin);

/// Elements of the whole weight.
uint64_t countElements(const fb::Weight &weight);

} // namespace ingot

#endif // INGOT_EXEC_WEIGHTMEMORY_H
