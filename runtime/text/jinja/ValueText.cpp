//===- ValueText.cpp - values as text and as JSON ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Utf8.h"
#include "runtime/text/jinja/Language.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace ingot::text::jinja {

namespace {

/// Python's repr of a float: the shortest digits that read back as the same
/// number, with an exponent under -4 and from 16.
std::string realText(double real) {
  if (std::isnan(real))
    return "nan";
  if (std::isinf(real))
    return real < 0 ? "-inf" : "inf";
  char buffer[400];
  double size = std::fabs(real);
  bool hasExponent = size != 0 && (size < 1e-4 || size >= 1e16);
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), real,
                           hasExponent ? std::chars_format::scientific
                                       : std::chars_format::fixed)
                 .ptr;
  std::string text(buffer, end);
  if (!hasExponent && text.find('.') == std::string::npos)
    text += ".0";
  return text;
}

/// Writes values into one string, charging each byte before it is written:
/// shared items could otherwise grow it exponentially.
class Writer {
public:
  Writer(Budget &budget, bool isJson, const JsonStyle &style)
      : budget(budget), isJson(isJson), style(style) {}

  void write(const Value &value, int level);
  std::string take() { return std::move(text); }

private:
  void put(std::string_view part) {
    if (budget.step() && budget.bytes(part.size()))
      text += part;
  }
  void breakLine(int level) {
    put("\n");
    put(std::string(size_t(style.indent) * level, ' '));
  }
  void separate(bool isFirst, int level) {
    if (!isFirst)
      put(style.itemSeparator);
    if (style.indent >= 0)
      breakLine(level);
  }
  void writeString(std::string_view string);
  void writeItems(const Value &value, int level);
  void writeEntries(Dict entries, int level);

  Budget &budget;
  bool isJson;
  const JsonStyle &style;
  std::string text;
};

void Writer::write(const Value &value, int level) {
  if (!budget.ok())
    return;
  if (value.isString())
    writeString(value.asString());
  else if (value.isNone())
    put(isJson ? "null" : "None");
  else if (value.isBoolean())
    put(value.isTrue() ? (isJson ? "true" : "True")
                       : (isJson ? "false" : "False"));
  else if (value.isInteger())
    put(std::to_string(value.asInteger()));
  else if (value.isReal())
    put(realText(value.asReal()));
  else if (value.isList() || value.isDict())
    writeItems(value, level);
  else if (!isJson && value.isUndefined())
    put("Undefined");
  else
    budget.fail(std::string(value.kindName()) + " cannot be written as " +
                (isJson ? "JSON" : "text"));
}

void Writer::writeItems(const Value &value, int level) {
  bool isTuple = value.isTuple() && !isJson;
  put(isTuple ? "(" : value.isList() ? "[" : "{");
  bool isEmpty =
      value.isList() ? value.asList().empty() : value.asDict().empty();
  if (value.isDict())
    writeEntries(value.asDict(), level + 1);
  else
    for (size_t i = 0; i < value.asList().size() && budget.ok(); ++i) {
      separate(i == 0, level + 1);
      write(value.asList()[i], level + 1);
    }
  if (!budget.ok())
    return;
  if (style.indent >= 0 && !isEmpty)
    breakLine(level);
  if (isTuple && value.asList().size() == 1)
    put(",");
  put(isTuple ? ")" : value.isList() ? "]" : "}");
}

void Writer::writeEntries(Dict entries, int level) {
  if (style.sortsKeys && budget.step(entries.size()))
    std::sort(entries.begin(), entries.end(),
              [](const auto &a, const auto &b) { return a.first < b.first; });
  for (size_t i = 0; i < entries.size() && budget.ok(); ++i) {
    separate(i == 0, level);
    writeString(entries[i].first);
    put(style.keySeparator);
    write(entries[i].second, level);
  }
}

/// A character of a valid text as JSON's \uNNNN, or two of them.
std::string escapeCharacter(std::string_view character) {
  uint32_t point = readUtf8(character, 0).codePoint;
  char buffer[16];
  if (point < 0x10000)
    std::snprintf(buffer, sizeof(buffer), "\\u%04x", point);
  else
    std::snprintf(buffer, sizeof(buffer), "\\u%04x\\u%04x",
                  0xD7C0 + (point >> 10), 0xDC00 + (point & 0x3FF));
  return buffer;
}

/// A string in quotes: JSON's, or Python's repr, which takes single quotes
/// unless only those occur in the text.
void Writer::writeString(std::string_view string) {
  char quote = '\'';
  if (isJson || (string.find('\'') != std::string_view::npos &&
                 string.find('"') == std::string_view::npos))
    quote = '"';
  constexpr char hex[] = "0123456789abcdef";
  std::string quoted(1, quote);
  for (size_t i = 0; i < string.size(); ++i) {
    char c = string[i];
    constexpr std::string_view controls = "\n\r\t\b\f";
    size_t control = controls.find(c);
    if (c == quote || c == '\\')
      quoted += {'\\', c};
    else if (control < (isJson ? 5u : 3u))
      quoted += {'\\', "nrtbf"[control]};
    else if ((c >= 0 && c < 0x20) || (!isJson && c == 0x7F))
      quoted += std::string(isJson ? "\\u00" : "\\x") + hex[c >> 4 & 15] +
                hex[c & 15];
    else if (style.isAscii && c < 0) {
      size_t length = readUtf8(string, i).length;
      quoted += escapeCharacter(string.substr(i, length));
      i += length - 1;
    } else
      quoted += c;
  }
  quoted += quote;
  put(quoted);
}

} // namespace

std::string toText(const Value &value, Budget &budget) {
  if (value.isUndefined())
    return {};
  if (value.isString()) {
    if (!budget.bytes(value.asString().size()))
      return {};
    return value.asString();
  }
  const JsonStyle style;
  Writer writer(budget, /*isJson=*/false, style);
  writer.write(value, 0);
  return writer.take();
}

std::string toJson(const Value &value, const JsonStyle &style, Budget &budget) {
  Writer writer(budget, /*isJson=*/true, style);
  writer.write(value, 0);
  return writer.take();
}

} // namespace ingot::text::jinja
