//===- ExpressionTest.cpp - what expressions give ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The expected values are what Jinja 3.1 and Python give.
//
//===----------------------------------------------------------------------===//

#include "test/runtime/text/jinja/Rendered.h"

#include <gtest/gtest.h>

using namespace ingot::text::jinja;
using namespace ingot::text::jinja::test;

namespace {

TEST(Expression, Precedence) {
  EXPECT_EQ(valueOf("2 + 3 * 4 - 1"), "13");
  EXPECT_EQ(valueOf("2 * 3 ~ 4 * 5"), "620");
  EXPECT_EQ(valueOf("not 1 == 2 and true or false"), "True");
  EXPECT_EQ(valueOf("-3 | abs"), "3");
}

TEST(Expression, DivisionRoundsDown) {
  EXPECT_EQ(valueOf("-7 // 2"), "-4");
  EXPECT_EQ(valueOf("-7 % 3"), "2");
  EXPECT_EQ(valueOf("7 % -3"), "-2");
  EXPECT_EQ(valueOf("4 / 2"), "2.0");
  EXPECT_EQ(valueOf("-7.5 // 2"), "-4.0");
}

TEST(Expression, FloatsHaveTheirShortestText) {
  EXPECT_EQ(valueOf("0.1 + 0.2"), "0.30000000000000004");
  EXPECT_EQ(valueOf("0.00001"), "1e-05");
  EXPECT_EQ(valueOf("1e16"), "1e+16");
  EXPECT_EQ(valueOf("1e15"), "1000000000000000.0");
}

TEST(Expression, ComparisonsChain) {
  EXPECT_EQ(valueOf("1 < 2 < 3"), "True");
  EXPECT_EQ(valueOf("3 > 2 > 2"), "False");
  EXPECT_EQ(valueOf("1 <= 1 and 2 >= 3"), "False");
}

TEST(Expression, EqualityAcrossKinds) {
  EXPECT_EQ(valueOf("1 == 1.0 and true == 1"), "True");
  EXPECT_EQ(valueOf("'1' == 1 or none == false"), "False");
  EXPECT_EQ(valueOf("[1, {'a': 2}] == [1, {'a': 2}]"), "True");
  EXPECT_EQ(valueOf("[1] == (1,)"), "False");
}

TEST(Expression, Membership) {
  EXPECT_EQ(valueOf("'b' in 'abc' and 1 in [1] and 'k' in {'k': 0}"), "True");
  EXPECT_EQ(valueOf("1 not in [1]"), "False");
  EXPECT_EQ(valueOf("'a' in missing"), "False");
}

TEST(Expression, LogicalOperatorsGiveAnOperand) {
  EXPECT_EQ(valueOf("'' or 'b'"), "b");
  EXPECT_EQ(valueOf("'a' and 0"), "0");
}

TEST(Expression, LogicalOperatorsStopEarly) {
  EXPECT_EQ(valueOf("true or missing.member"), "True");
}

TEST(Expression, InlineIf) {
  EXPECT_EQ(valueOf("'a' if false else 'b' if true else 'c'"), "b");
  EXPECT_EQ(valueOf("'a' if false"), "");
}

TEST(Expression, ItemsFromBothEnds) {
  EXPECT_EQ(valueOf("[1, 2, 3][-1]"), "3");
  EXPECT_EQ(valueOf("'né'[1]"), "é");
  EXPECT_EQ(valueOf("[1][5] is defined"), "False");
  EXPECT_EQ(valueOf("{'a': 1}.a + {'a': 1}['a']"), "2");
}

TEST(Expression, Slices) {
  EXPECT_EQ(valueOf("[1, 2, 3][1:]"), "[2, 3]");
  EXPECT_EQ(valueOf("[1, 2, 3][::-1]"), "[3, 2, 1]");
  EXPECT_EQ(valueOf("[1, 2, 3, 4, 5][4:0:-2]"), "[5, 3]");
  EXPECT_EQ(valueOf("[1, 2, 3][-2:9]"), "[2, 3]");
  EXPECT_EQ(valueOf("'héllo'[1:3]"), "él");
  EXPECT_EQ(valueOf("[1, 2][::9223372036854775807]"), "[1]");
}

TEST(Expression, RepeatsAndJoins) {
  EXPECT_EQ(valueOf("'ab' * 2 + 'c'"), "ababc");
  EXPECT_EQ(valueOf("2 * [1] + [2]"), "[1, 1, 2]");
  EXPECT_EQ(valueOf("1 ~ none ~ true ~ missing"), "1NoneTrue");
}

TEST(Expression, ValuesAsPythonWritesThem) {
  EXPECT_EQ(valueOf("[1, 'a', \"it's\", none, true, 1.0, {'k': []}]"),
            "[1, 'a', \"it's\", None, True, 1.0, {'k': []}]");
  EXPECT_EQ(valueOf("[(), (1,), (1, 2), '\\n\\x01']"),
            "[(), (1,), (1, 2), '\\n\\x01']");
}

TEST(Expression, LaterKeyOfADictWins) {
  EXPECT_EQ(valueOf("{'a': 1, 'b': 2, 'a': 3}"), "{'a': 3, 'b': 2}");
}

TEST(Expression, UndefinedHasNoMembers) {
  EXPECT_EQ(failureOf("{{ missing.x }}"), "undefined has no member 'x'");
  EXPECT_EQ(failureOf("{{ missing[0] }}"), "undefined has no items");
}

TEST(Expression, OperandsOfTheWrongKind) {
  EXPECT_EQ(failureOf("{{ 'a' + 1 }}"),
            "operator '+' does not take string and integer");
  EXPECT_EQ(failureOf("{{ missing + 'a' }}"),
            "operator '+' does not take undefined and string");
  EXPECT_EQ(failureOf("{{ 'a' < 1 }}"),
            "operator '<' does not take string and integer");
  EXPECT_EQ(failureOf("{{ 1 in 2 }}"),
            "operator 'in' does not take integer and integer");
  EXPECT_EQ(failureOf("{{ -'a' }}"), "sign '-' does not take string");
  EXPECT_EQ(failureOf("{{ none[1:] }}"), "none cannot be sliced");
  EXPECT_EQ(failureOf("{{ {1: 2} }}"),
            "dict key expects a string, got integer");
}

TEST(Expression, ArithmeticWithoutAResult) {
  EXPECT_EQ(failureOf("{{ 1 // 0 }}"), "division by zero");
  EXPECT_EQ(failureOf("{{ 9223372036854775807 + 1 }}"),
            "integer overflow in '+'");
  EXPECT_EQ(failureOf("{{ (-9223372036854775807 - 1) // -1 }}"),
            "integer overflow in '//'");
  EXPECT_EQ(failureOf("{{ [1][::0] }}"),
            "slice step expects a number but 0, got 0");
}

TEST(Expression, SyntaxErrors) {
  EXPECT_EQ(failureOf("{{ 1 + }}"), "expects an expression, got ''");
  EXPECT_EQ(failureOf("{{ (1 }}"), "output tag '{{' has no end");
  EXPECT_EQ(failureOf("{{ a.1b }}"),
            "number '1' is too large or goes on with a letter");
  EXPECT_EQ(failureOf("{{ a['b'; }}"), "unexpected character ';'");
  EXPECT_EQ(failureOf("{{ a[] }}"), "expects an index, got ']'");
  EXPECT_EQ(failureOf("{{ a.'b' }}"), "expects a name, got 'b'");
  EXPECT_EQ(failureOf("{{ f(a=1, 2) }}"),
            "expects keyword arguments after a keyword argument");
  EXPECT_EQ(failureOf("{{ [1 2] }}"), "expects ',', got '2'");
  EXPECT_EQ(failureOf("{{ a | trim (1) (2) }}"), "expects a name before '('");
  EXPECT_EQ(failureOf("{{ if }}"), "expects an expression, got 'if'");
}

TEST(Expression, WhatIsNotSupported) {
  EXPECT_EQ(failureOf("{{ 2 ** 3 }}"), "operator '**' is not supported");
  for (const char *name :
       {"indent", "min", "max", "sum", "round", "float", "wordcount", "groupby",
        "batch", "escape", "xmlattr"})
    EXPECT_EQ(failureOf("{{ a | " + std::string(name) + " }}"),
              "filter '" + std::string(name) + "' is not supported");
  for (const char *name : {"lower", "upper", "sameas", "filter", "escaped"})
    EXPECT_EQ(failureOf("{{ a is " + std::string(name) + " }}"),
              "test '" + std::string(name) + "' is not supported");
  for (const char *name : {"append", "update", "format", "isdigit", "partition",
                           "splitlines", "removeprefix", "cycle", "__class__"})
    EXPECT_EQ(failureOf("{{ a." + std::string(name) + "(1) }}"),
              "method '" + std::string(name) + "' is not supported");
  EXPECT_EQ(failureOf("{{ f(*a) }}"), "argument '*' is not supported");
}

} // namespace
