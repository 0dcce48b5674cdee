//===- Tokenizer.h - text to token ids and back -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A byte-pair encoding tokenizer, run from its TokenizerSpec:
//
//   Result<Tokenizer> tokenizer = Tokenizer::create(spec);
//   if (!tokenizer)
//     return tokenizer.status();
//   auto ids = tokenizer->encode("Hello", /*addSpecial=*/true);
//
// Immutable after create; const calls may run on many threads at once. Owns its
// spec and everything built from it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_TOKENIZER_H
#define INGOT_RUNTIME_TEXT_TOKENIZER_H

#include "ingot/Status.h"
#include "runtime/text/BytePairs.h"
#include "runtime/text/Splitter.h"
#include "runtime/text/TokenCutter.h"
#include "runtime/text/TokenTrie.h"
#include "runtime/text/TokenizerSpec.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ingot::text {

class Tokenizer {
public:
  /// Checks every id, merge, rewrite and pattern of the spec. InvalidInput
  /// names what is wrong. A piece may be empty: its id is then unused.
  static Result<Tokenizer> create(TokenizerSpec spec);

  /// Ids of `text`, by the steps of TokenizerSpec.h; of added tokens the
  /// leftmost, then the longest wins. `addSpecial` puts the spec's prefix and
  /// suffix ids around. Text that is not UTF-8 is InvalidInput with the offset
  /// of its first bad byte.
  Result<std::vector<int32_t>> encode(std::string_view text,
                                      bool addSpecial) const;

  /// Text of `ids`, malformed UTF-8 replaced by U+FFFD: one for each malformed
  /// part, or for each of its bytes where bytes are what a tokenizer falls back
  /// on. `skipSpecial` leaves special tokens out. An id outside the vocabulary
  /// is InvalidInput.
  Result<std::string> decode(std::span<const int32_t> ids,
                             bool skipSpecial) const;

  /// Bytes that one id adds to a decoded text, which need not be UTF-8; the
  /// view lives as long as this tokenizer. An id outside the vocabulary is
  /// InvalidInput.
  Result<std::string_view> pieceOf(int32_t id) const;

  /// Whether a malformed byte is replaced by itself, not as part of a sequence.
  bool replacesEachByte() const { return !spec.byteFallbackIds.empty(); }

  /// Number of spaces that the start of a decoded text loses, if it has them.
  int32_t strippedSpaces() const { return spec.strippedSpaces; }

  /// Whether `id` is an added token that is marked special.
  bool isSpecial(int32_t id) const;

  /// Id of a piece or an added token, by its exact bytes.
  std::optional<int32_t> idOf(std::string_view piece) const;

  /// Number of ids: every id lies in [0, vocabSize()).
  int32_t vocabSize() const { return int32_t(spec.pieces.size()); }

private:
  Tokenizer(TokenizerSpec spec, BytePairs pairs, Splitter splitter)
      : spec(std::move(spec)), pairs(std::move(pairs)),
        splitter(std::move(splitter)) {}

  Status indexAddedTokens();
  /// Adds the text that stands for `token` to what is searched for.
  Status indexPattern(const AddedToken &token);
  Status indexPieces();
  Status decodePieces();
  /// Appends the ids of what lies between added tokens that are not normalized.
  Status encodeRaw(std::string_view text, bool opensInput,
                   std::vector<int32_t> &ids) const;
  /// Appends the ids of what lies between added tokens.
  Status encodePlain(std::string_view text, bool opensInput,
                     std::vector<int32_t> &ids) const;

  /// Lets a map be searched with a view.
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  TokenizerSpec spec;
  BytePairs pairs;
  Splitter splitter;
  /// Of the raw text, and of the normalized text.
  TokenCutter rawTokens, normalizedTokens;
  /// Ids by content, of all added tokens.
  TokenTrie addedTokens;
  /// By id; true where the id is an added token, and a special one.
  std::vector<bool> added, special;
  /// What each id decodes to; empty if that is its piece.
  std::vector<std::string> decoded;
  /// Pieces of the vocabulary proper: what BPE may produce.
  std::unordered_map<std::string, int32_t, TextHash, std::equal_to<>> pieceIds;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_TOKENIZER_H
