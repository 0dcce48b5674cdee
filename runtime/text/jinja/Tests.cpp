//===- Tests.cpp - the tests of `is` ----------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Language.h"

#include <algorithm>
#include <iterator>

namespace ingot::text::jinja {

namespace {

using Predicate = bool (*)(const Value &);

struct SimpleTest {
  std::string_view name;
  Predicate holds;
};

/// Tests of one value.
constexpr SimpleTest simpleTests[] = {
    {"defined", [](const Value &v) { return !v.isUndefined(); }},
    {"undefined", [](const Value &v) { return v.isUndefined(); }},
    {"none", [](const Value &v) { return v.isNone(); }},
    {"string", [](const Value &v) { return v.isString(); }},
    {"mapping", [](const Value &v) { return v.isDict(); }},
    {"number", [](const Value &v) { return v.isNumber(); }},
    {"integer", [](const Value &v) { return v.isInteger() && !v.isBoolean(); }},
    {"float", [](const Value &v) { return v.isReal(); }},
    {"boolean", [](const Value &v) { return v.isBoolean(); }},
    {"true", [](const Value &v) { return v.isBoolean() && v.isTrue(); }},
    {"false", [](const Value &v) { return v.isBoolean() && !v.isTrue(); }},
    // Undefined stands in for all of these three in Jinja.
    {"iterable",
     [](const Value &v) {
       return v.isString() || v.isList() || v.isDict() || v.isUndefined();
     }},
    {"sequence",
     [](const Value &v) {
       return v.isString() || v.isList() || v.isDict() || v.isUndefined();
     }},
    {"callable",
     [](const Value &v) {
       return v.isUndefined() || v.asMacro() || v.asFunction();
     }},
};

/// Comparisons under the names that a test gives them.
struct ComparisonTest {
  std::string_view name, symbol;
};
constexpr ComparisonTest comparisonTests[] = {
    {"equalto", "=="}, {"eq", "=="},         {"==", "=="}, {"ne", "!="},
    {"!=", "!="},      {"lt", "<"},          {"<", "<"},   {"lessthan", "<"},
    {"le", "<="},      {"<=", "<="},         {"gt", ">"},  {">", ">"},
    {"ge", ">="},      {"greaterthan", ">"}, {">=", ">="}, {"in", "in"},
};

const SimpleTest *findSimple(std::string_view name) {
  auto found =
      std::find_if(std::begin(simpleTests), std::end(simpleTests),
                   [=](const SimpleTest &t) { return t.name == name; });
  return found == std::end(simpleTests) ? nullptr : found;
}

const ComparisonTest *findComparison(std::string_view name) {
  auto found =
      std::find_if(std::begin(comparisonTests), std::end(comparisonTests),
                   [=](const ComparisonTest &t) { return t.name == name; });
  return found == std::end(comparisonTests) ? nullptr : found;
}

bool isDivisible(const Value &value, const Value &by, Budget &budget) {
  return applyBinary("%", value, by, budget).isTrue() == false && budget.ok();
}

} // namespace

bool isTest(std::string_view name) {
  return findSimple(name) || name == "odd" || name == "even" ||
         takesArgument(name);
}

bool takesArgument(std::string_view test) {
  return findComparison(test) || test == "divisibleby";
}

bool applyTest(std::string_view name, const Value &value,
               const Arguments &arguments, Budget &budget) {
  bool passes = false;
  if (const SimpleTest *test = findSimple(name))
    passes = test->holds(value);
  else if (const ComparisonTest *test = findComparison(name))
    passes = compare(test->symbol, value, arguments.get(0), budget);
  else if (name == "divisibleby")
    passes = isDivisible(value, arguments.get(0), budget);
  else if (name == "odd" || name == "even")
    passes = isDivisible(value, Value::integer(2), budget) == (name == "even");
  else
    budget.fail("test '" + std::string(name) + "' is not supported");
  arguments.checkUsed(name, budget);
  return passes;
}

} // namespace ingot::text::jinja
