//===- BudgetTest.cpp - templates that would not end ------------*- C++ -*-===//
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

std::string repeated(const std::string &text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i)
    result += text;
  return result;
}

TEST(Budget, NestedLoopsRunOutOfSteps) {
  EXPECT_EQ(failureOf("{% for a in range(99999) %}{% for b in range(99999) %}"
                      "{% endfor %}{% endfor %}"),
            "rendering takes over 5000000 steps");
}

TEST(Budget, DoublingTextRunsOutOfBytes) {
  EXPECT_EQ(failureOf("{% set ns = namespace(t='ab') %}{% for a in range(99) %}"
                      "{% set ns.t = ns.t ~ ns.t %}{% endfor %}"),
            "rendering makes strings of over 268435456 bytes");
}

TEST(Budget, DoublingListRunsOutOfSteps) {
  EXPECT_EQ(failureOf("{% set ns = namespace(t=[1]) %}{% for a in range(99) %}"
                      "{% set ns.t = ns.t + ns.t %}{% endfor %}"),
            "rendering takes over 5000000 steps");
}

TEST(Budget, RepeatedText) {
  EXPECT_EQ(failureOf("{{ 'a' * 9223372036854775807 }}"),
            "operator '*' makes over 268435456 items");
  EXPECT_EQ(valueOf("('' * 9223372036854775807) ~ ([] * 9999999999999)"), "[]");
}

// Thirty levels of a list that holds its inside twice: 2^30 items to write.
TEST(Budget, SharedItemsRunOutOfSteps) {
  std::string source = "{% set ns = namespace(t=[]) %}{% for a in range(30) %}"
                       "{% set ns.t = [ns.t, ns.t] %}{% endfor %}";
  EXPECT_EQ(failureOf(source + "{{ ns.t | tojson }}"),
            "rendering takes over 5000000 steps");
  EXPECT_EQ(failureOf(source + "{{ ns.t == [ns.t[0], ns.t[1]] }}"),
            "rendering takes over 5000000 steps");
}

TEST(Budget, ListsNestTooDeeply) {
  EXPECT_EQ(failureOf("{% set ns = namespace(t=[]) %}{% for a in range(200) %}"
                      "{% set ns.t = [ns.t] %}{% endfor %}"),
            "a list holds a namespace or nests over 100 levels");
  EXPECT_EQ(failureOf("{% set ns = namespace(t={}) %}{% for a in range(200) %}"
                      "{% set ns.t = {'a': ns.t} %}{% endfor %}"),
            "a dict holds a namespace or nests over 100 levels");
}

// It could hold itself: a cycle that is never freed and never written to an
// end.
TEST(Budget, NamespaceIsNoItem) {
  EXPECT_EQ(failureOf("{% set a = namespace() %}{% set a.b = a %}"),
            "a namespace cannot be a member of one");
  EXPECT_EQ(failureOf("{% set a = namespace() %}{{ namespace(b=a) }}"),
            "a namespace cannot be a member of one");
  EXPECT_EQ(failureOf("{% set a = namespace() %}{{ [a] }}"),
            "a list holds a namespace or nests over 100 levels");
}

TEST(Budget, MacroThatCallsItself) {
  EXPECT_EQ(failureOf("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"),
            "evaluation nests over 1000 levels");
}

TEST(Budget, SourceNestsTooDeeply) {
  EXPECT_EQ(failureOf("{{ " + repeated("(", 5000) + "1" + repeated(")", 5000) +
                      " }}"),
            "nests over 100 levels");
  EXPECT_EQ(failureOf("{{ " + repeated("not ", 5000) + "1 }}"),
            "nests over 100 levels");
  EXPECT_EQ(failureOf("{{ " + repeated("-", 5000) + "1 }}"),
            "nests over 100 levels");
  EXPECT_EQ(failureOf(repeated("{% if a %}", 5000)), "nests over 100 levels");
  EXPECT_EQ(failureOf("{% if a %}" + repeated("{% elif a %}", 5000)),
            "nests over 100 levels");
}

TEST(Budget, OperatorsChainTooLong) {
  for (std::string link : {" + 1", ".a", "[0]", "|trim", " or 1", " is true",
                           " if 1", "|trim + 1"})
    EXPECT_EQ(failureOf("{{ 1" + repeated(link, 5000) + " }}"),
              "expression has over 500 operators")
        << link;
}

TEST(Budget, LongestChainStillRuns) {
  EXPECT_EQ(valueOf("1" + repeated(" + 1", 499)), "500");
}

} // namespace
