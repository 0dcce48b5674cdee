//===- TokenizerVocabulary.cpp - Pieces and merges ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerVocabulary.h"

#include "compiler/checkpoint/ByteAlphabet.h"
#include "runtime/storage/Json.h"
#include "runtime/storage/Messages.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace ingot::compiler {

using storage::quote;
/// Id of each piece, spelled as in the file.
using PieceIds = std::unordered_map<std::string, int32_t>;

/// Refuses `object[key]` if it is set to anything but false, zero or "".
static Status refuseIfSet(const JsonView &object, std::string_view key) {
  JsonView value = object[key];
  if (!value.exists())
    return {};
  const nlohmann::json &json = value.json();
  if (json == false || json == "" || json == 0)
    return {};
  return value.expects("to be unset: it is not supported");
}

static Status refuseAny(const JsonView &object,
                        std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys)
    if (Status s = refuseIfSet(object, key); !s.ok())
      return s;
  return {};
}

static Status readAddedToken(const JsonView &token, text::AddedToken &added) {
  auto id = token["id"].integer(0, maxPieces - 1);
  if (!id)
    return id.status();
  auto content = token["content"].string();
  if (!content)
    return content.status();
  if (content->empty())
    return token["content"].expects("some text");
  auto special = token["special"].booleanOr(false);
  if (!special)
    return special.status();
  // `normalized` has no effect: no normalizer is accepted.
  if (Status s = refuseAny(token, {"single_word", "lstrip", "rstrip"}); !s.ok())
    return s;
  added = {static_cast<int32_t>(*id), *std::move(content), *special};
  return {};
}

static Status readAddedTokens(const JsonView &list, text::TokenizerSpec &spec) {
  if (!list.exists())
    return {};
  auto tokens = list.elements();
  if (!tokens)
    return tokens.status();
  std::set<int32_t> ids;
  std::set<std::string> contents;
  for (const JsonView &token : *tokens) {
    text::AddedToken added;
    if (Status s = readAddedToken(token, added); !s.ok())
      return s;
    if (!ids.insert(added.id).second)
      return token.error("has the id " + std::to_string(added.id) +
                         " of an earlier added token");
    if (!contents.insert(added.content).second)
      return token.error("repeats the added token " + quote(added.content));
    spec.addedTokens.push_back(std::move(added));
  }
  return {};
}

/// Reads `model.vocab` as the file spells it.
static Status readPieceIds(const JsonView &vocab, PieceIds &pieceIds) {
  if (!vocab.isObject())
    return vocab.expects("an object");
  std::vector<bool> taken;
  for (const auto &[piece, value] : vocab.json().items()) {
    // Not through a view: a large vocabulary would build as many paths.
    bool inRange = value.is_number_unsigned() &&
                   value.get<uint64_t>() < static_cast<uint64_t>(maxPieces);
    if (!inRange)
      return vocab.error("piece " + quote(piece) + " expects an id from 0 to " +
                         std::to_string(maxPieces - 1) + ", got " +
                         storage::describe(value));
    if (piece.empty())
      return vocab.error("has an empty piece");
    auto id = value.get<size_t>();
    taken.resize(std::max(taken.size(), id + 1));
    if (taken[id])
      return vocab.error("piece " + quote(piece) + " has the id " +
                         std::to_string(id) + " of another piece");
    taken[id] = true;
    pieceIds.emplace(piece, static_cast<int32_t>(id));
  }
  return {};
}

/// Lays pieces and added tokens out by id, as raw bytes.
static Status layOutPieces(const JsonView &vocab, const PieceIds &pieceIds,
                           text::TokenizerSpec &spec) {
  auto put = [&](int32_t id, std::string bytes) {
    auto at = static_cast<size_t>(id);
    spec.pieces.resize(std::max(spec.pieces.size(), at + 1));
    spec.pieces[at] = std::move(bytes);
  };
  // Added tokens may stand in the vocabulary too, but not in its alphabet.
  PieceIds added;
  for (const text::AddedToken &token : spec.addedTokens)
    added.emplace(token.content, token.id);
  for (const auto &[piece, id] : pieceIds) {
    if (auto token = added.find(piece); token != added.end()) {
      if (token->second != id)
        return vocab.error("piece " + quote(piece) + " expects the id " +
                           std::to_string(token->second) +
                           " of the added token, got " + std::to_string(id));
      continue;
    }
    auto bytes = undoByteAlphabet(piece);
    if (!bytes)
      return vocab.error("piece " + quote(piece) +
                         " has a character outside the byte alphabet");
    put(id, *std::move(bytes));
  }
  for (const text::AddedToken &token : spec.addedTokens) {
    auto at = static_cast<size_t>(token.id);
    if (at < spec.pieces.size() && !spec.pieces[at].empty())
      return vocab.error("added token " + quote(token.content) +
                         " has the id " + std::to_string(token.id) +
                         " of another piece");
    put(token.id, token.content);
  }
  return {};
}

