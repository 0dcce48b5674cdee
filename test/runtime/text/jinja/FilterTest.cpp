//===- FilterTest.cpp - filters, tests, methods, functions ------*- C++ -*-===//
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

TEST(Filter, Trim) {
  EXPECT_EQ(valueOf("' \\n\\u3000a b\\u00a0 ' | trim"), "a b");
  EXPECT_EQ(valueOf("'xxaxx' | trim('x')"), "a");
}

TEST(Filter, LengthCountsCharacters) {
  EXPECT_EQ(valueOf("'né' | length + [1] | length + {} | count"), "3");
  EXPECT_EQ(valueOf("missing | length"), "0");
}

TEST(Filter, ChangesCase) {
  EXPECT_EQ(valueOf("'aB' | upper ~ 'aB' | lower ~ 'aB cD' | capitalize"),
            "ABabAb cd");
  EXPECT_EQ(valueOf("\"they're a-b\" | title"), "They're A-B");
}

TEST(Filter, JsonOnOneLine) {
  EXPECT_EQ(valueOf("{'a': [1, 1.0, none, true, 'é\"\\n\\x01'], 'b': {}} | "
                    "tojson"),
            "{\"a\": [1, 1.0, null, true, \"é\\\"\\n\\u0001\"], \"b\": {}}");
}

TEST(Filter, JsonIndented) {
  EXPECT_EQ(valueOf("{'a': [1, 2], 'b': []} | tojson(indent=2)"),
            "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}");
}

TEST(Filter, DefaultStandsInForUndefined) {
  EXPECT_EQ(valueOf("missing | default('d') ~ '' | default('e') ~ '' | "
                    "d('f', true)"),
            "df");
}

TEST(Filter, Ends) {
  EXPECT_EQ(valueOf("[3, 1] | first ~ [3, 1] | last ~ 'abc' | first"), "31a");
}

TEST(Filter, Joins) {
  EXPECT_EQ(valueOf("[1, 'a'] | join(', ')"), "1, a");
  EXPECT_EQ(valueOf("[{'a': 1}, {'a': 2}] | join('-', attribute='a')"), "1-2");
}

TEST(Filter, Integers) {
  EXPECT_EQ(valueOf("' 12 ' | int + '3.7' | int + 2.9 | int + 'x' | int(5)"),
            "22");
  EXPECT_EQ(valueOf("1e30 | int(7)"), "7");
}

TEST(Filter, SelectsByTest) {
  EXPECT_EQ(valueOf("[0, 1, 2, 3] | select('odd') | list"), "[1, 3]");
  EXPECT_EQ(valueOf("[0, 1] | select | list"), "[1]");
  EXPECT_EQ(valueOf("[1, 2, 3] | reject('in', [1, 3]) | list"), "[2]");
}

TEST(Filter, SelectsByMember) {
  std::string items = "[{'r': {'s': 1}}, {'r': {'s': 2}}, {}]";
  EXPECT_EQ(valueOf(items + " | selectattr('r.s', 'equalto', 2) | list"),
            "[{'r': {'s': 2}}]");
  EXPECT_EQ(valueOf(items + " | rejectattr('r') | list"), "[{}]");
}

TEST(Filter, Maps) {
  EXPECT_EQ(valueOf("[{'a': 1}, {'a': 2}] | map(attribute='a') | list"),
            "[1, 2]");
  EXPECT_EQ(valueOf("[' a '] | map('trim') | list"), "['a']");
}

TEST(Filter, ReversesTextsAndLists) {
  EXPECT_EQ(valueOf("'né' | reverse ~ [1, 2] | reverse | list"), "én[2, 1]");
}

TEST(Filter, ItemsOfADict) {
  EXPECT_EQ(valueOf("{'a': 1} | items | list"), "[('a', 1)]");
  EXPECT_EQ(valueOf("missing | items | list"), "[]");
}

