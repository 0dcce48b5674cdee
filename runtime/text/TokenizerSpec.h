//===- TokenizerSpec.h - what a tokenizer is, as data -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A tokenizer as plain data: what the importer reads from tokenizer.json, what
// the plan carries and what text::Tokenizer runs. Plain values, no behaviour.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_TOKENIZERSPEC_H
#define INGOT_RUNTIME_TEXT_TOKENIZERSPEC_H

#include <cstdint>
#include <string>
#include <vector>

namespace ingot::text {

/// A token that is matched in the raw text before any splitting.
struct AddedToken {
  int32_t id = 0;
  std::string content;
  /// Special tokens are left out by a decoder that skips them.
  bool special = false;
};

/// Byte-level BPE. Pieces are raw bytes (the byte-to-unicode alphabet of the
/// published files is undone at import), so they need not be valid UTF-8.
struct TokenizerSpec {
  /// Piece of each id; added tokens' ids hold their content.
  std::vector<std::string> pieces;
  /// Merges by rank, best first: ids of the left and right piece and of their
  /// concatenation.
  struct Merge {
    int32_t left = 0, right = 0, result = 0;
  };
  std::vector<Merge> merges;
  std::vector<AddedToken> addedTokens;
  /// PCRE2 patterns that split the text one after the other; each isolates its
  /// matches and leaves what lies between them as pieces of their own.
  std::vector<std::string> splitPatterns;
  /// A piece that is in the vocabulary as a whole is not merged
  /// ("ignore_merges").
  bool wholePieceFirst = false;
  /// Ids put before and after a text when special tokens are asked for.
  std::vector<int32_t> prefixIds, suffixIds;
  /// Jinja source; empty if the checkpoint has none.
  std::string chatTemplate;
  /// Texts of the special tokens that a chat template may name; empty if unset.
  std::string bosToken, eosToken, padToken;
};

/// Defaults of a checkpoint's generation_config.json.
struct GenerationDefaults {
  /// Ids that end a generation.
  std::vector<int32_t> stopIds;
  /// False: greedy.
  bool doSample = false;
  float temperature = 1.0f;
  /// 0: no limit.
  int32_t topK = 0;
  /// 1: no limit.
  float topP = 1.0f;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_TOKENIZERSPEC_H
