//===- Utf8.h - UTF-8 as text arrives and leaves ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The few UTF-8 questions that tokenizing and templates ask. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_UTF8_H
#define INGOT_RUNTIME_TEXT_UTF8_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::text {

/// What starts at one byte of a text.
struct Utf8Unit {
  /// Bytes: of the character if `valid`, else of the longest prefix of a
  /// character that could stand here, at least 1 (Unicode 15, section 3.9,
  /// "maximal subpart"; Python's errors="replace" takes the same steps).
  size_t length = 1;
  bool valid = false;
  /// Not valid only because the text ends: more bytes could complete it.
  bool cutOff = false;
  /// The code point, if `valid`.
  uint32_t codePoint = 0;
};

/// Reads what starts at `text[at]`; `at` lies inside the text.
Utf8Unit readUtf8(std::string_view text, size_t at);

/// Offset of the first byte that is not valid UTF-8; `npos` if there is none.
size_t findInvalidUtf8(std::string_view text);

/// Appends `bytes` to `out`, each malformed part as U+FFFD, or with
/// `replaceEachByte` as one for each of its bytes. With `keepCutOff` a
/// character that the end cuts off is left over.
/// \returns the number of bytes used: all of them unless some are left over.
size_t appendLossyUtf8(std::string_view bytes, bool keepCutOff,
                       bool replaceEachByte, std::string &out);

/// Appends a code point; a value that is none (a surrogate, say) is U+FFFD.
void appendUtf8(uint32_t codePoint, std::string &out);

/// The characters of a valid text, as views of it.
std::vector<std::string_view> splitCharacters(std::string_view text);

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_UTF8_H
