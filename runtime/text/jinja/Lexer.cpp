//===- Lexer.cpp - a template as tokens -------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Lexer.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/Utf8.h"
#include "runtime/text/jinja/Budget.h"
#include "runtime/text/jinja/Strings.h"

#include <algorithm>
#include <charconv>

namespace ingot::text::jinja {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Jinja reads all line ends as \n and drops one at the very end.
std::string normalizeNewlines(std::string_view source) {
  std::string text = replaceFirst(source, "\r\n", "\n");
  std::replace(text.begin(), text.end(), '\r', '\n');
  if (text.ends_with('\n'))
    text.pop_back();
  return text;
}

/// Offset of the first tag; the size of `text` if there is none.
size_t findTag(std::string_view text) {
  for (size_t at = text.find('{'); at != std::string_view::npos;
       at = text.find('{', at + 1))
    if (at + 1 < text.size() &&
        (text[at + 1] == '{' || text[at + 1] == '%' || text[at + 1] == '#'))
      return at;
  return text.size();
}

class Lexer {
public:
  explicit Lexer(std::string source) : source(std::move(source)) {}

  Result<std::vector<Token>> run();

private:
  using Kind = Token::Kind;

  std::string_view rest() const { return std::string_view(source).substr(at); }
  bool sees(std::string_view what) const { return rest().starts_with(what); }
  void advance(size_t bytes) {
    line += int(countParts(rest().substr(0, bytes), "\n"));
    at += bytes;
  }
  void emit(Kind kind, std::string text = {}) {
    tokens.push_back({kind, line, std::move(text)});
  }
  void fail(const std::string &message) {
    if (status.ok())
      status = errorAt(line, message);
  }

  void lexText();
  void lexComment();
  void lexTag(bool isBlock);
  bool lexTagEnd(bool isBlock);
  void lexToken();
  void lexString();
  void lexEscape(std::string &text);
  void lexNumber();
  void lexOperator();
  void trimAfter(std::string_view tag, bool isBlock);

