//===- SplitSyntax.h - Split patterns, as PCRE2 spells them --- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The files spell their patterns for Oniguruma (its Ruby syntax, doc/RE), the
// runtime reads them with PCRE2. Most of what tokenizers use means the same to
// both; `\s`, `\d`, `.`, `^`, `$` and some others are spelled out so that they
// do, and everything else is refused by name. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_SPLITSYNTAX_H
#define INGOT_COMPILER_CHECKPOINT_SPLITSYNTAX_H

#include "ingot/Status.h"

#include <string>
#include <string_view>

namespace ingot::compiler {

/// `pattern` for PCRE2. InvalidInput with the offset of what is not supported.
Result<std::string> spellForPcre2(std::string_view pattern);

/// A pattern that matches `text` and nothing else.
std::string matchLiterally(std::string_view text);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_SPLITSYNTAX_H