/// A text with a byte that is no piece could not be encoded.
static Status checkBytes(const JsonView &vocab,
                         const text::TokenizerSpec &spec) {
  std::vector<bool> seen(256);
  for (const std::string &piece : spec.pieces)
    if (piece.size() == 1)
      seen[static_cast<unsigned char>(piece[0])] = true;
  auto missing = std::find(seen.begin(), seen.end(), false);
  if (missing == seen.end())
    return {};
  return vocab.error("expects a piece for every byte, got none for " +
                     std::to_string(missing - seen.begin()));
}

/// Splits a merge, which is "a b" or ["a", "b"], into its two sides.
static Status splitMerge(const JsonView &merge, std::string &left,
                         std::string &right) {
  constexpr std::string_view expected = "two pieces";
  if (merge.isString()) {
    const auto &text = merge.json().get_ref<const std::string &>();
    size_t space = text.find(' ');
    if (space == text.npos || text.find(' ', space + 1) != text.npos)
      return merge.expects(expected);
    left = text.substr(0, space);
    right = text.substr(space + 1);
    return {};
  }
  auto sides = merge.strings();
  if (!sides || sides->size() != 2)
    return merge.expects(expected);
  left = std::move((*sides)[0]);
  right = std::move((*sides)[1]);
  return {};
}

static Status readMerges(const JsonView &list, const PieceIds &pieceIds,
                         text::TokenizerSpec &spec) {
  auto merges = list.elements();
  if (!merges)
    return merges.status();
  std::set<std::pair<int32_t, int32_t>> seen;
  spec.merges.reserve(merges->size());
  for (const JsonView &merge : *merges) {
    std::string left, right;
    if (Status s = splitMerge(merge, left, right); !s.ok())
      return s;
    int32_t ids[3];
    const std::string *pieces[] = {&left, &right, nullptr};
    const std::string whole = left + right;
    pieces[2] = &whole;
    for (size_t i = 0; i < 3; ++i) {
      auto found = pieceIds.find(*pieces[i]);
      if (found == pieceIds.end())
        return merge.error("expects " + quote(*pieces[i]) +
                           " to be in the vocabulary");
      ids[i] = found->second;
    }
    if (!seen.emplace(ids[0], ids[1]).second)
      return merge.error("repeats the merge of " + quote(left) + " and " +
                         quote(right));
    spec.merges.push_back({ids[0], ids[1], ids[2]});
  }
  return {};
}

Status readVocabulary(const JsonView &tokenizer, text::TokenizerSpec &spec) {
  JsonView model = tokenizer["model"];
  auto type = model["type"].string();
  if (!type)
    return type.status();
  if (*type != "BPE")
    return model["type"].expects("'BPE'");
  // unk_token and fuse_unk are free to be set: with every byte a piece, nothing
  // is ever unknown.
  if (Status s =
          refuseAny(model, {"dropout", "byte_fallback",
                            "continuing_subword_prefix", "end_of_word_suffix"});
      !s.ok())
    return s;
  auto ignoreMerges = model["ignore_merges"].booleanOr(false);
  if (!ignoreMerges)
    return ignoreMerges.status();
  spec.wholePieceFirst = *ignoreMerges;

  PieceIds pieceIds;
  if (Status s = readAddedTokens(tokenizer["added_tokens"], spec); !s.ok())
    return s;
  if (Status s = readPieceIds(model["vocab"], pieceIds); !s.ok())
    return s;
  if (Status s = layOutPieces(model["vocab"], pieceIds, spec); !s.ok())
    return s;
  if (Status s = checkBytes(model["vocab"], spec); !s.ok())
    return s;
  return readMerges(model["merges"], pieceIds, spec);
}

} // namespace ingot::compiler
