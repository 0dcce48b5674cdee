//===- Exchanges.h - how long a layer's chain of launches is ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A launch that reads what another one wrote must wait for it: every thread
// gives its results to all others. On a device such an exchange takes a time of
// its own, however little is computed, so the longest chain of a layer bounds
// how fast a token can be. Pure functions over verified plans.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_EXCHANGES_H
#define INGOT_PLAN_EXCHANGES_H

#include "runtime/plan/plan_generated.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace ingot {

/// The chain of one layer.
struct LayerExchanges {
  int64_t layer = 0;
  /// Launches on the longest path of launches that depend on each other.
  int64_t count = 0;
  /// Whether the layer chooses parts of weights: experts.
  bool routed = false;
};

/// The layer that a launch belongs to: N of "layers.N.self_attn.o_proj"; -1 for
/// a launch outside the layers.
int64_t layerOf(std::string_view launch);

/// One for each layer of `entry`, in order of their first launches. Only
/// launches of the layer itself count. A launch depends on the last one before
/// it that wrote a buffer it reads or writes.
std::vector<LayerExchanges> countExchanges(const fb::Entry &entry);

/// The longest of them, the first of equals; a count of 0 if there is none.
LayerExchanges longestExchanges(const fb::Entry &entry);

} // namespace ingot

#endif // INGOT_PLAN_EXCHANGES_H
