//===- Language.h - the names that templates may use ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which filters, tests and methods there are, each next to its code, so that a
// template is refused when it is read and not when a rare branch runs.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_LANGUAGE_H
#define INGOT_RUNTIME_TEXT_JINJA_LANGUAGE_H

#include "runtime/text/jinja/Budget.h"
#include "runtime/text/jinja/Value.h"

#include <string>
#include <string_view>
#include <vector>

namespace ingot::text::jinja {

/// Evaluated arguments of a call, filter or test. Knows which were asked for,
/// so that one that has no meaning is refused rather than ignored.
class Arguments {
public:
  std::vector<Value> positional;
  Dict keywords;

  /// The argument at `index`, or the one called `name`; undefined if neither is
  /// given.
  Value get(size_t index, std::string_view name = {}) const;

  /// The positional arguments from `index` on.
  Arguments from(size_t index) const;

  /// Fails if an argument was given that nobody got.
  void checkUsed(std::string_view callee, Budget &budget) const;

private:
  mutable size_t positionalUsed = 0;
  mutable size_t keywordsUsed = 0;
};

bool isFilter(std::string_view name);
bool isTest(std::string_view name);
bool isMethod(std::string_view name);
/// Whether the test `is name` has an argument.
bool takesArgument(std::string_view test);

/// `value | name(arguments)`. The name is one of the filters.
Value applyFilter(std::string_view name, const Value &value,
                  const Arguments &arguments, Budget &budget);
/// `value is name(arguments)`.
bool applyTest(std::string_view name, const Value &value,
               const Arguments &arguments, Budget &budget);
/// `object.name(arguments)`. Fails if the object has no such method.
Value callMethod(const Value &object, std::string_view name,
                 const Arguments &arguments, Budget &budget);
/// `name(arguments)` of a function that `builtins` has.
Value callFunction(std::string_view name, const Arguments &arguments,
                   Budget &budget);

/// Names of the functions.
inline constexpr std::string_view builtins[] = {
    "range", "namespace", "dict", "raise_exception", "strftime_now"};

/// `value.name` and `value[index]`: undefined if it is not there; fails on an
/// undefined value, as Jinja does.
Value getAttribute(const Value &value, std::string_view name, Budget &budget);
Value getItem(const Value &value, const Value &index, Budget &budget);
/// `value[begin:end:step]`; bounds that are not numbers are left out.
Value getSlice(const Value &value, const Value &begin, const Value &end,
               const Value &step, Budget &budget);

/// Binary operators: + - * / // % ~.
Value applyBinary(std::string_view symbol, const Value &a, const Value &b,
                  Budget &budget);
/// Unary + and -.
Value applySign(std::string_view symbol, const Value &value, Budget &budget);
/// == != < <= > >= in, not in.
bool compare(std::string_view symbol, const Value &a, const Value &b,
             Budget &budget);
/// Whether `item` is in `container`, as Python's `in`.
bool contains(const Value &container, const Value &item, Budget &budget);

/// Python's str() of a value; undefined is empty.
std::string toText(const Value &value, Budget &budget);
/// How JSON is laid out: the arguments of Python's json.dumps.
struct JsonStyle {
  /// Spaces that a level is indented by; under 0 all is one line.
  int indent = -1;
  std::string itemSeparator = ", ", keySeparator = ": ";
  bool isAscii = false, sortsKeys = false;
};
/// Python's json.dumps(value).
std::string toJson(const Value &value, const JsonStyle &style, Budget &budget);

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_LANGUAGE_H
