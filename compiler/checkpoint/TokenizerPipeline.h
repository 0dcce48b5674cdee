//===- TokenizerPipeline.h - The steps around the merges --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads what a tokenizer.json does before and after BPE: `normalizer`,
// `pre_tokenizer`, `post_processor`, `decoder`. Supported is what byte-level
// tokenizers and those with byte fallback use (docs/Tokenizers.md); every other
// step is refused by name. Pure functions.
//
// `spec` must come from readVocabulary: the steps that make sense depend on
// whether BPE starts from bytes or from characters.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_TOKENIZERPIPELINE_H
#define INGOT_COMPILER_CHECKPOINT_TOKENIZERPIPELINE_H

#include "compiler/checkpoint/JsonView.h"
#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

namespace ingot::compiler {

/// Fills `normalizers`. Accepts NFC, Prepend and Replace of a text, alone or in
/// sequences, and none at all.
Status readNormalizer(const JsonView &normalizer, text::TokenizerSpec &spec);

/// Fills `preparations` and `splitPatterns`. Accepts Split (isolated, or all
/// but the matches removed) and Digits, alone or in sequences; for bytes
/// ByteLevel, which must be there and come last, for characters Metaspace,
/// which must come first.
Status readPreTokenizer(const JsonView &preTokenizer,
                        text::TokenizerSpec &spec);

/// Fills `prefixIds` and `suffixIds` from the template for a single text, and
/// returns whether there is one.
Result<bool> readPostProcessor(const JsonView &postProcessor,
                               text::TokenizerSpec &spec);

/// Fills `decodings` and `strippedSpaces`. For bytes the decoder must be
/// ByteLevel; for characters it replaces texts, falls back on bytes, fuses and
/// may strip spaces at the start.
Status readDecoder(const JsonView &decoder, text::TokenizerSpec &spec);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_TOKENIZERPIPELINE_H
