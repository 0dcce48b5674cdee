//===- Tokenizer.cpp - text to token ids and back ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Tokenizer.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/Utf8.h"

namespace ingot::text {

namespace {

Status checkIds(const std::vector<int32_t> &ids, const char *what,
                size_t vocabSize) {
  for (int32_t id : ids)
    if (id < 0 || size_t(id) >= vocabSize)
      return invalidInput(
          "tokenizer: " + std::string(what) + " id " + std::to_string(id) +
          " is outside the vocabulary of " + std::to_string(vocabSize));
  return {};
}

} // namespace

Result<Tokenizer> Tokenizer::create(TokenizerSpec spec) {
  if (spec.pieces.size() > INT32_MAX)
    return invalidInput("tokenizer: expects at most 2147483647 pieces, got " +
                        std::to_string(spec.pieces.size()));
  size_t vocabSize = spec.pieces.size();
  if (Status s = checkIds(spec.prefixIds, "prefix", vocabSize); !s.ok())
    return s;
  if (Status s = checkIds(spec.suffixIds, "suffix", vocabSize); !s.ok())
    return s;
  Result<BytePairs> pairs = BytePairs::create(spec);
  if (!pairs)
    return pairs.status();
  Result<Splitter> splitter = Splitter::create(spec.splitPatterns);
  if (!splitter)
    return splitter.status();

  Tokenizer tokenizer(std::move(spec), *std::move(pairs), *std::move(splitter));
  if (Status s = tokenizer.indexAddedTokens(); !s.ok())
    return s;
  if (Status s = tokenizer.indexPieces(); !s.ok())
    return s;
  return tokenizer;
}

Status Tokenizer::indexAddedTokens() {
  added.resize(spec.pieces.size());
  special.resize(spec.pieces.size());
  for (const AddedToken &token : spec.addedTokens) {
    std::string what =
        "tokenizer: added token " + storage::quote(token.content);
    if (token.content.empty())
      return invalidInput("tokenizer: added token " + std::to_string(token.id) +
                          " is empty");
    // Cutting the text around it must leave valid UTF-8 on both sides.
    if (findInvalidUtf8(token.content) != std::string_view::npos)
      return invalidInput("tokenizer: added token " + std::to_string(token.id) +
                          " is not valid UTF-8");
    if (Status s = checkIds({token.id}, "added token", spec.pieces.size());
        !s.ok())
      return s;
    if (spec.pieces[token.id] != token.content)
      return invalidInput(what + " has the id " + std::to_string(token.id) +
                          " of the piece " +
                          storage::quote(spec.pieces[token.id]));
    if (!addedTokens.insert(token.content, token.id))
      return invalidInput(what + " is there twice");
    added[token.id] = true;
    special[token.id] = token.special;
  }
  return {};
}

Status Tokenizer::indexPieces() {
  pieceIds.reserve(spec.pieces.size());
  for (size_t id = 0; id < spec.pieces.size(); ++id) {
    if (added[id] || spec.pieces[id].empty())
      continue;
    auto [first, isNew] = pieceIds.try_emplace(spec.pieces[id], int32_t(id));
    if (!isNew)
      return invalidInput("tokenizer: piece " +
                          storage::quote(spec.pieces[id]) + " has two ids, " +
                          std::to_string(first->second) + " and " +
                          std::to_string(id));
  }
  return {};
}

Status Tokenizer::encodePlain(std::string_view text,
                              std::vector<int32_t> &ids) const {
  Result<std::vector<std::string_view>> pieces = splitter.split(text);
  if (!pieces)
    return pieces.status();
  for (std::string_view piece : *pieces) {
    if (spec.wholePieceFirst) {
      auto whole = pieceIds.find(piece);
      if (whole != pieceIds.end()) {
        ids.push_back(whole->second);
        continue;
      }
    }
    if (Status status = pairs.encode(piece, ids); !status.ok())
      return status;
  }
  return {};
}

Result<std::vector<int32_t>> Tokenizer::encode(std::string_view text,
                                               bool addSpecial) const {
  size_t invalid = findInvalidUtf8(text);
  if (invalid != std::string_view::npos)
    return invalidInput("text expects valid UTF-8, got a bad byte at offset " +
                        std::to_string(invalid));
  std::vector<int32_t> ids;
  if (addSpecial)
    ids = spec.prefixIds;
  size_t plain = 0; // start of the text since the last added token
  for (size_t at = 0; at < text.size();) {
    std::optional<TokenTrie::Match> match = addedTokens.longestAt(text, at);
    if (!match) {
      ++at;
      continue;
    }
    if (Status s = encodePlain(text.substr(plain, at - plain), ids); !s.ok())
      return s;
    ids.push_back(match->id);
    at += match->length;
    plain = at;
  }
  if (Status s = encodePlain(text.substr(plain), ids); !s.ok())
    return s;
  if (addSpecial)
    ids.insert(ids.end(), spec.suffixIds.begin(), spec.suffixIds.end());
  return ids;
}

Result<std::string> Tokenizer::decode(std::span<const int32_t> ids,
                                      bool skipSpecial) const {
  std::string bytes;
  for (int32_t id : ids) {
    Result<std::string_view> piece = pieceOf(id);
    if (!piece)
      return piece.status();
    if (!skipSpecial || !isSpecial(id))
      bytes += *piece;
  }
  std::string text;
  appendLossyUtf8(bytes, /*keepCutOff=*/false, text);
  return text;
}

Result<std::string_view> Tokenizer::pieceOf(int32_t id) const {
  if (Status s = checkIds({id}, "token", spec.pieces.size()); !s.ok())
    return s;
  return std::string_view(spec.pieces[id]);
}

bool Tokenizer::isSpecial(int32_t id) const {
  return id >= 0 && size_t(id) < special.size() && special[id];
}

std::optional<int32_t> Tokenizer::idOf(std::string_view piece) const {
  if (std::optional<int32_t> id = addedTokens.find(piece))
    return id;
  auto found = pieceIds.find(piece);
  if (found == pieceIds.end())
    return std::nullopt;
  return found->second;
}

} // namespace ingot::text
