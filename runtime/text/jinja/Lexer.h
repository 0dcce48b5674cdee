//===- Lexer.h - a template as tokens ---------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts a template into text and the tokens between {{ }} and {% %}. Whitespace
// control is settled here: what it removes is in no token. Pure function.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_LEXER_H
#define INGOT_RUNTIME_TEXT_JINJA_LEXER_H

#include "ingot/Status.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::text::jinja {

struct Token {
  enum class Kind {
    /// Text between tags; never empty.
    Text,
    OutputBegin,
    OutputEnd,
    BlockBegin,
    BlockEnd,
    Name,
    /// `text` holds it with escapes resolved.
    String,
    Integer,
    Real,
    /// One of + - * / // % ~ ** = == != < <= > >= ( ) [ ] { } , . : |
    Operator,
    /// After the last token, once.
    End,
  };
  Kind kind;
  /// Line of the template, from 1.
  int line;
  std::string text;
  int64_t integer = 0;
  double real = 0;

  bool is(Kind k, std::string_view t) const { return kind == k && text == t; }
};

/// Tokens of a template, with trim_blocks and lstrip_blocks as the transformers
/// library sets them: a newline after a block goes, and so do blanks before a
/// block that opens its line. One newline at the end of the source goes too
/// (Jinja's keep_trailing_newline is off). InvalidInput with the line if a tag
/// or string does not end, or a character or number has no meaning. `source`
/// must be valid UTF-8.
Result<std::vector<Token>> tokenize(std::string_view source);

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_LEXER_H
