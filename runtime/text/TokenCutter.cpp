//===- TokenCutter.cpp - cuts added tokens out of a text ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/TokenCutter.h"
#include "runtime/text/CharacterClasses.h"
#include "runtime/text/Utf8.h"

namespace ingot::text {

namespace {

/// Start of the character that ends before `at`, which is over 0.
size_t previousCharacter(std::string_view text, size_t at) {
  do
    --at;
  while (at > 0 && (uint8_t(text[at]) & 0xC0) == 0x80);
  return at;
}

bool isSingleWord(std::string_view text, size_t begin, size_t end) {
  auto isWordAt = [&](size_t at) {
    return isWordCharacter(readUtf8(text, at).codePoint);
  };
  return (begin == 0 || !isWordAt(previousCharacter(text, begin))) &&
         (end == text.size() || !isWordAt(end));
}

/// Where the white space that ends at `at` starts, not before `from`.
size_t startOfSpace(std::string_view text, size_t from, size_t at) {
  while (at > from) {
    size_t previous = previousCharacter(text, at);
    if (!isWhiteSpace(readUtf8(text, previous).codePoint))
      break;
    at = previous;
  }
  return at;
}

/// Where the white space that starts at `at` ends.
size_t endOfSpace(std::string_view text, size_t at) {
  while (at < text.size()) {
    Utf8Unit unit = readUtf8(text, at);
    if (!isWhiteSpace(unit.codePoint))
      break;
    at += unit.length;
  }
  return at;
}

} // namespace

bool TokenCutter::insert(std::string_view pattern, const AddedToken &token) {
  flags[token.id] = {token.singleWord, token.stripLeft, token.stripRight};
  return tokens.insert(pattern, token.id);
}

std::vector<TextSection> TokenCutter::cut(std::string_view text) const {
  std::vector<TextSection> sections;
  size_t taken = 0;    // everything before it is in `sections`
  size_t spaceEnd = 0; // end of the last white space that a token took
  for (size_t at = 0; at < text.size();) {
    std::optional<TokenTrie::Match> match = tokens.longestAt(text, at);
    if (!match) {
      ++at;
      continue;
    }
    size_t begin = at, end = at + match->length;
    at = end;
    const Flags &flag = flags.at(match->id);
    if (flag.singleWord && !isSingleWord(text, begin, end))
      continue;
    if (flag.stripLeft)
      begin = startOfSpace(text, taken, begin);
    // A token may stand in white space that one before it took: remembering
    // its end keeps the time linear.
    if (flag.stripRight && end >= spaceEnd)
      spaceEnd = endOfSpace(text, end);
    if (taken < begin)
      sections.push_back({text.substr(taken, begin - taken)});
    sections.push_back({{}, match->id});
    taken = flag.stripRight ? spaceEnd : end;
  }
  if (taken < text.size())
    sections.push_back({text.substr(taken)});
  return sections;
}

} // namespace ingot::text
