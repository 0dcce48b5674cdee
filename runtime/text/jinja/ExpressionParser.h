//===- ExpressionParser.h - tokens to expressions ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A recursive-descent parser of Jinja's expressions over a token list, and the
// cursor that the statement parser shares. The first failure stays; after it
// every call returns null and the cursor stands at the end.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_EXPRESSIONPARSER_H
#define INGOT_RUNTIME_TEXT_JINJA_EXPRESSIONPARSER_H

#include "runtime/text/jinja/Ast.h"
#include "runtime/text/jinja/Lexer.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::text::jinja {

class ExpressionParser {
public:
  /// `tokens` ends with an End token.
  explicit ExpressionParser(std::vector<Token> tokens)
      : tokens(std::move(tokens)) {}

  /// A whole expression, with `if` / `else`.
  ExpressionPtr parseExpression();
  /// One without, for `for x in HERE if test`.
  ExpressionPtr parseOr();
  /// An expression, or a tuple without brackets.
  ExpressionPtr parseTuple();
  /// `(name, name=default)` of a macro.
  std::vector<std::pair<std::string, ExpressionPtr>> parseParameters();

  const Token &peek() const { return tokens[at]; }
  Token take();
  bool skip(Token::Kind kind, std::string_view text);
  bool skipOperator(std::string_view text) {
    return skip(Token::Kind::Operator, text);
  }
  bool skipName(std::string_view text) { return skip(Token::Kind::Name, text); }
  void expectOperator(std::string_view text);
  std::string expectName();
  void expect(Token::Kind kind, const char *what);

  /// Records a failure at the current line. \returns null.
  std::nullptr_t fail(const std::string &message);
  const Status &status() const { return failure; }

  /// Counts a level of nesting as long as it lives.
  class Level {
  public:
    explicit Level(ExpressionParser &parser);
    Level(const Level &) = delete;
    Level &operator=(const Level &) = delete;
    ~Level() { --parser.depth; }

  private:
    ExpressionParser &parser;
  };

private:
  ExpressionPtr parseAnd();
  ExpressionPtr parseNot();
  ExpressionPtr parseComparison();
  ExpressionPtr parseSum();
  ExpressionPtr parseConcat();
  ExpressionPtr parseProduct();
  ExpressionPtr parseOperand();
  ExpressionPtr parseSign(bool withFilters);
  ExpressionPtr parsePrimary();
  ExpressionPtr parseNamed(const Token &token);
  ExpressionPtr parseBracketed();
  ExpressionPtr parseList(std::string_view close);
  ExpressionPtr parseDict();
  ExpressionPtr parsePostfix(ExpressionPtr operand);
  ExpressionPtr parseSubscript(ExpressionPtr operand);
  ExpressionPtr parseFilters(ExpressionPtr operand);
  ExpressionPtr parseTest(ExpressionPtr operand);
  void parseArguments(Expression &call);
  void parseTestArgument(Expression &test);

  using Next = ExpressionPtr (ExpressionParser::*)();
  ExpressionPtr parseLeft(Expression::Kind kind, Token::Kind tokenKind,
                          std::initializer_list<std::string_view> operators,
                          Next next);
  ExpressionPtr make(Expression::Kind kind, std::string name = {}) const;
  bool wrap(ExpressionPtr &operand, ExpressionPtr outer);

  const std::vector<Token> tokens;
  size_t at = 0;
  int depth = 0;
  /// Operators since the tag began.
  int operators = 0;
  Status failure;
};

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_EXPRESSIONPARSER_H
