//===- Utf8.cpp - UTF-8 as text arrives and leaves --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Utf8.h"

namespace ingot::text {

namespace {

/// Length of the character that a lead byte opens and the range that its second
/// byte must lie in: the range is what rules out overlong forms, surrogates and
/// values over U+10FFFF (Unicode 15, table 3-7).
struct Lead {
  uint8_t length, low, high;
};

Lead classifyLead(uint8_t byte) {
  if (byte < 0x80)
    return {1, 0, 0};
  if (byte >= 0xC2 && byte <= 0xDF)
    return {2, 0x80, 0xBF};
  if (byte >= 0xE0 && byte <= 0xEF)
    return {3, uint8_t(byte == 0xE0 ? 0xA0 : 0x80),
            uint8_t(byte == 0xED ? 0x9F : 0xBF)};
  if (byte >= 0xF0 && byte <= 0xF4)
    return {4, uint8_t(byte == 0xF0 ? 0x90 : 0x80),
            uint8_t(byte == 0xF4 ? 0x8F : 0xBF)};
  return {0, 0, 0};
}

} // namespace

Utf8Unit readUtf8(std::string_view text, size_t at) {
  uint8_t first = text[at];
  Lead lead = classifyLead(first);
  if (lead.length == 1)
    return {1, true, false, first};
  if (lead.length == 0)
    return {};
  uint32_t codePoint = first & (0xFF >> (lead.length + 1));
  for (size_t i = 1; i < lead.length; ++i) {
    if (at + i == text.size())
      return {i, false, true, 0};
    uint8_t byte = text[at + i];
    if (byte < (i == 1 ? lead.low : 0x80) || byte > (i == 1 ? lead.high : 0xBF))
      return {i, false, false, 0};
    codePoint = codePoint << 6 | (byte & 0x3F);
  }
  return {lead.length, true, false, codePoint};
}

size_t findInvalidUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    Utf8Unit unit = readUtf8(text, at);
    if (!unit.valid)
      return at;
    at += unit.length;
  }
  return std::string_view::npos;
}

size_t appendLossyUtf8(std::string_view bytes, bool keepCutOff,
                       bool replaceEachByte, std::string &out) {
  for (size_t at = 0; at < bytes.size();) {
    Utf8Unit unit = readUtf8(bytes, at);
    if (unit.cutOff && keepCutOff)
      return at;
    if (unit.valid)
      out += bytes.substr(at, unit.length);
    else
      for (size_t i = 0; i < (replaceEachByte ? unit.length : 1); ++i)
        out += "\uFFFD";
    at += unit.length;
  }
  return bytes.size();
}

void appendUtf8(uint32_t codePoint, std::string &out) {
  if (codePoint > 0x10FFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF))
    codePoint = 0xFFFD;
  if (codePoint < 0x80) {
    out += char(codePoint);
    return;
  }
  int continuations = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
  // A lead byte has as many leading ones as the character has bytes.
  out += char(0xFF00 >> (continuations + 1) | codePoint >> (6 * continuations));
  for (int i = continuations - 1; i >= 0; --i)
    out += char(0x80 | (codePoint >> (6 * i) & 0x3F));
}

std::vector<std::string_view> splitCharacters(std::string_view text) {
  std::vector<std::string_view> characters;
  for (size_t at = 0; at < text.size();) {
    size_t length = readUtf8(text, at).length;
    characters.push_back(text.substr(at, length));
    at += length;
  }
  return characters;
}

} // namespace ingot::text
