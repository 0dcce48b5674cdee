//===- ExpressionParser.cpp - tokens to expressions -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/ExpressionParser.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/jinja/Language.h"

#include <algorithm>

namespace ingot::text::jinja {

using Kind = Expression::Kind;

ExpressionParser::Level::Level(ExpressionParser &parser) : parser(parser) {
  if (++parser.depth > maxDepth)
    parser.fail("nests over " + std::to_string(maxDepth) + " levels");
}

std::nullptr_t ExpressionParser::fail(const std::string &message) {
  if (failure.ok())
    failure = errorAt(peek().line, message);
  at = tokens.size() - 1; // what follows sees the end and stops
  return nullptr;
}

Token ExpressionParser::take() {
  Token token = peek();
  if (token.kind == Token::Kind::BlockBegin ||
      token.kind == Token::Kind::OutputBegin)
    operators = 0;
  if (at + 1 < tokens.size())
    ++at;
  return token;
}

bool ExpressionParser::skip(Token::Kind kind, std::string_view text) {
  if (!peek().is(kind, text))
    return false;
  take();
  return true;
}

void ExpressionParser::expectOperator(std::string_view text) {
  if (!skipOperator(text))
    fail("expects '" + std::string(text) + "', got " +
         storage::quote(peek().text));
}

std::string ExpressionParser::expectName() {
  if (peek().kind == Token::Kind::Name)
    return take().text;
  fail("expects a name, got " + storage::quote(peek().text));
  return {};
}

void ExpressionParser::expect(Token::Kind kind, const char *what) {
  if (peek().kind != kind)
    fail("expects " + std::string(what) + ", got " +
         storage::quote(peek().text));
  else
    take();
}

ExpressionPtr ExpressionParser::make(Kind kind, std::string name) const {
  auto expression = std::make_unique<Expression>();
  expression->kind = kind;
  expression->line = peek().line;
  expression->name = std::move(name);
  return expression;
}

/// Makes `operand` the first operand of `outer` and `outer` the operand. Chains
/// of these deepen the tree without recursion here, so they are counted: what
/// walks the tree does recurse.
bool ExpressionParser::wrap(ExpressionPtr &operand, ExpressionPtr outer) {
  if (++operators > maxOperators)
    fail("expression has over " + std::to_string(maxOperators) + " operators");
  if (!operand || !failure.ok())
    return false;
  outer->operands.insert(outer->operands.begin(), std::move(operand));
  operand = std::move(outer);
  return true;
}

ExpressionPtr ExpressionParser::parseExpression() {
  Level level(*this);
  ExpressionPtr value = parseOr();
  while (skipName("if")) {
    ExpressionPtr conditional = make(Kind::Conditional);
    conditional->operands.push_back(parseOr());
    conditional->operands.push_back(skipName("else") ? parseExpression()
                                                     : nullptr);
    if (!wrap(value, std::move(conditional)))
      return nullptr;
  }
  return failure.ok() ? std::move(value) : nullptr;
}

ExpressionPtr ExpressionParser::parseTuple() {
  ExpressionPtr first = parseExpression();
  if (!peek().is(Token::Kind::Operator, ","))
    return first;
  ExpressionPtr tuple = make(Kind::Tuple);
  tuple->operands.push_back(std::move(first));
  while (skipOperator(","))
    tuple->operands.push_back(parseExpression());
  return tuple;
}

/// A chain of operators that group to the left.
ExpressionPtr
ExpressionParser::parseLeft(Kind kind, Token::Kind tokenKind,
                            std::initializer_list<std::string_view> operators,
                            Next next) {
  ExpressionPtr left = (this->*next)();
  while (left && peek().kind == tokenKind &&
         std::find(operators.begin(), operators.end(), peek().text) !=
             operators.end()) {
    ExpressionPtr outer = make(kind, take().text);
    outer->operands.push_back((this->*next)());
    if (!wrap(left, std::move(outer)))
      return nullptr;
  }
  return left;
}

ExpressionPtr ExpressionParser::parseOr() {
  return parseLeft(Kind::Logical, Token::Kind::Name, {"or"},
                   &ExpressionParser::parseAnd);
}

ExpressionPtr ExpressionParser::parseAnd() {
  return parseLeft(Kind::Logical, Token::Kind::Name, {"and"},
                   &ExpressionParser::parseNot);
}

ExpressionPtr ExpressionParser::parseNot() {
  if (!skipName("not"))
    return parseComparison();
  Level level(*this);
  ExpressionPtr negation = make(Kind::Unary, "not");
  negation->operands.push_back(parseNot());
  return failure.ok() ? std::move(negation) : nullptr;
}

ExpressionPtr ExpressionParser::parseComparison() {
  ExpressionPtr first = parseSum();
  ExpressionPtr chain = make(Kind::Compare);
  chain->operands.push_back(std::move(first));
  constexpr std::string_view operators[] = {"==", "!=", "<", "<=", ">", ">="};
  while (failure.ok()) {
    bool isNotIn = peek().is(Token::Kind::Name, "not") &&
                   tokens[at + 1].is(Token::Kind::Name, "in");
    if (isNotIn) {
      take();
      take();
      chain->names.push_back("not in");
    } else if (peek().is(Token::Kind::Name, "in") ||
               (peek().kind == Token::Kind::Operator &&
                std::find(std::begin(operators), std::end(operators),
                          peek().text) != std::end(operators))) {
      chain->names.push_back(take().text);
    } else {
      break;
    }
    chain->operands.push_back(parseSum());
  }
  if (!failure.ok())
    return nullptr;
  return chain->names.empty() ? std::move(chain->operands[0])
                              : std::move(chain);
}

ExpressionPtr ExpressionParser::parseSum() {
  return parseLeft(Kind::Binary, Token::Kind::Operator, {"+", "-"},
                   &ExpressionParser::parseConcat);
}

ExpressionPtr ExpressionParser::parseConcat() {
  return parseLeft(Kind::Binary, Token::Kind::Operator, {"~"},
                   &ExpressionParser::parseProduct);
}

ExpressionPtr ExpressionParser::parseProduct() {
  ExpressionPtr product =
      parseLeft(Kind::Binary, Token::Kind::Operator, {"*", "/", "//", "%"},
                &ExpressionParser::parseOperand);
  if (peek().is(Token::Kind::Operator, "**"))
    return fail("operator '**' is not supported");
  return product;
}

ExpressionPtr ExpressionParser::parseOperand() { return parseSign(true); }

ExpressionPtr ExpressionParser::parseSign(bool withFilters) {
  Level level(*this);
  ExpressionPtr value;
  if (peek().is(Token::Kind::Operator, "-") ||
      peek().is(Token::Kind::Operator, "+")) {
    ExpressionPtr sign = make(Kind::Unary, take().text);
    sign->operands.push_back(parseSign(false));
    value = std::move(sign);
  } else {
    value = parsePostfix(parsePrimary());
  }
  if (withFilters)
    value = parseFilters(std::move(value));
  return failure.ok() ? std::move(value) : nullptr;
}

ExpressionPtr ExpressionParser::parsePrimary() {
  const Token token = peek();
  switch (token.kind) {
  case Token::Kind::Name:
    take();
    return parseNamed(token);
  case Token::Kind::String: {
    ExpressionPtr literal = make(Kind::Literal);
    std::string text;
    while (peek().kind == Token::Kind::String) // neighbours are one string
      text += take().text;
    literal->literal = Value(std::move(text));
    return literal;
  }
  case Token::Kind::Integer:
  case Token::Kind::Real: {
    ExpressionPtr literal = make(Kind::Literal);
    take();
    literal->literal = token.kind == Token::Kind::Integer
                           ? Value::integer(token.integer)
                           : Value::real(token.real);
    return literal;
  }
  default:
    return parseBracketed();
  }
}

ExpressionPtr ExpressionParser::parseNamed(const Token &token) {
  ExpressionPtr literal = make(Kind::Literal);
  literal->line = token.line;
  const std::string &name = token.text;
  if (name == "true" || name == "True")
    literal->literal = Value::boolean(true);
  else if (name == "false" || name == "False")
    literal->literal = Value::boolean(false);
  else if (name == "none" || name == "None")
    literal->literal = Value::none();
  else if (name == "if" || name == "else" || name == "in" || name == "is" ||
           name == "and" || name == "or")
    return fail("expects an expression, got " + storage::quote(name));
  else {
    literal->kind = Kind::Name;
    literal->name = name;
  }
  return literal;
}

ExpressionPtr ExpressionParser::parseBracketed() {
  if (skipOperator("["))
    return parseList("]");
  if (skipOperator("{"))
    return parseDict();
  if (!skipOperator("("))
    return fail("expects an expression, got " + storage::quote(peek().text));
  if (skipOperator(")"))
    return make(Kind::Tuple);
  ExpressionPtr value = parseExpression();
  if (skipOperator(")"))
    return value;
  // A comma makes it a tuple.
  ExpressionPtr tuple = make(Kind::Tuple);
  expectOperator(",");
  ExpressionPtr rest = parseList(")");
  if (!rest)
    return nullptr;
  tuple->operands = std::move(rest->operands);
  tuple->operands.insert(tuple->operands.begin(), std::move(value));
  return tuple;
}

ExpressionPtr ExpressionParser::parseList(std::string_view close) {
  ExpressionPtr list = make(Kind::List);
  while (failure.ok() && !skipOperator(close)) {
    list->operands.push_back(parseExpression());
    if (!peek().is(Token::Kind::Operator, close))
      expectOperator(",");
  }
  return failure.ok() ? std::move(list) : nullptr;
}

ExpressionPtr ExpressionParser::parseDict() {
  ExpressionPtr dict = make(Kind::Dict);
  while (failure.ok() && !skipOperator("}")) {
    dict->operands.push_back(parseExpression());
    expectOperator(":");
    dict->operands.push_back(parseExpression());
    if (!peek().is(Token::Kind::Operator, "}"))
      expectOperator(",");
  }
  return failure.ok() ? std::move(dict) : nullptr;
}

ExpressionPtr ExpressionParser::parsePostfix(ExpressionPtr operand) {
  while (operand) {
    if (skipOperator(".")) {
      bool isIndex = peek().kind == Token::Kind::Integer;
      ExpressionPtr access = make(isIndex ? Kind::Index : Kind::Attribute);
      if (isIndex)
        access->operands.push_back(parsePrimary());
      else
        access->name = expectName();
      wrap(operand, std::move(access));
    } else if (skipOperator("[")) {
      operand = parseSubscript(std::move(operand));
    } else if (peek().is(Token::Kind::Operator, "(")) {
      ExpressionPtr call = make(Kind::Call);
      parseArguments(*call);
      if (operand->kind == Kind::Attribute && !isMethod(operand->name))
        return fail("method " + storage::quote(operand->name) +
                    " is not supported");
      wrap(operand, std::move(call));
    } else {
      return operand;
    }
  }
  return nullptr;
}

ExpressionPtr ExpressionParser::parseSubscript(ExpressionPtr operand) {
  ExpressionPtr access = make(Kind::Slice);
  auto parseBound = [&](std::string_view close) -> ExpressionPtr {
    if (peek().is(Token::Kind::Operator, ":") ||
        peek().is(Token::Kind::Operator, close))
      return nullptr;
    return parseExpression();
  };
  access->operands.push_back(parseBound("]"));
  if (peek().is(Token::Kind::Operator, "]")) {
    if (!access->operands[0])
      return fail("expects an index, got ']'");
    access->kind = Kind::Index;
  } else {
    expectOperator(":");
    access->operands.push_back(parseBound("]"));
    access->operands.push_back(skipOperator(":") ? parseBound("]") : nullptr);
  }
  expectOperator("]");
  return wrap(operand, std::move(access)) ? std::move(operand) : nullptr;
}

ExpressionPtr ExpressionParser::parseFilters(ExpressionPtr operand) {
  while (operand) {
    if (skipOperator("|")) {
      ExpressionPtr filter = make(Kind::Filter, expectName());
      if (failure.ok() && !isFilter(filter->name))
        return fail("filter " + storage::quote(filter->name) +
                    " is not supported");
      if (peek().is(Token::Kind::Operator, "("))
        parseArguments(*filter);
      wrap(operand, std::move(filter));
    } else if (skipName("is")) {
      operand = parseTest(std::move(operand));
    } else if (peek().is(Token::Kind::Operator, "(")) {
      return fail("expects a name before '('");
    } else {
      return operand;
    }
  }
  return nullptr;
}

ExpressionPtr ExpressionParser::parseTest(ExpressionPtr operand) {
  ExpressionPtr test = make(Kind::Test);
  test->negated = skipName("not");
  test->name = expectName();
  if (failure.ok() && !isTest(test->name))
    return fail("test " + storage::quote(test->name) + " is not supported");
  if (peek().is(Token::Kind::Operator, "("))
    parseArguments(*test);
  else
    parseTestArgument(*test);
  return wrap(operand, std::move(test)) ? std::move(operand) : nullptr;
}

/// An argument without brackets: `is divisibleby 3`, `is in list`.
void ExpressionParser::parseTestArgument(Expression &test) {
  if (takesArgument(test.name))
    test.arguments.push_back(parsePostfix(parsePrimary()));
}

void ExpressionParser::parseArguments(Expression &call) {
  expectOperator("(");
  while (failure.ok() && !skipOperator(")")) {
    bool isKeyword = peek().kind == Token::Kind::Name &&
                     tokens[at + 1].is(Token::Kind::Operator, "=");
    if (isKeyword) {
      std::string name = take().text;
      take();
      call.keywords.emplace_back(std::move(name), parseExpression());
    } else if (peek().is(Token::Kind::Operator, "*") ||
               peek().is(Token::Kind::Operator, "**")) {
      fail("argument " + storage::quote(peek().text) + " is not supported");
    } else if (!call.keywords.empty()) {
      fail("expects keyword arguments after a keyword argument");
    } else {
      call.arguments.push_back(parseExpression());
    }
    if (!peek().is(Token::Kind::Operator, ")"))
      expectOperator(",");
  }
}

std::vector<std::pair<std::string, ExpressionPtr>>
ExpressionParser::parseParameters() {
  std::vector<std::pair<std::string, ExpressionPtr>> parameters;
  expectOperator("(");
  while (failure.ok() && !skipOperator(")")) {
    std::string name = expectName();
    parameters.emplace_back(std::move(name),
                            skipOperator("=") ? parseExpression() : nullptr);
    if (!peek().is(Token::Kind::Operator, ")"))
      expectOperator(",");
  }
  return parameters;
}

} // namespace ingot::text::jinja
