//===- Strings.cpp - string operations as Python has them -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Strings.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

namespace ingot::text::jinja {

namespace {

bool isBlank(uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 ||
         c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool isContinuation(char byte) { return (byte & 0xC0) == 0x80; }

} // namespace

size_t leadingBlanks(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    Utf8Unit unit = readUtf8(text, at);
    if (!isBlank(unit.codePoint))
      break;
    at += unit.length;
  }
  return at;
}

size_t trailingBlanks(std::string_view text) {
  size_t end = text.size();
  while (end > 0) {
    size_t at = end - 1;
    while (at > 0 && isContinuation(text[at]))
      --at;
    if (!isBlank(readUtf8(text, at).codePoint))
      break;
    end = at;
  }
  return text.size() - end;
}

size_t countCharacters(std::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), isContinuation);
}

std::vector<std::string_view>
splitAt(std::string_view text, std::string_view separator, long long limit) {
  std::vector<std::string_view> parts;
  while (limit < 0 || (long long)parts.size() < limit) {
    size_t found = text.find(separator);
    if (found == std::string_view::npos)
      break;
    parts.push_back(text.substr(0, found));
    text.remove_prefix(found + separator.size());
  }
  parts.push_back(text);
  return parts;
}

std::vector<std::string_view> splitAtFromEnd(std::string_view text,
                                             std::string_view separator,
                                             long long limit) {
  std::vector<std::string_view> parts;
  while (limit < 0 || (long long)parts.size() < limit) {
    size_t found = text.rfind(separator);
    if (found == std::string_view::npos)
      break;
    parts.push_back(text.substr(found + separator.size()));
    text = text.substr(0, found);
  }
  parts.push_back(text);
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<std::string_view> splitAtBlanks(std::string_view text) {
  std::vector<std::string_view> words;
  text.remove_prefix(leadingBlanks(text));
  while (!text.empty()) {
    size_t end = 0;
    while (end < text.size()) {
      Utf8Unit unit = readUtf8(text, end);
      if (isBlank(unit.codePoint))
        break;
      end += unit.length;
    }
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(leadingBlanks(text));
  }
  return words;
}

std::string replaceFirst(std::string_view text, std::string_view from,
                         std::string_view to, size_t count) {
  std::string result;
  for (; count > 0; --count) {
    size_t found = text.find(from);
    if (found == std::string_view::npos)
      break;
    result += text.substr(0, found);
    result += to;
    text.remove_prefix(found + from.size());
  }
  result += text;
  return result;
}

size_t countParts(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

bool isAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char byte) { return (byte & 0x80) == 0; });
}

} // namespace ingot::text::jinja
