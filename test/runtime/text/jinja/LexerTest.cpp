//===- LexerTest.cpp - tags, whitespace and literals ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The expected texts are what Jinja 3.1 gives with trim_blocks and
// lstrip_blocks.
//
//===----------------------------------------------------------------------===//

#include "test/runtime/text/jinja/Rendered.h"

#include <gtest/gtest.h>

using namespace ingot::text::jinja;
using namespace ingot::text::jinja::test;

namespace {

TEST(Lexer, NewlineAfterABlockGoes) {
  EXPECT_EQ(rendered("{% if true %}\na\n{% endif %}\nb"), "a\nb");
}

TEST(Lexer, NewlineAfterAnOutputStays) {
  EXPECT_EQ(rendered("{{ 1 }}\nb"), "1\nb");
}

TEST(Lexer, BlanksBeforeABlockThatOpensItsLineGo) {
  EXPECT_EQ(rendered("a\n  {% if true %}b{% endif %}"), "a\nb");
  EXPECT_EQ(rendered("  {% if true %}b{% endif %}"), "b");
  EXPECT_EQ(rendered("a  {% if true %}b{% endif %}"), "a  b");
  EXPECT_EQ(rendered("{% if true %}\n  {% endif %}b"), "b");
}

TEST(Lexer, BlanksBeforeAnOutputStay) {
  EXPECT_EQ(rendered("a\n  {{ 1 }}"), "a\n  1");
}

TEST(Lexer, MinusTakesAllBlanks) {
  EXPECT_EQ(rendered("a \n {%- if true -%} \n b {%- endif %}"), "ab");
  EXPECT_EQ(rendered("a \n {{- 1 -}} \n b"), "a1b");
}

TEST(Lexer, PlusKeepsBlanks) {
  EXPECT_EQ(rendered("a\n {%+ if true +%}\nb{% endif %}"), "a\n \nb");
}

TEST(Lexer, CommentsGoWithTheirLine) {
  EXPECT_EQ(rendered("a\n  {# {{ no }} #}\nb {#- x -#} c"), "a\nbc");
}

TEST(Lexer, LastNewlineGoes) {
  EXPECT_EQ(rendered("a\n\n"), "a\n");
  EXPECT_EQ(rendered("a\r\nb\r\n"), "a\nb");
}

TEST(Lexer, BracesInsideADictEndNoTag) {
  EXPECT_EQ(rendered("{{ {'a': {'b': 1}}['a']['b'] }}"), "1");
  EXPECT_EQ(rendered("{{ '}}' }}"), "}}");
}

TEST(Lexer, EscapesInStrings) {
  EXPECT_EQ(valueOf(R"('\n\t\\\'\x41\u00e9\101\q')"), "\n\t\\'A\u00E9A\\q");
}

TEST(Lexer, NeighbouringStringsAreOne) {
  EXPECT_EQ(valueOf("'a' \"b\""), "ab");
}

TEST(Lexer, Numbers) {
  EXPECT_EQ(valueOf("12"), "12");
  EXPECT_EQ(valueOf("1.50"), "1.5");
  EXPECT_EQ(valueOf("1e3"), "1000.0");
}

TEST(Lexer, ErrorsNameTheirLine) {
  EXPECT_EQ(rendered("a\n\n{{ 'x }}"),
            "chat template: line 3: string has no end");
}

TEST(Lexer, TagsWithoutAnEnd) {
  EXPECT_EQ(failureOf("{{ a"), "output tag '{{' has no end");
  EXPECT_EQ(failureOf("{% if a"), "block tag '{%' has no end");
  EXPECT_EQ(failureOf("{# a"), "comment has no end");
}

TEST(Lexer, NumberThatGoesOn) {
  EXPECT_EQ(failureOf("{{ 1a }}"),
            "number '1' is too large or goes on with a letter");
  EXPECT_EQ(
      failureOf("{{ 9223372036854775808 }}"),
      "number '9223372036854775808' is too large or goes on with a letter");
}

TEST(Lexer, BadEscape) {
  EXPECT_EQ(failureOf("{{ '\\xg' }}"), "escape '\\x' expects 2 hex digits");
}

TEST(Lexer, CharacterWithoutAMeaning) {
  EXPECT_EQ(failureOf("{{ é }}"), "unexpected character 'é'");
}

TEST(Lexer, MessageEscapesControlCharacters) {
  EXPECT_EQ(failureOf("{{ \x1b }}"), "unexpected character '\\x1b'");
}

TEST(Lexer, SourceOverTheLimit) {
  EXPECT_EQ(rendered(std::string(maxSourceBytes + 1, 'a')),
            "chat template expects at most 1048576 bytes, got 1048577");
}

} // namespace
