//===- TokenTrie.cpp - finds added tokens in a text -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/TokenTrie.h"

namespace ingot::text {

bool TokenTrie::insert(std::string_view content, int32_t id) {
  uint32_t node = 0;
  for (char byte : content) {
    auto child = nodes[node].children.find(byte);
    if (child != nodes[node].children.end()) {
      node = child->second;
      continue;
    }
    uint32_t added = uint32_t(nodes.size());
    nodes[node].children.emplace(byte, added);
    nodes.emplace_back();
    node = added;
  }
  if (nodes[node].id >= 0)
    return false;
  nodes[node].id = id;
  return true;
}

std::optional<TokenTrie::Match> TokenTrie::longestAt(std::string_view text,
                                                     size_t at) const {
  std::optional<Match> best;
  uint32_t node = 0;
  for (size_t end = at; end < text.size(); ++end) {
    auto child = nodes[node].children.find(text[end]);
    if (child == nodes[node].children.end())
      break;
    node = child->second;
    if (nodes[node].id >= 0)
      best = Match{nodes[node].id, end + 1 - at};
  }
  return best;
}

std::optional<int32_t> TokenTrie::find(std::string_view content) const {
  std::optional<Match> match = longestAt(content, 0);
  // A match that is shorter is another string.
  if (!match || match->length != content.size())
    return std::nullopt;
  return match->id;
}

} // namespace ingot::text
