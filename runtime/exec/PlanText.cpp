//===- PlanText.cpp - a plan's tokenizer, as plain data -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/PlanText.h"
#include "runtime/plan/plan_generated.h"

namespace ingot {

static std::vector<int32_t> copy(const flatbuffers::Vector<int32_t> &ids) {
  return {ids.begin(), ids.end()};
}

static text::AddedToken copy(const fb::AddedToken &token) {
  return {.id = token.id(),
          .content = token.content()->str(),
          .special = token.special(),
          .normalized = token.normalized(),
          .singleWord = token.single_word(),
          .stripLeft = token.strip_left(),
          .stripRight = token.strip_right()};
}

static text::Rewrite::Kind copy(fb::RewriteKind kind) {
  switch (kind) {
  case fb::RewriteKind::Nfc:
    break;
  case fb::RewriteKind::Replace:
    return text::Rewrite::Kind::Replace;
  case fb::RewriteKind::Prepend:
    return text::Rewrite::Kind::Prepend;
  case fb::RewriteKind::PrependIfMissing:
    return text::Rewrite::Kind::PrependIfMissing;
  case fb::RewriteKind::PrependToInputIfMissing:
    return text::Rewrite::Kind::PrependToInputIfMissing;
  }
  return text::Rewrite::Kind::Nfc;
}

static std::vector<text::Rewrite>
copy(const flatbuffers::Vector<flatbuffers::Offset<fb::Rewrite>> &tables) {
  std::vector<text::Rewrite> rewrites;
  for (const fb::Rewrite *table : tables)
    rewrites.push_back(
        {copy(table->kind()), table->from()->str(), table->text()->str()});
  return rewrites;
}

text::TokenizerSpec readTokenizerSpec(const fb::Tokenizer &tokenizer) {
  text::TokenizerSpec spec;
  spec.pieces.reserve(tokenizer.pieces()->size());
  for (const fb::Piece *piece : *tokenizer.pieces())
    spec.pieces.emplace_back(piece->bytes()->begin(), piece->bytes()->end());
  spec.merges.reserve(tokenizer.merges()->size());
  for (const fb::Merge *merge : *tokenizer.merges())
    spec.merges.push_back({merge->left(), merge->right(), merge->result()});
  for (const fb::AddedToken *token : *tokenizer.added_tokens())
    spec.addedTokens.push_back(copy(*token));
  spec.normalizers = copy(*tokenizer.normalizers());
  spec.preparations = copy(*tokenizer.preparations());
  for (const fb::SplitPattern *pattern : *tokenizer.split_patterns())
    spec.splitPatterns.push_back(
        {pattern->source()->str(), pattern->matches_only()});
  spec.wholePieceFirst = tokenizer.whole_piece_first();
  spec.byteFallbackIds = copy(*tokenizer.byte_fallback_ids());
  spec.decodings = copy(*tokenizer.decodings());
  spec.strippedSpaces = tokenizer.stripped_spaces();
  spec.prefixIds = copy(*tokenizer.prefix_ids());
  spec.suffixIds = copy(*tokenizer.suffix_ids());
  spec.chatTemplate = tokenizer.chat_template()->str();
  spec.bosToken = tokenizer.bos_token()->str();
  spec.eosToken = tokenizer.eos_token()->str();
  spec.padToken = tokenizer.pad_token()->str();
  return spec;
}

text::GenerationDefaults readGeneration(const fb::Generation &generation) {
  text::GenerationDefaults defaults;
  defaults.stopIds = copy(*generation.stop_ids());
  defaults.doSample = generation.do_sample();
  defaults.temperature = generation.temperature();
  defaults.topK = generation.top_k();
  defaults.topP = generation.top_p();
  return defaults;
}

} // namespace ingot
