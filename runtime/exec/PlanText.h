//===- PlanText.h - a plan's tokenizer, as plain data -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Converts the tables of plan.fbs to the plain structs of runtime/text, field
// by field. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_PLANTEXT_H
#define INGOT_EXEC_PLANTEXT_H

#include "runtime/text/TokenizerSpec.h"

namespace ingot {

namespace fb {
struct Generation;
struct Tokenizer;
} // namespace fb

/// Copies; whether the spec makes sense is for text::Tokenizer::create to say.
text::TokenizerSpec readTokenizerSpec(const fb::Tokenizer &tokenizer);

text::GenerationDefaults readGeneration(const fb::Generation &generation);

} // namespace ingot

#endif // INGOT_EXEC_PLANTEXT_H
