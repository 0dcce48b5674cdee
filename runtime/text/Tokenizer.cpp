//===- Tokenizer.cpp - text to token ids and back ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Tokenizer.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/Rewriting.h"
#include "runtime/text/StreamDecoder.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

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

/// A rewrite must leave valid UTF-8 and come to an end.
Status checkRewrites(const std::vector<Rewrite> &rewrites) {
  for (const Rewrite &rewrite : rewrites) {
    if (rewrite.kind == Rewrite::Kind::Replace && rewrite.from.empty())
      return invalidInput("tokenizer: a replacement of nothing by " +
                          storage::quote(rewrite.text));
    for (const std::string *text : {&rewrite.from, &rewrite.text})
      if (findInvalidUtf8(*text) != std::string_view::npos)
        return invalidInput(
            "tokenizer: a replacement expects valid UTF-8, got " +
            storage::quote(*text));
  }
  return {};
}

Status checkDecodings(const TokenizerSpec &spec) {
  for (const Rewrite &decoding : spec.decodings)
    if (decoding.kind != Rewrite::Kind::Replace)
      return invalidInput("tokenizer: a decoding expects to replace a text");
  if (spec.strippedSpaces < 0)
    return invalidInput("tokenizer: expects to strip at least 0 spaces, got " +
                        std::to_string(spec.strippedSpaces));
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
  for (const auto *rewrites :
       {&spec.normalizers, &spec.preparations, &spec.decodings})
    if (Status s = checkRewrites(*rewrites); !s.ok())
      return s;
  if (Status s = checkDecodings(spec); !s.ok())
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
  if (Status s = tokenizer.decodePieces(); !s.ok())
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
    if (Status s = indexPattern(token); !s.ok())
      return s;
    added[token.id] = true;
    special[token.id] = token.special;
  }
  return {};
}

Status Tokenizer::indexPattern(const AddedToken &token) {
  if (!token.normalized) {
    rawTokens.insert(token.content, token);
    return {};
  }
  Result<std::string> pattern =
      applyRewrites(spec.normalizers, token.content, /*opensInput=*/true);
  if (!pattern)
    return pattern.status();
  // Nothing of a text is left where normalizing leaves nothing of the token.
  if (!pattern->empty() && !normalizedTokens.insert(*pattern, token))
    return invalidInput("tokenizer: added token " +
                        storage::quote(token.content) +
                        " is another one once it is normalized");
  return {};
}

Status Tokenizer::indexPieces() {
  std::vector<bool> leftOut = added;
  for (int32_t id : spec.byteFallbackIds)
    leftOut[id] = true;
  pieceIds.reserve(spec.pieces.size());
  for (size_t id = 0; id < spec.pieces.size(); ++id) {
    if (leftOut[id] || spec.pieces[id].empty())
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

Status Tokenizer::decodePieces() {
  bool isNormalized =
      std::ranges::any_of(spec.addedTokens, &AddedToken::normalized);
  if (spec.decodings.empty() && !isNormalized)
    return {};
  decoded = spec.pieces;
  // What stands for a token in the text that is split also comes back.
  for (const AddedToken &token : spec.addedTokens)
    if (token.normalized)
      decoded[token.id] = *applyRewrites(spec.normalizers, token.content, true);
  std::vector<bool> isByte(decoded.size());
  for (int32_t id : spec.byteFallbackIds)
    isByte[id] = true;
  for (size_t id = 0; id < decoded.size(); ++id) {
    if (isByte[id])
      continue;
    Result<std::string> text =
        applyRewrites(spec.decodings, decoded[id], /*opensInput=*/false);
    if (!text)
      return text.status();
    decoded[id] = *std::move(text);
  }
  return {};
}

Status Tokenizer::encodePlain(std::string_view text, bool opensInput,
                              std::vector<int32_t> &ids) const {
  Result<std::string> prepared =
      applyRewrites(spec.preparations, text, opensInput);
  if (!prepared)
    return prepared.status();
  Result<std::vector<std::string_view>> pieces = splitter.split(*prepared);
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

Status Tokenizer::encodeRaw(std::string_view text, bool opensInput,
                            std::vector<int32_t> &ids) const {
  Result<std::string> normal =
      applyRewrites(spec.normalizers, text, opensInput);
  if (!normal)
    return normal.status();
  for (const TextSection &section : normalizedTokens.cut(*normal)) {
    if (section.id >= 0) {
      ids.push_back(section.id);
      continue;
    }
    bool opens = opensInput && section.text.data() == normal->data();
    if (Status s = encodePlain(section.text, opens, ids); !s.ok())
      return s;
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
  for (const TextSection &section : rawTokens.cut(text)) {
    if (section.id >= 0) {
      ids.push_back(section.id);
      continue;
    }
    bool opens = section.text.data() == text.data();
    if (Status s = encodeRaw(section.text, opens, ids); !s.ok())
      return s;
  }
  if (addSpecial)
    ids.insert(ids.end(), spec.suffixIds.begin(), spec.suffixIds.end());
  return ids;
}

Result<std::string> Tokenizer::decode(std::span<const int32_t> ids,
                                      bool skipSpecial) const {
  StreamDecoder stream(*this, skipSpecial);
  std::string text;
  for (int32_t id : ids) {
    Result<std::string> part = stream.push(id);
    if (!part)
      return part.status();
    text += *part;
  }
  return text + stream.finish();
}

Result<std::string_view> Tokenizer::pieceOf(int32_t id) const {
  if (Status s = checkIds({id}, "token", spec.pieces.size()); !s.ok())
    return s;
  return std::string_view(decoded.empty() ? spec.pieces[id] : decoded[id]);
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
