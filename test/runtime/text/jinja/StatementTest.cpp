//===- StatementTest.cpp - what statements do -------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/text/jinja/Rendered.h"

#include <gtest/gtest.h>

using namespace ingot::text::jinja;
using namespace ingot::text::jinja::test;

namespace {

TEST(Statement, IfTakesTheFirstTrueBranch) {
  std::string source = "{% if a %}A{% elif b %}B{% elif c %}C{% else %}D"
                       "{% endif %}";
  Value yes = Value::boolean(true);
  EXPECT_EQ(rendered(source, {{"a", yes}, {"b", yes}}), "A");
  EXPECT_EQ(rendered(source, {{"b", yes}, {"c", yes}}), "B");
  EXPECT_EQ(rendered(source, {{"c", yes}}), "C");
  EXPECT_EQ(rendered(source), "D");
}

TEST(Statement, LoopKnowsWhereItIs) {
  EXPECT_EQ(rendered("{% for x in 'abc' %}{{ loop.index }}{{ loop.index0 }}"
                     "{{ loop.revindex }}{{ loop.length }}"
                     "{{ '<' if loop.first }}{{ '>' if loop.last }} "
                     "{% endfor %}"),
            "1033< 2123 3213> ");
}

TEST(Statement, LoopKnowsItsNeighbours) {
  EXPECT_EQ(rendered("{% for x in [1, 2] %}{{ loop.previtem }}-"
                     "{{ loop.nextitem }} {% endfor %}"),
            "-2 1- ");
}

TEST(Statement, LoopFilterCountsOnlyWhatItKeeps) {
  EXPECT_EQ(rendered("{% for x in range(5) if x % 2 %}{{ x }}/"
                     "{{ loop.length }} {% endfor %}"),
            "1/2 3/2 ");
}

TEST(Statement, LoopOverNothingTakesElse) {
  EXPECT_EQ(rendered("{% for x in [] %}a{% else %}b{% endfor %}"), "b");
  EXPECT_EQ(rendered("{% for x in missing %}a{% else %}b{% endfor %}"), "b");
}

TEST(Statement, LoopUnpacksItems) {
  EXPECT_EQ(rendered("{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}"
                     "{{ v }}{% endfor %}"),
            "a1b2");
}

TEST(Statement, BreakAndContinue) {
  EXPECT_EQ(rendered("{% for x in range(9) %}{% if x == 1 %}{% continue %}"
                     "{% elif x == 4 %}{% break %}{% endif %}{{ x }}"
                     "{% endfor %}"),
            "023");
}

TEST(Statement, SetInALoopEndsWithItsTurn) {
  EXPECT_EQ(rendered("{% set x = 1 %}{% for i in [1, 2] %}{{ x }}"
                     "{% set x = 5 %}{% endfor %}{{ x }}"),
            "111");
}

TEST(Statement, SetInAnIfStays) {
  EXPECT_EQ(rendered("{% if true %}{% set x = 1 %}{% endif %}{{ x }}"), "1");
}

TEST(Statement, NamespaceOutlivesALoop) {
  EXPECT_EQ(rendered("{% set ns = namespace(n=0) %}{% for i in [1, 2] %}"
                     "{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}"),
            "3");
}

TEST(Statement, SetOfABlockAndOfSeveral) {
  EXPECT_EQ(rendered("{% set a, b = 1, 2 %}{% set t %}<{{ a }}{{ b }}>"
                     "{% endset %}{{ t }}"),
            "<12>");
}

TEST(Statement, MacroHasDefaultsAndKeywords) {
  EXPECT_EQ(rendered("{% macro f(a, b='B') %}[{{ a }}{{ b }}]{% endmacro %}"
                     "{{ f(1) }}{{ f(1, b=2) }}{{ f(b=3) }}"),
            "[1B][12][3]");
}

TEST(Statement, MacroSeesOnlyTheTemplatesVariables) {
  EXPECT_EQ(rendered("{% set g = 'g' %}{% macro f() %}{{ g }}{{ x }}"
                     "{% endmacro %}{% for x in [1] %}{{ f() }}{% endfor %}"),
            "g");
}

TEST(Statement, GenerationMarksAreNoText) {
  EXPECT_EQ(rendered("{% generation %}a{% endgeneration %}"), "a");
}

TEST(Statement, RaisedExceptionCarriesItsMessageAndLine) {
  EXPECT_EQ(rendered("a\n{{ raise_exception('no tools') }}"),
            "chat template: line 2: the template raised 'no tools'");
}

TEST(Statement, BlockWithoutAnEnd) {
  EXPECT_EQ(failureOf("{% if a %}b"),
            "expects 'elif' or 'else' or 'endif', got the end");
  EXPECT_EQ(failureOf("{% for a in b %}{% endif %}"),
            "statement 'endif' is not supported here");
}

TEST(Statement, SyntaxErrors) {
  EXPECT_EQ(failureOf("{% for a of b %}"), "expects 'in', got 'of'");
  EXPECT_EQ(failureOf("{% if a b %}"), "expects '%}', got 'b'");
  EXPECT_EQ(failureOf("{{ a b }}"), "expects '}}', got 'b'");
  EXPECT_EQ(failureOf("{% 1 %}"), "expects a statement, got '1'");
  EXPECT_EQ(failureOf("{% set a, b %}"), "expects '=', got ''");
}

TEST(Statement, WhatIsNotSupported) {
  EXPECT_EQ(failureOf("{% include 'a' %}"),
            "statement 'include' is not supported here");
  EXPECT_EQ(failureOf("{% break %}"),
            "statement 'break' is not supported here");
  EXPECT_EQ(failureOf("{% for a in b recursive %}"),
            "statement 'for ... recursive' is not supported");
  EXPECT_EQ(failureOf("{% set a | trim %}"),
            "statement 'set' with a filter is not supported");
}

TEST(Statement, LoopOverWhatHasNoItems) {
  EXPECT_EQ(failureOf("{% for a in 1 %}{% endfor %}"),
            "integer cannot be iterated");
}

TEST(Statement, UnpackingTheWrongNumber) {
  EXPECT_EQ(failureOf("{% set a, b = [1] %}"), "expects 2 values, got 1");
  EXPECT_EQ(failureOf("{% set a, b = 1 %}"), "expects 2 values, got integer");
}

TEST(Statement, MemberOfWhatIsNoNamespace) {
  EXPECT_EQ(failureOf("{% set a = {} %}{% set a.b = 1 %}"),
            "'a' expects a namespace, got dict");
  EXPECT_EQ(failureOf("{% set a.b = 1 %}"),
            "'a' expects a namespace, got undefined");
}

TEST(Statement, CallOfWhatIsNoFunction) {
  EXPECT_EQ(failureOf("{{ missing() }}"),
            "'missing' expects a function, got undefined");
  EXPECT_EQ(failureOf("{% macro f() %}{% endmacro %}{{ f(1) }}"),
            "'f' takes at most 0 arguments, got 1");
}

} // namespace
