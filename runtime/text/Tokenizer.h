//===- Tokenizer.h - text to token ids and back -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A byte-level BPE tokenizer, run from its TokenizerSpec:
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
  /// Checks every id, merge and pattern of the spec. InvalidInput names what is
  /// wrong. A piece may be empty: its id is then unused.
  static Result<Tokenizer> create(TokenizerSpec spec);

  /// Ids of `text`. Added tokens are found in the raw text first (leftmost,
  /// then longest); what lies between them is split and merged. `addSpecial`
  /// puts the spec's prefix and suffix ids around. Text that is not UTF-8 is
  /// InvalidInput with the offset of its first bad byte.
  Result<std::vector<int32_t>> encode(std::string_view text,
                                      bool addSpecial) const;

  /// Text of `ids`, malformed UTF-8 replaced by U+FFFD. `skipSpecial` leaves
  /// special tokens out. An id outside the vocabulary is InvalidInput.
  Result<std::string> decode(std::span<const int32_t> ids,
                             bool skipSpecial) const;

  /// Bytes of one id, which need not be UTF-8; the view lives as long as this
  /// tokenizer. An id outside the vocabulary is InvalidInput.
  Result<std::string_view> pieceOf(int32_t id) const;

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
  Status indexPieces();
  Status encodePlain(std::string_view text, std::vector<int32_t> &ids) const;

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
  TokenTrie addedTokens;
  /// By id; true where the id is an added token, and a special one.
  std::vector<bool> added, special;
  /// Pieces of the vocabulary proper: what BPE may produce.
  std::unordered_map<std::string, int32_t, TextHash, std::equal_to<>> pieceIds;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_TOKENIZER_H
