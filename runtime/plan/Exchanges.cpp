//===- Exchanges.cpp - how long a layer's chain of launches is ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Exchanges.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace ingot {

namespace {

/// A layer, and how deep in its chain each buffer was written last.
struct Chain {
  LayerExchanges exchanges;
  std::map<uint32_t, int64_t> depths;

  void add(const fb::Launch &launch) {
    int64_t depth = 0;
    for (const fb::Arg *arg : *launch.args())
      if (arg->kind() == fb::ArgKind::Buffer)
        if (auto found = depths.find(arg->index()); found != depths.end())
          depth = std::max(depth, found->second);
    ++depth;
    for (uint32_t result : *launch.results())
      depths[result] = depth;
    exchanges.count = std::max(exchanges.count, depth);
    if (const fb::Cost *cost = launch.cost())
      exchanges.routed |= cost->product() && cost->parts() > 0;
  }
};

} // namespace

int64_t layerOf(std::string_view launch) {
  constexpr std::string_view kPrefix = "layers.";
  if (!launch.starts_with(kPrefix))
    return -1;
  const char *end = launch.data() + launch.size();
  int64_t layer = -1;
  auto [rest, error] =
      std::from_chars(launch.data() + kPrefix.size(), end, layer);
  return error == std::errc() && layer >= 0 && rest != end && *rest == '.'
             ? layer
             : -1;
}

std::vector<LayerExchanges> countExchanges(const fb::Entry &entry) {
  std::vector<Chain> chains;
  for (const fb::Launch *launch : *entry.steps()) {
    const int64_t layer = layerOf(launch->name()->string_view());
    if (layer < 0)
      continue;
    // Layers come one after the other.
    auto chain =
        std::find_if(chains.rbegin(), chains.rend(), [&](const Chain &c) {
          return c.exchanges.layer == layer;
        });
    if (chain == chains.rend()) {
      chains.push_back({{layer, 0, false}, {}});
      chain = chains.rbegin();
    }
    chain->add(*launch);
  }
  std::vector<LayerExchanges> result;
  for (const Chain &chain : chains)
    result.push_back(chain.exchanges);
  return result;
}

LayerExchanges longestExchanges(const fb::Entry &entry) {
  LayerExchanges longest;
  for (const LayerExchanges &layer : countExchanges(entry))
    if (layer.count > longest.count)
      longest = layer;
  return longest;
}

} // namespace ingot
