//===- StopFilter.cpp - ends a streamed text at a stop string -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/StopFilter.h"

#include <algorithm>
#include <utility>

namespace ingot {

/// Length of the longest end of `text` with which `stop` begins, short of all
/// of it.
static size_t overlap(std::string_view text, std::string_view stop) {
  for (size_t n = std::min(text.size(), stop.size() - 1); n > 0; --n)
    if (text.substr(text.size() - n) == stop.substr(0, n))
      return n;
  return 0;
}

StopFilter::StopFilter(std::vector<std::string> strings)
    : stops(std::move(strings)) {
  std::erase(stops, "");
}

std::string StopFilter::push(std::string_view text) {
  if (found)
    return "";
  pending += text;
  size_t end = std::string::npos, held = 0;
  for (const std::string &stop : stops) {
    end = std::min(end, pending.find(stop));
    held = std::max(held, overlap(pending, stop));
  }
  found = end != std::string::npos;
  std::string shown = pending.substr(0, found ? end : pending.size() - held);
  pending.erase(0, found ? pending.size() : shown.size());
  return shown;
}

std::string StopFilter::finish() { return std::exchange(pending, ""); }

} // namespace ingot