  const std::string source;
  size_t at = 0;
  int line = 1;
  /// Whether what was read last ended a line: a block may then have blanks
  /// before it removed although its own text holds no newline.
  bool startsLine = true;
  /// Brackets that are open in this tag: a `}}` in a dict ends no tag.
  std::string open;
  std::vector<Token> tokens;
  Status status;
};

Result<std::vector<Token>> Lexer::run() {
  while (at < source.size() && status.ok()) {
    lexText();
    if (sees("{#"))
      lexComment();
    else if (sees("{{") || sees("{%"))
      lexTag(sees("{%"));
  }
  if (!status.ok())
    return status;
  emit(Kind::End);
  return std::move(tokens);
}

void Lexer::lexText() {
  size_t length = findTag(rest());
  std::string_view text = rest().substr(0, length);
  std::string_view tag = rest().substr(length, 3);
  if (tag.ends_with('-') && tag.size() == 3) {
    text.remove_suffix(trailingBlanks(text));
  } else if (!tag.empty() && !tag.starts_with("{{") && !tag.ends_with('+')) {
    size_t lineStart = text.rfind('\n') + 1; // npos + 1 is 0
    size_t blanks = trailingBlanks(text);
    if ((lineStart > 0 || startsLine) && blanks >= text.size() - lineStart)
      text = text.substr(0, lineStart);
  }
  if (!text.empty())
    emit(Kind::Text, std::string(text));
  advance(length);
}

/// Removes what the end of a tag or comment takes with it. `tag` is its last
/// characters, which are read already.
void Lexer::trimAfter(std::string_view tag, bool isBlock) {
  size_t taken = 0;
  if (tag.starts_with('-'))
    taken = leadingBlanks(rest());
  else if (isBlock && !tag.starts_with('+') && sees("\n"))
    taken = 1;
  startsLine = taken > 0 && source[at + taken - 1] == '\n';
  advance(taken);
}

void Lexer::lexComment() {
  size_t end = rest().find("#}", 2);
  if (end == std::string_view::npos)
    return fail("comment has no end");
  std::string_view tag = rest().substr(std::max<size_t>(end, 3) - 1, 3);
  advance(end + 2);
  trimAfter(tag, /*isBlock=*/true);
}

void Lexer::lexTag(bool isBlock) {
  emit(isBlock ? Kind::BlockBegin : Kind::OutputBegin);
  advance(2);
  if (sees("-") || (isBlock && sees("+")))
    advance(1);
  open.clear();
  while (status.ok()) {
    advance(leadingBlanks(rest()));
    if (at == source.size())
      return fail(isBlock ? "block tag '{%' has no end"
                          : "output tag '{{' has no end");
    if (open.empty() && lexTagEnd(isBlock))
      return;
    lexToken();
  }
}

bool Lexer::lexTagEnd(bool isBlock) {
  std::string_view end = isBlock ? "%}" : "}}";
  bool hasSign = sees("-") || (isBlock && sees("+"));
  if (!rest().substr(hasSign).starts_with(end))
    return false;
  std::string_view tag = rest().substr(0, 2 + hasSign);
  emit(isBlock ? Kind::BlockEnd : Kind::OutputEnd);
  advance(tag.size());
  trimAfter(tag, isBlock);
  return true;
}

void Lexer::lexToken() {
  char c = source[at];
  if (isNameStart(c)) {
    size_t length = 1;
    while (length < rest().size() &&
           (isNameStart(rest()[length]) || isDigit(rest()[length])))
      ++length;
    emit(Kind::Name, std::string(rest().substr(0, length)));
    advance(length);
  } else if (isDigit(c)) {
    lexNumber();
  } else if (c == '\'' || c == '"') {
    lexString();
  } else {
    lexOperator();
  }
}

void Lexer::lexNumber() {
  size_t length = 0;
  auto skipDigits = [&] {
    while (length < rest().size() && isDigit(rest()[length]))
      ++length;
  };
  skipDigits();
  auto digitAt = [&](size_t i) {
    return i < rest().size() && isDigit(rest()[i]);
  };
  auto oneOf = [&](std::string_view set, size_t i) {
    return i < rest().size() && set.find(rest()[i]) != std::string_view::npos;
  };
  bool isReal = oneOf(".", length) && digitAt(length + 1);
  if (isReal) {
    ++length;
    skipDigits();
  }
  size_t exponent = length + 1 + oneOf("+-", length + 1);
  if (oneOf("eE", length) && digitAt(exponent)) {
    isReal = true;
    length = exponent;
    skipDigits();
  }
  std::string_view digits = rest().substr(0, length);
  emit(isReal ? Kind::Real : Kind::Integer, std::string(digits));
  Token &token = tokens.back();
  const char *end = digits.data() + digits.size();
  auto parsed = isReal ? std::from_chars(digits.data(), end, token.real)
                       : std::from_chars(digits.data(), end, token.integer);
  bool goesOn = length < rest().size() && isNameStart(rest()[length]);
  if (parsed.ec != std::errc() || parsed.ptr != end || goesOn)
    return fail("number " + storage::quote(digits) +
                " is too large or goes on with a letter");
  advance(length);
}

void Lexer::lexString() {
  char quote = source[at];
  int begin = line;
  advance(1);
  std::string text;
  while (at < source.size() && source[at] != quote && status.ok()) {
    if (source[at] == '\\' && at + 1 < source.size()) {
      lexEscape(text);
    } else {
      text += source[at];
      advance(1);
    }
  }
  if (at == source.size()) {
    line = begin;
    return fail("string has no end");
  }
  advance(1);
  emit(Kind::String, std::move(text));
}

void Lexer::lexEscape(std::string &text) {
  char escape = source[at + 1];
  constexpr std::string_view letters = "ntrbfva\\'\"\n";
  constexpr std::string_view meanings = "\n\t\r\b\f\v\a\\'\"";
  size_t digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
  if (digits > 0) {
    std::string_view hex = rest().substr(2, digits);
    uint32_t codePoint = 0;
    auto parsed =
        std::from_chars(hex.data(), hex.data() + hex.size(), codePoint, 16);
    if (hex.size() != digits || parsed.ptr != hex.data() + hex.size())
      return fail("escape '\\" + std::string(1, escape) + "' expects " +
                  std::to_string(digits) + " hex digits");
    appendUtf8(codePoint, text);
    return advance(2 + digits);
  }
  if (escape >= '0' && escape <= '7') {
    size_t length = 1;
    uint32_t codePoint = 0;
    while (length < 4 && at + length < source.size() &&
           source[at + length] >= '0' && source[at + length] <= '7')
      codePoint = codePoint * 8 + (source[at + length++] - '0');
    appendUtf8(codePoint, text);
    return advance(length);
  }
  size_t letter = letters.find(escape);
  if (letter < meanings.size())
    text += meanings[letter];
  else if (letter == std::string_view::npos)
    text += {'\\', escape}; // Python keeps an escape that it does not know
  advance(2);
}

void Lexer::lexOperator() {
  // Longer ones first.
  constexpr std::string_view operators[] = {
      "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "=",
      "<",  ">",  "(",  ")",  "[",  "]",  "{", "}", ",", ".", ":", "|"};
  for (std::string_view symbol : operators) {
    if (!sees(symbol))
      continue;
    if (symbol == "(" || symbol == "[" || symbol == "{")
      open += symbol;
    else if ((symbol == ")" || symbol == "]" || symbol == "}") && !open.empty())
      open.pop_back();
    emit(Kind::Operator, std::string(symbol));
    return advance(symbol.size());
  }
  std::string_view character = rest().substr(0, readUtf8(source, at).length);
  fail("unexpected character " + storage::quote(character));
}

} // namespace

Result<std::vector<Token>> tokenize(std::string_view source) {
  if (source.size() > maxSourceBytes)
    return invalidInput("chat template expects at most " +
                        std::to_string(maxSourceBytes) + " bytes, got " +
                        std::to_string(source.size()));
  return Lexer(normalizeNewlines(source)).run();
}

} // namespace ingot::text::jinja