TEST(Filter, ValueOfTheWrongKind) {
  EXPECT_EQ(failureOf("{{ 1 | length }}"),
            "filter 'length' expects something that has a length, got integer");
  EXPECT_EQ(failureOf("{{ 1 | join }}"),
            "filter 'join' expects something to iterate, got integer");
  EXPECT_EQ(failureOf("{{ 'a' | abs }}"),
            "filter 'abs' expects a number, got string");
  EXPECT_EQ(failureOf("{{ 1 | reverse }}"),
            "filter 'reverse' expects a string or list, got integer");
  EXPECT_EQ(failureOf("{{ [missing] | tojson }}"),
            "undefined cannot be written as JSON");
  EXPECT_EQ(failureOf("{{ range }}"), "function cannot be written as text");
}

TEST(Filter, ArgumentOfTheWrongKind) {
  EXPECT_EQ(failureOf("{{ [1] | selectattr(1) }}"),
            "filter 'selectattr' expects the name of a member as its argument, "
            "got list");
  EXPECT_EQ(
      failureOf("{{ [1] | select('lower') }}"),
      "filter 'select' expects the name of a test as its argument, got list");
  EXPECT_EQ(failureOf("{{ [1] | map('map') }}"),
            "filter 'map' expects a member or the name of a filter as its "
            "argument, got list");
  EXPECT_EQ(failureOf("{{ 1 | tojson(indent=17) }}"),
            "'tojson' expects an indent of at most 16, got 17");
  EXPECT_EQ(failureOf("{{ 1 | tojson(separators=[',']) }}"),
            "'tojson' expects two texts as separators");
  EXPECT_EQ(failureOf("{{ [1, 'a'] | sort }}"),
            "filter 'sort' expects texts alone or numbers alone to order by, "
            "got list");
  EXPECT_EQ(failureOf("{{ [1] | dictsort }}"),
            "filter 'dictsort' expects a dict, got list");
}

// Letters beyond ASCII have no order without regard to case here.
TEST(Filter, OrderOfOtherLetters) {
  EXPECT_EQ(failureOf("{{ ['\u00fc', 'a'] | sort }}"),
            "'lower' expects ASCII text, got '\u00fc'");
  EXPECT_EQ(valueOf("['\u00fc', 'a'] | sort(case_sensitive=true)"),
            "['a', '\u00fc']");
}

TEST(Filter, OrderOfNoNumber) {
  EXPECT_EQ(failureOf("{{ [1e308 * 10 - 1e308 * 10, 1] | sort }}"),
            "filter 'sort' expects texts alone or numbers alone to order by, "
            "got list");
}

TEST(Method, JoinOfOtherThings) {
  EXPECT_EQ(failureOf("{{ ','.join(1) }}"),
            "'join' expects something to iterate, got integer");
  EXPECT_EQ(failureOf("{{ ','.join([1]) }}"),
            "'join' expects a string, got integer");
}

TEST(Filter, ArgumentWithoutAMeaning) {
  EXPECT_EQ(failureOf("{{ [1] | first(2) }}"),
            "'first' takes at most 0 arguments, got 1");
  EXPECT_EQ(failureOf("{{ 1 | tojson(cls=1) }}"),
            "'tojson' has a keyword argument that is not supported");
}

TEST(Test, Kinds) {
  EXPECT_EQ(valueOf("[1 is number, 1 is integer, true is integer, 1.5 is "
                    "float, 'a' is string, {} is mapping, 'a' is iterable, "
                    "[] is sequence, true is boolean, none is none]"),
            "[True, True, False, True, True, True, True, True, True, True]");
}

TEST(Test, Definedness) {
  EXPECT_EQ(valueOf("[missing is defined, missing is not defined, missing is "
                    "undefined, missing is none, none is defined]"),
            "[False, True, True, False, True]");
  EXPECT_EQ(valueOf("strftime_now is defined and range is callable"), "True");
}

TEST(Test, Truth) {
  EXPECT_EQ(valueOf("[true is true, 1 is true, false is false, 0 is false]"),
            "[True, False, True, False]");
}

TEST(Test, Comparisons) {
  EXPECT_EQ(valueOf("[3 is odd, 3 is even, 4 is divisibleby 2, 4 is "
                    "divisibleby(3), 1 is eq 1, 'a' is equalto('b'), 2 is gt "
                    "1, 1 is in [1]]"),
            "[True, False, True, False, True, False, True, True]");
}

