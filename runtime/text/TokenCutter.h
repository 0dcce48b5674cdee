//===- TokenCutter.h - cuts added tokens out of a text -------- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds the added tokens of a text, leftmost first and of those that start at
// one place the longest, and heeds their flags. Built once, then immutable and
// shareable between threads.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_TOKENCUTTER_H
#define INGOT_RUNTIME_TEXT_TOKENCUTTER_H

#include "runtime/text/TokenTrie.h"
#include "runtime/text/TokenizerSpec.h"

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ingot::text {

/// A stretch of a text.
struct TextSection {
  /// View of what lies between two added tokens; empty for a token.
  std::string_view text;
  /// Id of the added token; -1 for what lies between two.
  int32_t id = -1;
};

class TokenCutter {
public:
  /// Lets `pattern` (not empty) stand for `token`. False if there is that
  /// pattern already.
  bool insert(std::string_view pattern, const AddedToken &token);

  /// The sections of `text`, which must be valid UTF-8, in order. A token that
  /// asks to be a single word and is not is passed over with its characters.
  std::vector<TextSection> cut(std::string_view text) const;

private:
  struct Flags {
    bool singleWord, stripLeft, stripRight;
  };

  TokenTrie tokens;
  std::unordered_map<int32_t, Flags> flags;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_TOKENCUTTER_H
