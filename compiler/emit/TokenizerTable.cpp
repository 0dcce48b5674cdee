//===- TokenizerTable.cpp - a tokenizer as the table of a plan ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/emit/TokenizerTable.h"
#include "llvm/Support/ErrorHandling.h"

namespace ingot::compiler {

static std::unique_ptr<fb::AddedTokenT>
translateAddedToken(const text::AddedToken &token) {
  auto table = std::make_unique<fb::AddedTokenT>();
  table->id = token.id;
  table->content = token.content;
  table->special = token.special;
  table->normalized = token.normalized;
  table->single_word = token.singleWord;
  table->strip_left = token.stripLeft;
  table->strip_right = token.stripRight;
  return table;
}

static fb::RewriteKind translateKind(text::Rewrite::Kind kind) {
  switch (kind) {
  case text::Rewrite::Kind::Nfc:
    return fb::RewriteKind::Nfc;
  case text::Rewrite::Kind::Replace:
    return fb::RewriteKind::Replace;
  case text::Rewrite::Kind::Prepend:
    return fb::RewriteKind::Prepend;
  case text::Rewrite::Kind::PrependIfMissing:
    return fb::RewriteKind::PrependIfMissing;
  case text::Rewrite::Kind::PrependToInputIfMissing:
    return fb::RewriteKind::PrependToInputIfMissing;
  }
  llvm_unreachable("every kind is handled");
}

static std::vector<std::unique_ptr<fb::RewriteT>>
translateRewrites(const std::vector<text::Rewrite> &rewrites) {
  std::vector<std::unique_ptr<fb::RewriteT>> tables;
  for (const text::Rewrite &rewrite : rewrites) {
    auto table = std::make_unique<fb::RewriteT>();
    table->kind = translateKind(rewrite.kind);
    table->from = rewrite.from;
    table->text = rewrite.text;
    tables.push_back(std::move(table));
  }
  return tables;
}

std::unique_ptr<fb::TokenizerT>
translateTokenizer(const text::TokenizerSpec &spec) {
  auto table = std::make_unique<fb::TokenizerT>();
  for (const std::string &piece : spec.pieces) {
    auto bytes = std::make_unique<fb::PieceT>();
    bytes->bytes.assign(piece.begin(), piece.end());
    table->pieces.push_back(std::move(bytes));
  }
  for (const auto &merge : spec.merges)
    table->merges.emplace_back(merge.left, merge.right, merge.result);
  for (const text::AddedToken &token : spec.addedTokens)
    table->added_tokens.push_back(translateAddedToken(token));
  table->normalizers = translateRewrites(spec.normalizers);
  table->preparations = translateRewrites(spec.preparations);
  for (const text::SplitPattern &pattern : spec.splitPatterns) {
    auto split = std::make_unique<fb::SplitPatternT>();
    split->source = pattern.source;
    split->matches_only = pattern.matchesOnly;
    table->split_patterns.push_back(std::move(split));
  }
  table->byte_fallback_ids = spec.byteFallbackIds;
  table->decodings = translateRewrites(spec.decodings);
  table->stripped_spaces = spec.strippedSpaces;
  table->whole_piece_first = spec.wholePieceFirst;
  table->prefix_ids = spec.prefixIds;
  table->suffix_ids = spec.suffixIds;
  table->chat_template = spec.chatTemplate;
  table->bos_token = spec.bosToken;
  table->eos_token = spec.eosToken;
  table->pad_token = spec.padToken;
  return table;
}

} // namespace ingot::compiler
