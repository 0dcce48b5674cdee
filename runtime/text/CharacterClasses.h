//===- CharacterClasses.h - words and white space ------------- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two classes of characters that the flags of added tokens ask about, as
// the published tokenizers' library has them (Unicode Technical Standard 18,
// annex C: \w and \s). Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_CHARACTERCLASSES_H
#define INGOT_RUNTIME_TEXT_CHARACTERCLASSES_H

#include <cstdint>

namespace ingot::text {

/// Letters, marks, decimal digits, connectors and what else is part of a word.
bool isWordCharacter(uint32_t codePoint);

/// The property White_Space.
bool isWhiteSpace(uint32_t codePoint);

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_CHARACTERCLASSES_H
