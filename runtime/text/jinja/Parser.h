//===- Parser.h - template text to a tree -----------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pure function; the tree owns all it holds.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_PARSER_H
#define INGOT_RUNTIME_TEXT_JINJA_PARSER_H

#include "ingot/Status.h"
#include "runtime/text/jinja/Ast.h"

#include <string_view>

namespace ingot::text::jinja {

/// Parses a template of valid UTF-8. InvalidInput with the line if it is no
/// template, nests over maxDepth, or uses a statement, filter, test or method
/// that this interpreter does not have.
Result<Template> parseTemplate(std::string_view source);

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_PARSER_H
