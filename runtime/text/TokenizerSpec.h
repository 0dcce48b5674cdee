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

/// A token that is matched in the text as a whole, before any splitting.
struct AddedToken {
  int32_t id = 0;
  std::string content;
  /// Special tokens are left out by a decoder that skips them.
  bool special = false;
  /// Looked for, normalized itself, in the normalized text between the tokens
  /// that are not.
  bool normalized = false;
  /// Only matched where no character of a word touches it.
  bool singleWord = false;
  /// Takes the white space before or after it.
  bool stripLeft = false, stripRight = false;
};

/// One change to a text.
struct Rewrite {
  enum class Kind : uint8_t {
    /// Unicode normalization form C.
    Nfc,
    /// `text` for every `from`.
    Replace,
    /// `text` before a text that is not empty.
    Prepend,
    /// As Prepend, unless the text starts with it.
    PrependIfMissing,
    /// As PrependIfMissing, but only where the input starts.
    PrependToInputIfMissing,
  };
  Kind kind = Kind::Nfc;
  std::string from, text;
};

/// A regular expression that splits a text.
struct SplitPattern {
  /// PCRE2 syntax.
  std::string source;
  /// Drops what lies between the matches; else it makes pieces of its own.
  bool matchesOnly = false;
};

/// Byte-pair encoding of bytes, or of characters with bytes to fall back on.
///
/// Encoding: added tokens are cut out; what lies between goes through
/// `normalizers`, is searched for the added tokens that are `normalized`, goes
/// through `preparations`, is split by `splitPatterns` and merged.
struct TokenizerSpec {
  /// Raw bytes of each id (the spellings of bytes in the published files are
  /// undone at import), so they need not be valid UTF-8; added tokens' ids hold
  /// their content.
  std::vector<std::string> pieces;
  /// Merges by rank, best first: ids of the left and right piece and of their
  /// concatenation.
  struct Merge {
    int32_t left = 0, right = 0, result = 0;
  };
  std::vector<Merge> merges;
  std::vector<AddedToken> addedTokens;
  std::vector<Rewrite> normalizers, preparations;
  /// Applied one after the other, each to every piece of the one before.
  std::vector<SplitPattern> splitPatterns;
  /// A piece that is in the vocabulary as a whole is not merged
  /// ("ignore_merges").
  bool wholePieceFirst = false;
  /// Empty: a text starts as its bytes. Else it starts as its characters, and
  /// these are the 256 ids of the bytes, in order, for a character that is no
  /// piece ("byte_fallback").
  std::vector<int32_t> byteFallbackIds;
  /// Of kind Replace: what is done to a piece, unless it is one of those bytes,
  /// when it is decoded.
  std::vector<Rewrite> decodings;
  /// Number of spaces that the start of a decoded text loses, if it has them.
  int32_t strippedSpaces = 0;
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
