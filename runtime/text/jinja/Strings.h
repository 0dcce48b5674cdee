//===- Strings.h - string operations as Python has them ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What templates do to strings. Characters are code points; strings are valid
// UTF-8. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_STRINGS_H
#define INGOT_RUNTIME_TEXT_JINJA_STRINGS_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::text::jinja {

/// Length of a prefix or suffix of blanks, in bytes: the characters of Python's
/// str.isspace.
size_t leadingBlanks(std::string_view text);
size_t trailingBlanks(std::string_view text);

/// Number of characters.
size_t countCharacters(std::string_view text);

/// Parts between occurrences of `separator` (not empty), cut at most `limit`
/// times; a negative limit means no limit.
std::vector<std::string_view>
splitAt(std::string_view text, std::string_view separator, long long limit);
/// The same from the end: `limit` counts the last occurrences.
std::vector<std::string_view> splitAtFromEnd(std::string_view text,
                                             std::string_view separator,
                                             long long limit);
/// Words between runs of blanks; none is empty.
std::vector<std::string_view> splitAtBlanks(std::string_view text);

/// `text` with the first `count` of `from` (not empty) replaced by `to`.
std::string replaceFirst(std::string_view text, std::string_view from,
                         std::string_view to, size_t count = SIZE_MAX);

/// Number of times that `part` (not empty) occurs, without overlap.
size_t countParts(std::string_view text, std::string_view part);

bool isAscii(std::string_view text);

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_STRINGS_H
