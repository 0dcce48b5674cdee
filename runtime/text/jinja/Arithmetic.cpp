//===- Arithmetic.cpp - operators on values ---------------------*- C++ -*-===//
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
#include <cmath>

namespace ingot::text::jinja {

namespace {

std::string describe(std::string_view symbol, const Value &a, const Value &b) {
  return "operator '" + std::string(symbol) + "' does not take " +
         a.kindName() + " and " + b.kindName();
}

/// Quotient rounded down, as Python has it; `b` is not 0.
int64_t floorDivide(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

Value applyToIntegers(std::string_view symbol, int64_t a, int64_t b,
                      Budget &budget) {
  int64_t result = 0;
  bool overflows = false;
  if (symbol == "+")
    overflows = __builtin_add_overflow(a, b, &result);
  else if (symbol == "-")
    overflows = __builtin_sub_overflow(a, b, &result);
  else if (symbol == "*")
    overflows = __builtin_mul_overflow(a, b, &result);
  else if (a == INT64_MIN && b == -1)
    overflows = true;
  else
    result = symbol == "//" ? floorDivide(a, b) : a - floorDivide(a, b) * b;
  if (overflows)
    budget.fail("integer overflow in '" + std::string(symbol) + "'");
  return Value::integer(result);
}

Value applyToNumbers(std::string_view symbol, const Value &a, const Value &b,
                     Budget &budget) {
  bool divides = symbol == "/" || symbol == "//" || symbol == "%";
  if (divides && b.asReal() == 0) {
    budget.fail("division by zero");
    return {};
  }
  if (symbol != "/" && a.isInteger() && b.isInteger())
    return applyToIntegers(symbol, a.asInteger(), b.asInteger(), budget);
  double x = a.asReal(), y = b.asReal();
  if (symbol == "+")
    return Value::real(x + y);
  if (symbol == "-")
    return Value::real(x - y);
  if (symbol == "*")
    return Value::real(x * y);
  if (symbol == "/")
    return Value::real(x / y);
  double floor = std::floor(x / y);
  return Value::real(symbol == "//" ? floor : x - floor * y);
}

Value joinTexts(const std::string &a, const std::string &b, Budget &budget) {
  if (!budget.bytes(a.size() + b.size()))
    return {};
  return a + b;
}

Value repeat(const Value &value, int64_t count, Budget &budget) {
  size_t times = size_t(std::max<int64_t>(count, 0));
  size_t size =
      value.isString() ? value.asString().size() : value.asList().size();
  if (size > 0 && times > maxBytes / size) {
    budget.fail("operator '*' makes over " + std::to_string(maxBytes) +
                " items");
    return {};
  }
  if (value.isString()) {
    std::string text;
    if (budget.bytes(times * size))
      for (size_t i = 0; size > 0 && i < times; ++i)
        text += value.asString();
    return text;
  }
  List items;
  if (budget.step(times * size))
    for (size_t i = 0; size > 0 && i < times; ++i)
      items.insert(items.end(), value.asList().begin(), value.asList().end());
  return makeList(std::move(items), budget, value.isTuple());
}

/// Below, equal or above as < 0, 0, > 0; fails for kinds without an order.
int order(std::string_view symbol, const Value &a, const Value &b,
          Budget &budget) {
  if (a.isNumber() && b.isNumber()) {
    if (a.isInteger() && b.isInteger())
      return (a.asInteger() > b.asInteger()) - (a.asInteger() < b.asInteger());
    return (a.asReal() > b.asReal()) - (a.asReal() < b.asReal());
  }
  // UTF-8 sorts as its code points do.
  if (a.isString() && b.isString())
    return a.asString().compare(b.asString());
  budget.fail(describe(symbol, a, b));
  return 0;
}

/// A slice bound, clamped as Python's slice.indices does.
int64_t clampBound(const Value &bound, int64_t length, int64_t low,
                   int64_t high, int64_t missing) {
  if (!bound.isInteger())
    return missing;
  int64_t at = bound.asInteger();
  if (at < 0)
    at += length;
  return std::clamp(at, low, high);
}

} // namespace

Value applyBinary(std::string_view symbol, const Value &a, const Value &b,
                  Budget &budget) {
  if (symbol == "~")
    return joinTexts(toText(a, budget), toText(b, budget), budget);
  if (a.isNumber() && b.isNumber())
    return applyToNumbers(symbol, a, b, budget);
  if (symbol == "+" && a.isString() && b.isString())
    return joinTexts(a.asString(), b.asString(), budget);
  if (symbol == "+" && a.isList() && b.isList() && a.isTuple() == b.isTuple()) {
    if (!budget.step(a.asList().size() + b.asList().size()))
      return {};
    List items = a.asList();
    items.insert(items.end(), b.asList().begin(), b.asList().end());
    return makeList(std::move(items), budget, a.isTuple());
  }
  if (symbol == "*" && (a.isString() || a.isList()) && b.isInteger())
    return repeat(a, b.asInteger(), budget);
  if (symbol == "*" && a.isInteger() && (b.isString() || b.isList()))
    return repeat(b, a.asInteger(), budget);
  budget.fail(describe(symbol, a, b));
  return {};
}

Value applySign(std::string_view symbol, const Value &value, Budget &budget) {
  if (!value.isNumber()) {
    budget.fail("sign '" + std::string(symbol) + "' does not take " +
                value.kindName());
    return {};
  }
  if (symbol == "+")
    return value;
  // Subtracted from zero, zero would lose its sign.
  if (value.isReal())
    return Value::real(-value.asReal());
  return applyBinary("-", Value::integer(0), value, budget);
}

bool contains(const Value &container, const Value &item, Budget &budget) {
  if (container.isUndefined())
    return false;
  if (container.isString() && item.isString())
    return budget.step(1 + container.asString().size() / 64) &&
           container.asString().find(item.asString()) != std::string::npos;
  if (container.isList())
    return std::any_of(
        container.asList().begin(), container.asList().end(),
        [&](const Value &other) { return areEqual(item, other, budget); });
  if (container.isDict())
    return item.isString() && container.find(item.asString());
  budget.fail(describe("in", item, container));
  return false;
}

bool compare(std::string_view symbol, const Value &a, const Value &b,
             Budget &budget) {
  if (symbol == "==")
    return areEqual(a, b, budget);
  if (symbol == "!=")
    return !areEqual(a, b, budget);
  if (symbol == "in")
    return contains(b, a, budget);
  if (symbol == "not in")
    return !contains(b, a, budget);
  int sign = order(symbol, a, b, budget);
  if (symbol == "<")
    return sign < 0;
  if (symbol == "<=")
    return sign <= 0;
  return symbol == ">" ? sign > 0 : sign >= 0;
}

Value getAttribute(const Value &value, std::string_view name, Budget &budget) {
  if (value.isUndefined())
    budget.fail("undefined has no member " + storage::quote(name));
  const Value *member = value.find(name);
  return member ? *member : Value();
}

Value getItem(const Value &value, const Value &index, Budget &budget) {
  if (index.isString())
    return getAttribute(value, index.asString(), budget);
  if (value.isUndefined()) {
    budget.fail("undefined has no items");
    return {};
  }
  if (!index.isInteger() || !(value.isList() || value.isString()))
    return {};
  std::optional<List> items;
  if (value.isString())
    items = iterate(value, budget);
  const List &list = items ? *items : value.asList();
  int64_t at = index.asInteger();
  if (at < 0)
    at += int64_t(list.size());
  return at >= 0 && at < int64_t(list.size()) ? list[at] : Value();
}

Value getSlice(const Value &value, const Value &begin, const Value &end,
               const Value &step, Budget &budget) {
  if (!value.isList() && !value.isString()) {
    budget.fail(std::string(value.kindName()) + " cannot be sliced");
    return {};
  }
  int64_t stride = step.isInteger() ? step.asInteger() : 1;
  if (stride == 0 || stride == INT64_MIN) {
    budget.fail("slice step expects a number but 0, got " +
                std::to_string(stride));
    return {};
  }
  List items = *iterate(value, budget);
  int64_t length = int64_t(items.size());
  bool isForward = stride > 0;
  int64_t low = isForward ? 0 : -1, high = isForward ? length : length - 1;
  int64_t at = clampBound(begin, length, low, high, isForward ? low : high);
  int64_t stop = clampBound(end, length, low, high, isForward ? high : low);
  List taken;
  // The distance left is compared, as at + stride could overflow.
  while (isForward ? at < stop : at > stop) {
    taken.push_back(items[at]);
    if (isForward ? stop - at <= stride : stop - at >= stride)
      break;
    at += stride;
  }
  if (value.isList())
    return makeList(std::move(taken), budget, value.isTuple());
  std::string text;
  for (const Value &character : taken)
    text += character.asString();
  return budget.bytes(text.size()) ? Value(std::move(text)) : Value();
}

} // namespace ingot::text::jinja
