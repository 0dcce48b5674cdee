//===- WeightSets.h - which weights of a plan are used ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pure functions over verified plans.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_WEIGHTSETS_H
#define INGOT_PLAN_WEIGHTSETS_H

#include "runtime/plan/plan_generated.h"

#include <cstdint>
#include <vector>

namespace ingot {

/// Some of a plan's weights, by index into Plan.weights.
using WeightSet = std::vector<bool>;

/// The weights that an entry of the plan takes.
WeightSet listEntryWeights(const fb::Plan &plan);
/// The weights that Plan.pack computes.
WeightSet listPackedWeights(const fb::Plan &plan);

/// Bytes of all views.
uint64_t countBytes(const fb::Weight &weight);

} // namespace ingot

#endif // INGOT_PLAN_WEIGHTSETS_H
