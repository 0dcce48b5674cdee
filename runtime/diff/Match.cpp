//===- Match.cpp - steps that two plans have in common --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Match.h"

#include "runtime/diff/Values.h"

#include <algorithm>
#include <map>

namespace ingot::diff {

namespace {

/// The launches of an entry by name, in order.
using Places = std::map<std::string_view, std::vector<size_t>>;

Places placesOf(const fb::Entry &entry) {
  Places places;
  for (uint32_t i = 0; i < entry.steps()->size(); ++i)
    places[entry.steps()->Get(i)->name()->string_view()].push_back(i);
  return places;
}

const fb::Buffer &resultOf(const fb::Plan &plan, const fb::Launch &launch,
                           uint32_t index) {
  return *plan.buffers()->Get(launch.results()->Get(index));
}

/// Values in a row of the step; 0 for a buffer that has no such rows.
int64_t rowSize(const fb::Buffer &buffer) {
  const auto &shape = *buffer.shape();
  if (shape.size() == 0 || shape.Get(0)->symbol() < 0)
    return 0;
  int64_t size = 1;
  for (uint32_t i = 1; i < shape.size(); ++i) {
    if (shape.Get(i)->symbol() >= 0)
      return 0;
    size *= shape.Get(i)->size();
  }
  return size;
}

/// The symbol that counts a buffer's rows.
std::string_view rowsOf(const fb::Plan &plan, const fb::Buffer &buffer) {
  auto symbol = uint32_t(buffer.shape()->Get(0)->symbol());
  return plan.symbols()->Get(symbol)->name()->string_view();
}

std::string_view kernelOf(const fb::Plan &plan, const fb::Launch &launch) {
  return plan.kernels()->Get(launch.kernel())->name()->string_view();
}

bool areComparable(const fb::Plan &planA, const fb::Buffer &a,
                   const fb::Plan &planB, const fb::Buffer &b) {
  return rowSize(a) > 0 && rowSize(a) == rowSize(b) &&
         rowsOf(planA, a) == rowsOf(planB, b) && isReadable(a.type()) &&
         isReadable(b.type()) && isInteger(a.type()) == isInteger(b.type());
}

/// Appends what two launches of one name have in common.
void matchLaunches(const fb::Plan &planA, const fb::Entry &a, size_t placeA,
                   const fb::Plan &planB, const fb::Entry &b, size_t placeB,
                   std::vector<Common> &all) {
  const fb::Launch &left = *a.steps()->Get(uint32_t(placeA));
  const fb::Launch &right = *b.steps()->Get(uint32_t(placeB));
  const uint32_t results =
      std::min(left.results()->size(), right.results()->size());
  for (uint32_t i = 0; i < results; ++i) {
    const fb::Buffer &buffer = resultOf(planA, left, i);
    if (areComparable(planA, buffer, planB, resultOf(planB, right, i)))
      all.push_back({left.name()->string_view(), placeA, placeB, i,
                     buffer.type(),
                     size_t(rowSize(buffer)) * sizeOf(buffer.type()),
                     kernelOf(planA, left), kernelOf(planB, right)});
  }
}

} // namespace

std::vector<Common> matchEntries(const fb::Plan &planA, const fb::Entry &a,
                                 const fb::Plan &planB, const fb::Entry &b) {
  const Places inA = placesOf(a);
  std::vector<Common> all;
  for (const auto &[name, placesB] : placesOf(b)) {
    auto found = inA.find(name);
    if (found == inA.end())
      continue;
    const std::vector<size_t> &placesA = found->second;
    const size_t count = placesA.size() == placesB.size() ? placesA.size() : 1;
    for (size_t i = 0; i < count; ++i)
      matchLaunches(planA, a, placesA[placesA.size() - count + i], planB, b,
                    placesB[placesB.size() - count + i], all);
  }
  std::sort(all.begin(), all.end(), [](const Common &x, const Common &y) {
    return std::pair(x.b, x.result) < std::pair(y.b, y.result);
  });
  return all;
}

} // namespace ingot::diff
