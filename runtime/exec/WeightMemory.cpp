//===- WeightMemory.cpp - memory for some weights of a plan ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/WeightMemory.h"
#include "runtime/plan/VerifyParts.h"

namespace ingot {

namespace {

constexpr uint64_t kAlignment = 64;

/// Where each wanted weight begins, and behind them the end of the last; none
/// if that is too much to count.
std::optional<std::vector<uint64_t>> layOut(const fb::Plan &plan,
                                            const WeightSet &wanted) {
  std::vector<uint64_t> offsets = {0};
  for (uint32_t i = 0; i < plan.weights()->size(); ++i) {
    uint64_t bytes = wanted[i] ? countBytes(*plan.weights()->Get(i)) : 0;
    // Verification has bounded each weight, but not all of them together.
    if (bytes > (uint64_t(1) << 62) || offsets.back() > (uint64_t(1) << 62))
      return std::nullopt;
    offsets.push_back(offsets.back() +
                      (bytes + kAlignment - 1) / kAlignment * kAlignment);
  }
  return offsets;
}

} // namespace

Result<WeightMemory> allocateWeights(const fb::Plan &plan,
                                     const WeightSet &wanted,
                                     const std::string &what) {
  std::optional<std::vector<uint64_t>> offsets = layOut(plan, wanted);
  if (!offsets)
    return outOfMemory(what + " are over 2^62 bytes");
  Result<HostMemory> memory = HostMemory::allocate(offsets->back(), what);
  if (!memory)
    return memory.status();
  WeightMemory weights{*std::move(memory), {}};
  for (uint32_t i = 0; i < wanted.size(); ++i)
    weights.begins.push_back(wanted[i] ? weights.memory.data() + (*offsets)[i]
                                       : nullptr);
  return weights;
}

std::vector<const std::byte *> placeViews(const fb::Weight &weight,
                                          const std::byte *begin) {
  std::vector<const std::byte *> places;
  for (const fb::View *view : *weight.views()) {
    places.push_back(begin);
    begin += view->size();
  }
  return places;
}

uint64_t countElements(const fb::Weight &weight) {
  return countBytes(weight) / verify::elementSize(weight.type());
}

} // namespace ingot
