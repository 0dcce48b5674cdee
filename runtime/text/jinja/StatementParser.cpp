//===- StatementParser.cpp - template text to a tree ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Messages.h"
#include "runtime/text/jinja/ExpressionParser.h"
#include "runtime/text/jinja/Parser.h"

#include <algorithm>

namespace ingot::text::jinja {

namespace {

class StatementParser {
public:
  explicit StatementParser(std::vector<Token> tokens)
      : parser(std::move(tokens)) {}

  Result<Template> run() {
    Template result;
    result.body = parseBlock({});
    if (!parser.status().ok())
      return parser.status();
    return result;
  }

private:
  using Ends = std::vector<std::string_view>;
  using Kind = Statement::Kind;
  using StatementPtr = std::unique_ptr<Statement>;

  Block parseBlock(const Ends &ends);
  StatementPtr parseStatement(const Token &name);
  StatementPtr parseIf(int line);
  StatementPtr parseFor(int line);
  StatementPtr parseSet(int line);
  StatementPtr parseMacro(int line);

  void endTag() { parser.expect(Token::Kind::BlockEnd, "'%}'"); }
  StatementPtr make(Kind kind, int line) {
    auto statement = std::make_unique<Statement>();
    statement->kind = kind;
    statement->line = line;
    return statement;
  }
  std::vector<std::string> parseTargets();

  ExpressionParser parser;
  /// The name that ended the last block.
  std::string end;
  int loops = 0;
};

std::string joinNames(const std::vector<std::string_view> &names) {
  std::string text;
  for (std::string_view name : names)
    text += (text.empty() ? "'" : " or '") + std::string(name) + "'";
  return text;
}

/// Statements up to a tag named in `ends`, whose name is taken; up to the end
/// of the template if there are none.
Block StatementParser::parseBlock(const Ends &ends) {
  ExpressionParser::Level level(parser);
  Block block;
  while (parser.status().ok()) {
    Token token = parser.peek();
    if (token.kind == Token::Kind::End) {
      if (!ends.empty())
        parser.fail("expects " + joinNames(ends) + ", got the end");
      break;
    }
    parser.take();
    if (token.kind == Token::Kind::Text) {
      block.push_back(make(Kind::Text, token.line));
      block.back()->text = std::move(token.text);
    } else if (token.kind == Token::Kind::OutputBegin) {
      block.push_back(make(Kind::Output, token.line));
      block.back()->expression = parser.parseTuple();
      parser.expect(Token::Kind::OutputEnd, "'}}'");
    } else {
      Token name = parser.peek();
      parser.expect(Token::Kind::Name, "a statement");
      if (std::find(ends.begin(), ends.end(), name.text) != ends.end()) {
        end = name.text;
        break;
      }
      if (parser.status().ok())
        block.push_back(parseStatement(name));
    }
  }
  return block;
}

std::unique_ptr<Statement> StatementParser::parseStatement(const Token &name) {
  if (name.text == "if")
    return parseIf(name.line);
  if (name.text == "for")
    return parseFor(name.line);
  if (name.text == "set")
    return parseSet(name.line);
  if (name.text == "macro")
    return parseMacro(name.line);
  if (name.text == "generation") {
    StatementPtr group = make(Kind::Group, name.line);
    endTag();
    group->body = parseBlock({"endgeneration"});
    endTag();
    return group;
  }
  if ((name.text == "break" || name.text == "continue") && loops > 0) {
    endTag();
    return make(name.text == "break" ? Kind::Break : Kind::Continue, name.line);
  }
  parser.fail("statement " + storage::quote(name.text) +
              " is not supported here");
  return make(Kind::Group, name.line);
}

std::unique_ptr<Statement> StatementParser::parseIf(int line) {
  ExpressionParser::Level level(parser);
  StatementPtr branch = make(Kind::If, line);
  branch->expression = parser.parseTuple();
  endTag();
  branch->body = parseBlock({"elif", "else", "endif"});
  if (!parser.status().ok())
    return branch;
  if (end == "elif") {
    branch->otherwise.push_back(parseIf(line)); // takes the endif
    return branch;
  }
  if (end == "else") {
    endTag();
    branch->otherwise = parseBlock({"endif"});
  }
  endTag();
  return branch;
}

std::vector<std::string> StatementParser::parseTargets() {
  bool hasBracket = parser.skipOperator("(");
  std::vector<std::string> targets = {parser.expectName()};
  while (parser.skipOperator(","))
    targets.push_back(parser.expectName());
  if (hasBracket)
    parser.expectOperator(")");
  return targets;
}

std::unique_ptr<Statement> StatementParser::parseFor(int line) {
  StatementPtr loop = make(Kind::For, line);
  loop->targets = parseTargets();
  if (!parser.skipName("in"))
    parser.fail("expects 'in', got " + storage::quote(parser.peek().text));
  loop->expression = parser.parseOr();
  if (parser.skipName("if"))
    loop->filter = parser.parseExpression();
  if (parser.peek().is(Token::Kind::Name, "recursive"))
    parser.fail("statement 'for ... recursive' is not supported");
  endTag();
  ++loops;
  loop->body = parseBlock({"else", "endfor"});
  --loops;
  if (parser.status().ok() && end == "else") {
    endTag();
    loop->otherwise = parseBlock({"endfor"});
  }
  endTag();
  return loop;
}

std::unique_ptr<Statement> StatementParser::parseSet(int line) {
  StatementPtr set = make(Kind::Set, line);
  set->targets = parseTargets();
  if (parser.skipOperator(".")) {
    set->kind = Kind::SetMember;
    set->member = parser.expectName();
  }
  if (parser.skipOperator("=")) {
    set->expression = parser.parseTuple();
  } else if (set->kind == Kind::SetMember || set->targets.size() > 1) {
    parser.fail("expects '=', got " + storage::quote(parser.peek().text));
  } else if (parser.peek().is(Token::Kind::Operator, "|")) {
    parser.fail("statement 'set' with a filter is not supported");
  } else {
    endTag();
    set->body = parseBlock({"endset"});
  }
  endTag();
  return set;
}

std::unique_ptr<Statement> StatementParser::parseMacro(int line) {
  StatementPtr statement = make(Kind::DefineMacro, line);
  statement->macro.name = parser.expectName();
  statement->macro.parameters = parser.parseParameters();
  endTag();
  // A loop around the macro is not one that its body could end.
  int outerLoops = std::exchange(loops, 0);
  statement->macro.body = parseBlock({"endmacro"});
  loops = outerLoops;
  endTag();
  return statement;
}

} // namespace

Result<Template> parseTemplate(std::string_view source) {
  Result<std::vector<Token>> tokens = tokenize(source);
  if (!tokens)
    return tokens.status();
  return StatementParser(*std::move(tokens)).run();
}

} // namespace ingot::text::jinja
