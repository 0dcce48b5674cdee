//===- TokenTrie.h - finds added tokens in a text ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A set of strings with ids, searched for the longest one that starts at a
// place. Built once, then immutable and shareable between threads.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_TOKENTRIE_H
#define INGOT_RUNTIME_TEXT_TOKENTRIE_H

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace ingot::text {

class TokenTrie {
public:
  struct Match {
    int32_t id;
    size_t length;
  };

  /// Adds `content` (not empty). False if it is there already.
  bool insert(std::string_view content, int32_t id);

  /// The longest string of the set that `text` has at offset `at`.
  std::optional<Match> longestAt(std::string_view text, size_t at) const;

  /// Id of exactly `content`.
  std::optional<int32_t> find(std::string_view content) const;

private:
  struct Node {
    /// Id of the string that ends here; -1 if none does.
    int32_t id = -1;
    std::map<char, uint32_t> children;
  };

  std::vector<Node> nodes = std::vector<Node>(1);
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_TOKENTRIE_H
