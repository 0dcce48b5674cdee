//===- Calls.cpp - functions and their arguments ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Messages.h"
#include "runtime/text/Utf8.h"
#include "runtime/text/jinja/Language.h"

#include <algorithm>
#include <ctime>

namespace ingot::text::jinja {

namespace {

Value makeRange(const Arguments &arguments, Budget &budget) {
  Value first = arguments.get(0), second = arguments.get(1);
  Value third = arguments.get(2);
  for (const Value *bound : {&first, &second, &third})
    if (!bound->isInteger() && (bound == &first || !bound->isUndefined())) {
      budget.fail("range expects integers, got " +
                  std::string(bound->kindName()));
      return {};
    }
  int64_t begin = second.isInteger() ? first.asInteger() : 0;
  int64_t end = second.isInteger() ? second.asInteger() : first.asInteger();
  int64_t step = third.isInteger() ? third.asInteger() : 1;
  if (step == 0) {
    budget.fail("range expects a step but 0, got 0");
    return {};
  }
  List numbers;
  for (int64_t at = begin; step > 0 ? at < end : at > end;) {
    if (numbers.size() == maxRange) {
      budget.fail("range gives over " + std::to_string(maxRange) + " numbers");
      return {};
    }
    numbers.push_back(Value::integer(at));
    if (__builtin_add_overflow(at, step, &at))
      break;
  }
  budget.step(numbers.size());
  return makeList(std::move(numbers), budget);
}

/// The local time now, in a format of C's strftime: Python's has the same.
Value formatNow(const Arguments &arguments, Budget &budget) {
  Value format = arguments.get(0, "format");
  if (!format.isString()) {
    budget.fail("strftime_now expects a string, got " +
                std::string(format.kindName()));
    return {};
  }
  // The mark tells an empty result from one that does not fit.
  std::string marked = format.asString() + "!";
  std::time_t now = std::time(nullptr);
  std::tm local = {};
  char buffer[256];
  size_t length =
      localtime_r(&now, &local)
          ? std::strftime(buffer, sizeof(buffer), marked.c_str(), &local)
          : 0;
  if (length == 0 || format.asString().find('\0') != std::string::npos) {
    budget.fail("strftime_now cannot format " +
                storage::quote(format.asString()));
    return {};
  }
  return std::string(buffer, length - 1);
}

Value makeNamed(std::string_view name, const Arguments &arguments,
                Budget &budget) {
  arguments.checkUsed(name, budget);
  for (const auto &[key, value] : arguments.keywords)
    if (value.depth() > maxDepth) {
      budget.fail("a namespace cannot be a member of one");
      return {};
    }
  return name == "dict" ? makeDict(arguments.keywords, budget)
                        : Value::nameSpace(arguments.keywords);
}

} // namespace

Value Arguments::get(size_t index, std::string_view name) const {
  positionalUsed = std::max(positionalUsed, index + 1);
  if (index < positional.size())
    return positional[index];
  for (const auto &[key, value] : keywords)
    if (!name.empty() && key == name) {
      ++keywordsUsed;
      return value;
    }
  return {};
}

Arguments Arguments::from(size_t index) const {
  Arguments rest;
  if (index < positional.size())
    rest.positional.assign(positional.begin() + index, positional.end());
  positionalUsed = std::max(positionalUsed, positional.size());
  return rest;
}

void Arguments::checkUsed(std::string_view callee, Budget &budget) const {
  if (positional.size() > positionalUsed)
    budget.fail("'" + std::string(callee) + "' takes at most " +
                std::to_string(positionalUsed) + " arguments, got " +
                std::to_string(positional.size()));
  if (keywords.size() > keywordsUsed)
    budget.fail("'" + std::string(callee) +
                "' has a keyword argument that is not supported");
}

Value callFunction(std::string_view name, const Arguments &arguments,
                   Budget &budget) {
  Value result;
  if (name == "namespace" || name == "dict") {
    // Every keyword is a member here.
    for (size_t i = 0; i < arguments.keywords.size(); ++i)
      arguments.get(arguments.positional.size(), arguments.keywords[i].first);
    return makeNamed(name, arguments, budget);
  }
  if (name == "range")
    result = makeRange(arguments, budget);
  else if (name == "strftime_now")
    result = formatNow(arguments, budget);
  else
    budget.fail("the template raised '" +
                storage::escape(toText(arguments.get(0, "message"), budget)) +
                "'");
  arguments.checkUsed(name, budget);
  return result;
}

} // namespace ingot::text::jinja
