//===- TokenizerVocabulary.h - Pieces and merges ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads `model` (BPE of bytes, or of characters with bytes to fall back on) and
// `added_tokens`. A setting that this
// compiler does not carry out and that would change the ids of a text is
// refused by name. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_TOKENIZERVOCABULARY_H
#define INGOT_COMPILER_CHECKPOINT_TOKENIZERVOCABULARY_H

#include "compiler/checkpoint/JsonView.h"
#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

namespace ingot::compiler {

/// Ids must be below this: many times the largest published vocabulary, small
/// enough that a damaged id cannot ask for all memory.
inline constexpr int64_t maxPieces = int64_t(1) << 22;

/// Fills `pieces` (dense; an id that the file leaves out gets an empty piece),
/// `merges`, `addedTokens`, `byteFallbackIds` and `wholePieceFirst` of `spec`
/// from the document `tokenizer`. Guarantees: ids in range, every byte of UTF-8
/// a piece, no id, piece, added token or merge twice, the result of every merge
/// a piece.
Status readVocabulary(const JsonView &tokenizer, text::TokenizerSpec &spec);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_TOKENIZERVOCABULARY_H
