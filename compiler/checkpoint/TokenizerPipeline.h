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
// tokenizers use; every other step is refused by name. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_TOKENIZERPIPELINE_H
#define INGOT_COMPILER_CHECKPOINT_TOKENIZERPIPELINE_H

#include "compiler/checkpoint/JsonView.h"
#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

namespace ingot::compiler {

/// Refuses every normalizer but none and an empty sequence.
Status checkNormalizer(const JsonView &normalizer);

/// Fills `splitPatterns`. Accepts Split (isolated, not inverted), Digits and
/// ByteLevel, which must be there and come last, alone or in sequences.
Status readPreTokenizer(const JsonView &preTokenizer,
                        text::TokenizerSpec &spec);

/// Fills `prefixIds` and `suffixIds` from the template for a single text, and
/// returns whether there is one. `spec.pieces` must be filled already.
Result<bool> readPostProcessor(const JsonView &postProcessor,
                               text::TokenizerSpec &spec);

/// Refuses every decoder but ByteLevel.
Status checkDecoder(const JsonView &decoder);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_TOKENIZERPIPELINE_H
