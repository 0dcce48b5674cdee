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

text::TokenizerSpec readTokenizerSpec(const fb::Tokenizer &tokenizer) {
  text::TokenizerSpec spec;
  spec.pieces.reserve(tokenizer.pieces()->size());
  for (const fb::Piece *piece : *tokenizer.pieces())
    spec.pieces.emplace_back(piece->bytes()->begin(), piece->bytes()->end());
  spec.merges.reserve(tokenizer.merges()->size());
  for (const fb::Merge *merge : *tokenizer.merges())
    spec.merges.push_back({merge->left(), merge->right(), merge->result()});
  for (const fb::AddedToken *token : *tokenizer.added_tokens())
    spec.addedTokens.push_back(
        {token->id(), token->content()->str(), token->special()});
  for (const flatbuffers::String *pattern : *tokenizer.split_patterns())
    spec.splitPatterns.push_back(pattern->str());
  spec.wholePieceFirst = tokenizer.whole_piece_first();
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