TEST(Method, Strips) {
  EXPECT_EQ(valueOf("'<' ~ ' a '.strip() ~ ' a '.lstrip() ~ ' a '.rstrip()"),
            "<aa  a");
  EXPECT_EQ(valueOf("'éaé'.strip('é') ~ '\\n\\na'.lstrip('\\n')"), "aa");
}

TEST(Method, Splits) {
  EXPECT_EQ(valueOf("'a,b,c'.split(',') + 'a,b,c'.split(',', 1) + "
                    "'a,b,c'.rsplit(',', 1) + ' a  b '.split()"),
            "['a', 'b', 'c', 'a', 'b,c', 'a,b', 'c', 'a', 'b']");
  EXPECT_EQ(valueOf("'<think>x</think>y'.split('</think>')[-1]"), "y");
}

TEST(Method, MatchesEnds) {
  EXPECT_EQ(valueOf("'abc'.startswith('ab') and 'abc'.endswith(('x', 'c'))"),
            "True");
}

TEST(Method, ReplacesAndFinds) {
  EXPECT_EQ(valueOf("'abab'.replace('b', '--') ~ 'aaa'.replace('a', 'b', 2)"),
            "a--a--bba");
  EXPECT_EQ(valueOf("'éab'.find('b') ~ 'a'.find('x') ~ 'abab'.count('ab')"),
            "2-12");
}

TEST(Method, ChangesCase) {
  EXPECT_EQ(valueOf("'aB'.upper() ~ 'aB'.lower() ~ \"it's a\".title() ~ "
                    "'aB'.capitalize()"),
            "ABabIt'S AAb");
}

TEST(Method, OfDicts) {
  EXPECT_EQ(valueOf("{'a': 1}.get('a') ~ {}.get('b') ~ {}.get('b', 2)"),
            "1None2");
  EXPECT_EQ(valueOf("{'a': 1}.keys() | list + {'a': 1}.values() | list"),
            "['a', 1]");
}

TEST(Method, OfTheWrongKind) {
  EXPECT_EQ(failureOf("{{ [].strip() }}"), "list has no method 'strip'");
  EXPECT_EQ(failureOf("{{ missing.items() }}"),
            "undefined has no method 'items'");
}

TEST(Method, ArgumentOfTheWrongKind) {
  EXPECT_EQ(failureOf("{{ 'a'.startswith(1) }}"),
            "'startswith' expects a string, got integer");
  EXPECT_EQ(failureOf("{{ 'a'.split('') }}"),
            "'split' expects a separator, got an empty one");
  EXPECT_EQ(failureOf("{{ 'a'.split(none, 1) }}"),
            "'split' expects a separator where it has a limit, got none");
  EXPECT_EQ(failureOf("{{ 'a'.replace('', 'b') }}"),
            "'replace' expects a text to look for, got an empty one");
}

// Python maps letters of all scripts; a wrong letter would go unnoticed.
TEST(Method, CaseOfOtherScriptsIsRefused) {
  EXPECT_EQ(failureOf("{{ 'é'.upper() }}"),
            "'upper' expects ASCII text, got 'é'");
}

TEST(Function, Range) {
  EXPECT_EQ(valueOf("range(3) | list + range(1, 3) | list + range(5, 0, -2) | "
                    "list"),
            "[0, 1, 2, 1, 2, 5, 3, 1]");
  EXPECT_EQ(failureOf("{{ range('a') }}"),
            "range expects integers, got string");
  EXPECT_EQ(failureOf("{{ range(0, 1, 0) }}"),
            "range expects a step but 0, got 0");
  EXPECT_EQ(failureOf("{{ range(100001) }}"),
            "range gives over 100000 numbers");
}

TEST(Function, DictOfKeywords) {
  EXPECT_EQ(valueOf("dict(a=1, b=2)"), "{'a': 1, 'b': 2}");
}

TEST(Function, TimeNow) {
  EXPECT_EQ(valueOf("strftime_now('%Y') | int > 2023"), "True");
  EXPECT_EQ(valueOf("strftime_now('')"), "");
  EXPECT_EQ(failureOf("{{ strftime_now(1) }}"),
            "strftime_now expects a string, got integer");
  EXPECT_EQ(failureOf("{{ strftime_now('a' * 300) }}"),
            "strftime_now cannot format '" + std::string(120, 'a') + "...'");
}

} // namespace
