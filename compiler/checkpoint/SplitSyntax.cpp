//===- SplitSyntax.cpp - Split patterns, as PCRE2 spells them -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/SplitSyntax.h"

#include "runtime/storage/Messages.h"

#include <algorithm>
#include <vector>

namespace ingot::compiler {
namespace {

/// White_Space without brackets. PCRE2's own `\s` has U+180E as well.
constexpr std::string_view whiteSpace = "\\t-\\r\\x{85}\\p{Z}";

constexpr std::string_view categories[] = {
    "C",  "Cc", "Cf", "Co", "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",  "Mc",
    "Me", "Mn", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf", "Pi",
    "Po", "Ps", "S",  "Sc", "Sk", "Sm", "So", "Z",  "Zl", "Zp", "Zs"};

constexpr std::string_view groupStarts[] = {
    "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:"};

/// Letters of which some ligature is the case folding: Oniguruma would match
/// that too.
constexpr std::string_view foldedPairs[] = {"ss", "st", "ff", "fi", "fl"};

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char toLower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

/// Walks a pattern once and writes it anew.
class Speller {
public:
  explicit Speller(std::string_view pattern) : pattern(pattern) {}

  Result<std::string> run() {
    while (at < pattern.size())
      if (Status s = spellNext(); !s.ok())
        return s;
    return out;
  }

private:
  /// Refuses `length` bytes and what completes their last character.
  Status refuse(size_t length) const {
    while (at + length < pattern.size() &&
           (static_cast<unsigned char>(pattern[at + length]) & 0xC0) == 0x80)
      ++length;
    return invalidInput("has " + storage::quote(pattern.substr(at, length)) +
                        " at offset " + std::to_string(at) +
                        ", which is not supported");
  }

  bool startsWith(std::string_view text) const {
    return pattern.substr(at).starts_with(text);
  }

  /// Writes `text` for the next `length` bytes.
  Status put(std::string_view text, size_t length, bool canRepeat = true) {
    out += text;
    at += length;
    repeatable = canRepeat;
    lastFolded = 0;
    return {};
  }
  Status keep(size_t length, bool canRepeat = true) {
    return put(pattern.substr(at, length), length, canRepeat);
  }

  Status spellNext() {
    switch (pattern[at]) {
    case '\\':
      return spellEscape(/*inClass=*/false);
    case '[':
      return spellClass();
    case '(':
      return spellGroup();
    case ')':
      if (!foldsCase.empty())
        foldsCase.pop_back();
      return keep(1);
    case '|':
      return keep(1, /*canRepeat=*/false);
    case '*':
    case '+':
    case '?':
    case '{':
      return spellQuantifier();
    case '.':
      return put("[^\\n]", 1);
    case '^':
      // At a line's start, but not behind the last line feed of a text.
      return put("(?:\\A|(?<=\\n)(?!\\z))", 1, /*canRepeat=*/false);
    case '$':
      return put("(?=\\n|\\z)", 1, /*canRepeat=*/false);
    default:
      return spellLiteral();
    }
  }

  Status spellLiteral() {
    char c = pattern[at];
    if (foldsCase.empty() || !foldsCase.back())
      return keep(1);
    const char pair[] = {lastFolded, toLower(c)};
    bool isFolded = std::ranges::find(foldedPairs, std::string_view(pair, 2)) !=
                    std::end(foldedPairs);
    if (isFolded || (c & 0x80))
      return refuse(1);
    Status status = keep(1);
    lastFolded = pair[1];
    return status;
  }

  Status spellGroup() {
    for (std::string_view start : groupStarts)
      if (startsWith(start)) {
        bool inherited = !foldsCase.empty() && foldsCase.back();
        foldsCase.push_back(inherited || start == "(?i:");
        return keep(start.size(), /*canRepeat=*/false);
      }
    if (startsWith("(?") || startsWith("(*"))
      return refuse(3);
    foldsCase.push_back(!foldsCase.empty() && foldsCase.back());
    return keep(1, /*canRepeat=*/false);
  }

