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
  added.id = static_cast<int32_t>(*id);
  added.content = *std::move(content);
  const std::pair<const char *, bool *> flags[] = {
      {"special", &added.special},
      {"normalized", &added.normalized},
      {"single_word", &added.singleWord},
      {"lstrip", &added.stripLeft},
      {"rstrip", &added.stripRight}};
  for (auto [name, flag] : flags) {
    auto value = token[name].booleanOr(false);
    if (!value)
      return value.status();
    *flag = *value;
  }
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

/// How the files spell a byte that a tokenizer falls back on.
static std::string spellByte(unsigned byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  return {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
}

/// Fills `byteFallbackIds`.
static Status readByteFallback(const JsonView &vocab, const PieceIds &pieceIds,
                               text::TokenizerSpec &spec) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    std::string piece = spellByte(byte);
    auto found = pieceIds.find(piece);
    if (found == pieceIds.end())
      return vocab.error("expects a piece for every byte, got none for " +
                         quote(piece));
    for (const text::AddedToken &token : spec.addedTokens)
      if (token.content == piece)
        return vocab.error("piece " + quote(piece) +
                           " expects to be no added token");
    spec.byteFallbackIds.push_back(found->second);
  }
  return {};
}

/// Pieces and added tokens by id, as raw bytes, while they are laid out.
static void putPiece(int32_t id, std::string bytes, text::TokenizerSpec &spec) {
  auto at = static_cast<size_t>(id);
  spec.pieces.resize(std::max(spec.pieces.size(), at + 1));
  spec.pieces[at] = std::move(bytes);
}

/// Lays out the pieces that are not added tokens.
static Status layOutPieces(const JsonView &vocab, const PieceIds &pieceIds,
                           text::TokenizerSpec &spec) {
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
    if (!spec.byteFallbackIds.empty()) {
      putPiece(id, piece, spec);
      continue;
    }
    auto bytes = undoByteAlphabet(piece);
    if (!bytes)
      return vocab.error("piece " + quote(piece) +
                         " has a character outside the byte alphabet");
    putPiece(id, *std::move(bytes), spec);
  }
  for (size_t byte = 0; byte < spec.byteFallbackIds.size(); ++byte)
    putPiece(spec.byteFallbackIds[byte],
             std::string(1, static_cast<char>(byte)), spec);
  return {};
}

static Status layOutAddedTokens(const JsonView &vocab,
                                text::TokenizerSpec &spec) {
  for (const text::AddedToken &token : spec.addedTokens) {
    auto at = static_cast<size_t>(token.id);
    if (at < spec.pieces.size() && !spec.pieces[at].empty())
      return vocab.error("added token " + quote(token.content) +
                         " has the id " + std::to_string(token.id) +
                         " of another piece");
    putPiece(token.id, token.content, spec);
  }
  return {};
}

/// Whether `byte` is part of some character in UTF-8: the files of some
/// tokenizers leave out what is not (Unicode 15, table 3-7).
static bool occursInUtf8(size_t byte) {
  return byte < 0xC0 || (byte > 0xC1 && byte < 0xF5);
}

/// A text with a byte that is no piece could not be encoded.
static Status checkBytes(const JsonView &vocab,
                         const text::TokenizerSpec &spec) {
  std::vector<bool> seen(256);
  for (const std::string &piece : spec.pieces)
    if (piece.size() == 1)
      seen[static_cast<unsigned char>(piece[0])] = true;
  for (size_t byte = 0; byte < seen.size(); ++byte)
    if (!seen[byte] && occursInUtf8(byte))
      return vocab.error("expects a piece for every byte, got none for " +
                         std::to_string(byte));
  return {};
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

/// Reads the ids of the two sides of `merge` and of its result.
static Status readMerge(const JsonView &merge, const PieceIds &pieceIds,
                        const std::vector<bool> &isByte,
                        text::TokenizerSpec::Merge &read) {
  std::string left, right;
  if (Status s = splitMerge(merge, left, right); !s.ok())
    return s;
  const std::pair<std::string, int32_t *> parts[] = {
      {left, &read.left}, {right, &read.right}, {left + right, &read.result}};
  for (const auto &[piece, id] : parts) {
    auto found = pieceIds.find(piece);
    if (found == pieceIds.end())
      return merge.error("expects " + quote(piece) +
                         " to be in the vocabulary");
    *id = found->second;
    if (isByte[static_cast<size_t>(*id)])
      return merge.error("expects no piece that stands for a byte, got " +
                         quote(piece));
  }
  return {};
}

static Status readMerges(const JsonView &list, const PieceIds &pieceIds,
                         text::TokenizerSpec &spec) {
  auto merges = list.elements();
  if (!merges)
    return merges.status();
  std::vector<bool> isByte(spec.pieces.size());
  for (int32_t id : spec.byteFallbackIds)
    isByte[static_cast<size_t>(id)] = true;
  std::set<std::pair<int32_t, int32_t>> seen;
  spec.merges.reserve(merges->size());
  for (const JsonView &merge : *merges) {
    text::TokenizerSpec::Merge read;
    if (Status s = readMerge(merge, pieceIds, isByte, read); !s.ok())
      return s;
    if (!seen.emplace(read.left, read.right).second)
      return merge.error("repeats the merge of " +
                         quote(spec.pieces[read.left]) + " and " +
                         quote(spec.pieces[read.right]));
    spec.merges.push_back(read);
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
  if (Status s = refuseAny(model, {"dropout", "continuing_subword_prefix",
                                   "end_of_word_suffix"});
      !s.ok())
    return s;
  auto byteFallback = model["byte_fallback"].booleanOr(false);
  if (!byteFallback)
    return byteFallback.status();
  auto ignoreMerges = model["ignore_merges"].booleanOr(false);
  if (!ignoreMerges)
    return ignoreMerges.status();
  spec.wholePieceFirst = *ignoreMerges;

  JsonView vocab = model["vocab"];
  PieceIds pieceIds;
  if (Status s = readAddedTokens(tokenizer["added_tokens"], spec); !s.ok())
    return s;
  if (Status s = readPieceIds(vocab, pieceIds); !s.ok())
    return s;
  if (*byteFallback)
    if (Status s = readByteFallback(vocab, pieceIds, spec); !s.ok())
      return s;
  if (Status s = layOutPieces(vocab, pieceIds, spec); !s.ok())
    return s;
  if (Status s = layOutAddedTokens(vocab, spec); !s.ok())
    return s;
  if (!*byteFallback)
    if (Status s = checkBytes(vocab, spec); !s.ok())
      return s;
  return readMerges(model["merges"], pieceIds, spec);
}

} // namespace ingot::compiler
