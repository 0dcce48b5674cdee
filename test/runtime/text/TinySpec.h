//===- TinySpec.h - a tokenizer to test with --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pieces 0 to 255 are the bytes; what a test adds comes after.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_RUNTIME_TEXT_TINYSPEC_H
#define INGOT_TEST_RUNTIME_TEXT_TINYSPEC_H

#include "runtime/text/TokenizerSpec.h"

#include <string>

namespace ingot::text::test {

using Ids = std::vector<int32_t>;

/// One piece for each byte, no merges, one split pattern: words with the blank
/// before them.
inline TokenizerSpec byteSpec() {
  TokenizerSpec spec;
  for (int byte = 0; byte < 256; ++byte)
    spec.pieces.push_back(std::string(1, char(byte)));
  spec.splitPatterns = {{" ?\\S+|\\s"}};
  return spec;
}

/// One piece for each byte, ids 0 to 255, to fall back on, and the characters
/// of "▁abé" from id 256 on; no merges, no splits.
inline TokenizerSpec characterSpec() {
  TokenizerSpec spec = byteSpec();
  spec.splitPatterns.clear();
  for (int byte = 0; byte < 256; ++byte)
    spec.byteFallbackIds.push_back(byte);
  for (const char *character : {"▁", "a", "b", "é"})
    spec.pieces.push_back(character);
  return spec;
}

/// Adds the piece left + right and its merge. \returns its id.
inline int32_t addMerge(TokenizerSpec &spec, int32_t left, int32_t right) {
  int32_t id = int32_t(spec.pieces.size());
  spec.pieces.push_back(spec.pieces[left] + spec.pieces[right]);
  spec.merges.push_back({left, right, id});
  return id;
}

/// Adds an added token. \returns its id.
inline int32_t addToken(TokenizerSpec &spec, const std::string &content,
                        bool special) {
  int32_t id = int32_t(spec.pieces.size());
  spec.pieces.push_back(content);
  spec.addedTokens.push_back(
      {.id = id, .content = content, .special = special});
  return id;
}

} // namespace ingot::text::test

#endif // INGOT_TEST_RUNTIME_TEXT_TINYSPEC_H