  /// Length of "{n}", "{n,}", "{,m}" or "{n,m}" here; 0 if there is none.
  size_t intervalLength() const {
    size_t end = at + 1;
    while (end < pattern.size() &&
           (isDigit(pattern[end]) || pattern[end] == ','))
      ++end;
    std::string_view inner = pattern.substr(at + 1, end - at - 1);
    bool isInterval = end < pattern.size() && pattern[end] == '}' &&
                      std::ranges::count(inner, ',') <= 1 &&
                      inner.find_first_of("0123456789") != inner.npos;
    return isInterval ? end + 1 - at : 0;
  }

  Status spellQuantifier() {
    if (!repeatable)
      return refuse(1);
    if (pattern[at] != '{') {
      // A second sign says how: lazy or possessive.
      bool hasMode = at + 1 < pattern.size() &&
                     (pattern[at + 1] == '?' || pattern[at + 1] == '+');
      return keep(hasMode ? 2 : 1, /*canRepeat=*/false);
    }
    size_t length = intervalLength();
    if (length == 0)
      return refuse(1);
    if (pattern[at + 1] == ',')
      return put("{0" + std::string(pattern.substr(at + 1, length - 1)), length,
                 /*canRepeat=*/false);
    return keep(length, /*canRepeat=*/false);
  }

  Status spellEscape(bool inClass) {
    if (at + 1 == pattern.size())
      return refuse(1);
    char c = pattern[at + 1];
    if (c == 's')
      return put(inClass ? std::string(whiteSpace)
                         : "[" + std::string(whiteSpace) + "]",
                 2);
    if (c == 'S' && !inClass)
      return put("[^" + std::string(whiteSpace) + "]", 2);
    if (c == 'd')
      return put("\\p{Nd}", 2);
    if (c == 'D')
      return put("\\P{Nd}", 2);
    if (c == 'v')
      return put("\\x0b", 2);
    if (c == 'p' || c == 'P')
      return spellProperty();
    if (c == 'u')
      return spellCodePoint();
    if ((c == 'A' || c == 'z') && !inClass)
      return keep(2, /*canRepeat=*/false);
    bool isSame = c == 'r' || c == 'n' || c == 't' || c == 'f' ||
                  !(isAlpha(c) || isDigit(c) || (c & 0x80));
    return isSame ? keep(2) : refuse(2);
  }

  /// \p{L}, \p{^L} or \P{L}.
  Status spellProperty() {
    size_t end = pattern.find('}', at);
    if (end == pattern.npos || pattern[at + 2] != '{')
      return refuse(2);
    std::string_view name = pattern.substr(at + 3, end - at - 3);
    if (name.starts_with('^'))
      name.remove_prefix(1);
    if (std::ranges::find(categories, name) == std::end(categories))
      return refuse(end + 1 - at);
    return keep(end + 1 - at);
  }

  /// \uHHHH.
  Status spellCodePoint() {
    std::string_view digits = pattern.substr(at + 2, 4);
    bool isHex =
        digits.size() == 4 &&
        digits.find_first_not_of("0123456789abcdefABCDEF") == digits.npos;
    return isHex ? put("\\x{" + std::string(digits) + "}", 6) : refuse(2);
  }

  Status spellClass() {
    const size_t open = at;
    size_t length = startsWith("[^") ? 2 : 1;
    if (pattern.substr(at + length).starts_with(']'))
      return refuse(length + 1);
    out += pattern.substr(at, length);
    at += length;
    while (at < pattern.size() && pattern[at] != ']') {
      // A set within the set, a named class or an intersection.
      if (pattern[at] == '[' || startsWith("&&"))
        return refuse(2);
      Status s = pattern[at] == '\\' ? spellEscape(/*inClass=*/true) : keep(1);
      if (!s.ok())
        return s;
    }
    if (at < pattern.size())
      return keep(1);
    at = open;
    return refuse(1);
  }

  std::string_view pattern;
  size_t at = 0;
  std::string out;
  /// Whether what was written last can be repeated.
  bool repeatable = false;
  /// For each open group, whether it ignores case.
  std::vector<bool> foldsCase;
  /// The literal before this one, if it stands in such a group; 0 for none.
  char lastFolded = 0;
};

} // namespace

Result<std::string> spellForPcre2(std::string_view pattern) {
  return Speller(pattern).run();
}

std::string matchLiterally(std::string_view text) {
  std::string pattern;
  for (char c : text) {
    if (!isDigit(c) && !isAlpha(c) && !(c & 0x80))
      pattern += '\\';
    pattern += c;
  }
  return pattern;
}

} // namespace ingot::compiler
