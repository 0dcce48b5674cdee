//===- Filters.cpp - the filters of `|` -------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Language.h"
#include "runtime/text/jinja/Strings.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>
#include <numeric>

namespace ingot::text::jinja {

namespace {

/// What a filter is applied to.
struct Operand {
  std::string_view filter;
  const Value &value;
  const Arguments &arguments;
  Budget &budget;

  Value fail(std::string_view expects) const {
    budget.fail("filter '" + std::string(filter) + "' expects " +
                std::string(expects) + ", got " + value.kindName());
    return {};
  }
  /// Items of the value; fails if it has none.
  List items() const {
    std::optional<List> list = iterate(value, budget);
    if (!list)
      fail("something to iterate");
    return list ? *std::move(list) : List();
  }
};

/// Filters that are methods of the value's text under the same name.
Value applyAsMethod(const Operand &op) {
  return callMethod(toText(op.value, op.budget), op.filter, op.arguments,
                    op.budget);
}

Value trim(const Operand &op) {
  return callMethod(toText(op.value, op.budget), "strip", op.arguments,
                    op.budget);
}

/// Jinja's own title: unlike the method, a word goes on after an apostrophe.
Value title(const Operand &op) {
  Value lower = callMethod(toText(op.value, op.budget), "lower", {}, op.budget);
  if (!lower.isString())
    return {};
  std::string text = lower.asString();
  constexpr std::string_view wordStarts = "-({[< \t\n\v\f\r";
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] >= 'a' && text[i] <= 'z' &&
        (i == 0 || wordStarts.find(text[i - 1]) != std::string_view::npos))
      text[i] -= 'a' - 'A';
  return text;
}

Value length(const Operand &op) {
  if (op.value.isString())
    return Value::integer(countCharacters(op.value.asString()));
  if (op.value.isDict())
    return Value::integer(op.value.asDict().size());
  if (op.value.isList())
    return Value::integer(op.value.asList().size());
  return op.value.isUndefined() ? Value::integer(0)
                                : op.fail("something that has a length");
}

/// With the arguments that the transformers library gives it.
Value toJsonFilter(const Operand &op) {
  JsonStyle style;
  style.isAscii = op.arguments.get(0, "ensure_ascii").isTrue();
  Value indent = op.arguments.get(1, "indent");
  Value separators = op.arguments.get(2, "separators");
  style.sortsKeys = op.arguments.get(3, "sort_keys").isTrue();
  if (indent.isInteger()) {
    if (indent.asInteger() > 16) {
      op.budget.fail("'tojson' expects an indent of at most 16, got " +
                     std::to_string(indent.asInteger()));
      return {};
    }
    style.indent = int(std::max<int64_t>(indent.asInteger(), 0));
    style.itemSeparator = ",";
  }
  if (!separators.isUndefined() && !separators.isNone()) {
    if (!separators.isList() || separators.asList().size() != 2 ||
        !separators.asList()[0].isString() ||
        !separators.asList()[1].isString()) {
      op.budget.fail("'tojson' expects two texts as separators");
      return {};
    }
    style.itemSeparator = separators.asList()[0].asString();
    style.keySeparator = separators.asList()[1].asString();
  }
  return toJson(op.value, style, op.budget);
}

Value orDefault(const Operand &op) {
  Value fallback = op.arguments.get(0, "default_value");
  bool alsoFalse = op.arguments.get(1, "boolean").isTrue();
  if (!op.value.isUndefined() && (op.value.isTrue() || !alsoFalse))
    return op.value;
  return fallback.isUndefined() ? Value("") : fallback;
}

/// A member by a dotted path; undefined where it breaks off.
Value memberAt(Value value, std::string_view path, Budget &budget) {
  for (std::string_view name : splitAt(path, ".", -1)) {
    if (value.isUndefined())
      return {};
    value = getAttribute(value, name, budget);
  }
  return value;
}

Value join(const Operand &op) {
  Value separator = op.arguments.get(0, "d");
  Value attribute = op.arguments.get(1, "attribute");
  std::string between = toText(separator, op.budget), text;
  bool isFirst = true;
  for (const Value &item : op.items()) {
    if (!isFirst && op.budget.bytes(between.size()))
      text += between;
    isFirst = false;
    text += toText(attribute.isString()
                       ? memberAt(item, attribute.asString(), op.budget)
                       : item,
                   op.budget);
  }
  return text;
}

Value toInteger(const Operand &op) {
  Value fallback = op.arguments.get(0, "default");
  if (fallback.isUndefined())
    fallback = Value::integer(0);
  double real = 0;
  if (op.value.isInteger())
    return Value::integer(op.value.asInteger());
  if (op.value.isReal()) {
    real = op.value.asReal();
  } else if (op.value.isString()) {
    std::string_view text = op.value.asString();
    text.remove_prefix(leadingBlanks(text));
    text.remove_suffix(trailingBlanks(text));
    const char *end = text.data() + text.size();
    int64_t integer = 0;
    if (auto parsed = std::from_chars(text.data(), end, integer);
        parsed.ec == std::errc() && parsed.ptr == end)
      return Value::integer(integer);
    if (auto parsed = std::from_chars(text.data(), end, real);
        parsed.ec != std::errc() || parsed.ptr != end)
      return fallback;
  } else {
    return fallback;
  }
  // 2^63 is the first that does not fit; NaN fails the comparison too.
  if (!(std::fabs(real) < 0x1p63))
    return fallback;
  return Value::integer(int64_t(real));
}

/// select, reject, selectattr and rejectattr: the items for which a test holds,
/// or that are true if none is named.
Value select(const Operand &op) {
  bool byAttribute = op.filter.ends_with("attr");
  bool wanted = op.filter.starts_with("select");
  Value path = byAttribute ? op.arguments.get(0) : Value();
  Value test = op.arguments.get(byAttribute ? 1 : 0);
  Arguments rest = op.arguments.from(byAttribute ? 2 : 1);
  if (byAttribute && !path.isString())
    return op.fail("the name of a member as its argument");
  if (!test.isUndefined() && !(test.isString() && isTest(test.asString())))
    return op.fail("the name of a test as its argument");
  List kept;
  for (const Value &item : op.items()) {
    Value tested =
        byAttribute ? memberAt(item, path.asString(), op.budget) : item;
    bool holds = test.isUndefined()
                     ? tested.isTrue()
                     : applyTest(test.asString(), tested, rest, op.budget);
    if (!op.budget.step())
      break;
    if (holds == wanted)
      kept.push_back(item);
  }
  return makeList(std::move(kept), op.budget);
}

Value map(const Operand &op) {
  Value attribute = op.arguments.positional.empty()
                        ? op.arguments.get(0, "attribute")
                        : Value();
  Value fallback =
      attribute.isUndefined() ? Value() : op.arguments.get(0, "default");
  Value filter = attribute.isUndefined() ? op.arguments.get(0) : Value();
  Arguments rest = op.arguments.from(1);
  bool isFilterName = filter.isString() && isFilter(filter.asString());
  // A map of maps could nest without end.
  if (!attribute.isString() && (!isFilterName || filter.asString() == "map"))
    return op.fail("a member or the name of a filter as its argument");
  List mapped;
  for (const Value &item : op.items()) {
    if (!op.budget.step())
      break;
    Value value = attribute.isString()
                      ? memberAt(item, attribute.asString(), op.budget)
                      : applyFilter(filter.asString(), item, rest, op.budget);
    mapped.push_back(value.isUndefined() ? fallback : value);
  }
  return makeList(std::move(mapped), op.budget);
}

/// What sort, unique and dictsort go by: the value or a member of it, texts
/// without regard to case unless asked for.
Value keyOf(const Operand &op, const Value &item, const Value &attribute,
            bool isCaseSensitive) {
  Value key = attribute.isString()
                  ? memberAt(item, attribute.asString(), op.budget)
                  : item;
  return key.isString() && !isCaseSensitive
             ? callMethod(key, "lower", {}, op.budget)
             : key;
}

/// Items in the order of their keys, which are all texts or all numbers.
Value sortBy(const Operand &op, const List &items, const List &keys,
             bool isReversed) {
  bool areTexts = true, areNumbers = true;
  for (const Value &key : keys) {
    areTexts &= key.isString();
    areNumbers &= key.isNumber() && !std::isnan(key.asReal());
  }
  // The cost of an order, which is not charged one by one.
  size_t cost = keys.size() * size_t(std::bit_width(keys.size()));
  if (!op.budget.ok() || !op.budget.step(cost))
    return {};
  if (!areTexts && !areNumbers)
    return op.fail("texts alone or numbers alone to order by");
  std::vector<size_t> places(items.size());
  std::iota(places.begin(), places.end(), 0);
  auto isLess = [&](const Value &a, const Value &b) {
    return areTexts ? a.asString() < b.asString() : a.asReal() < b.asReal();
  };
  std::sort(places.begin(), places.end(), [&](size_t a, size_t b) {
    if (isLess(keys[a], keys[b]))
      return !isReversed;
    if (isLess(keys[b], keys[a]))
      return isReversed;
    return a < b;
  });
  List sorted;
  for (size_t place : places)
    sorted.push_back(items[place]);
  return makeList(std::move(sorted), op.budget);
}

Value sort(const Operand &op) {
  bool isReversed = op.arguments.get(0, "reverse").isTrue();
  bool isCaseSensitive = op.arguments.get(1, "case_sensitive").isTrue();
  Value attribute = op.arguments.get(2, "attribute");
  List items = op.items(), keys;
  for (const Value &item : items)
    keys.push_back(keyOf(op, item, attribute, isCaseSensitive));
  return sortBy(op, items, keys, isReversed);
}

Value sortDict(const Operand &op) {
  bool isCaseSensitive = op.arguments.get(0, "case_sensitive").isTrue();
  Value by = op.arguments.get(1, "by");
  bool isReversed = op.arguments.get(2, "reverse").isTrue();
  bool byValue = by.isString() && by.asString() == "value";
  if (!op.value.isDict())
    return op.fail("a dict");
  List items, keys;
  for (const auto &[key, value] : op.value.asDict()) {
    items.push_back(makeList({key, value}, op.budget, /*isTuple=*/true));
    keys.push_back(
        keyOf(op, byValue ? value : Value(key), Value(), isCaseSensitive));
  }
  return sortBy(op, items, keys, isReversed);
}

/// The first of the items that are equal.
Value unique(const Operand &op) {
  bool isCaseSensitive = op.arguments.get(0, "case_sensitive").isTrue();
  Value attribute = op.arguments.get(1, "attribute");
  List kept, keys;
  for (const Value &item : op.items()) {
    Value key = keyOf(op, item, attribute, isCaseSensitive);
    auto isKey = [&](const Value &other) {
      return areEqual(key, other, op.budget);
    };
    if (!op.budget.step() || std::ranges::any_of(keys, isKey))
      continue;
    keys.push_back(key);
    kept.push_back(item);
  }
  return makeList(std::move(kept), op.budget);
}

Value pickEnd(const Operand &op) {
  List items = op.items();
  if (items.empty())
    return {};
  return op.filter == "first" ? items.front() : items.back();
}

Value reverse(const Operand &op) {
  Value backwards = Value::integer(-1);
  if (op.value.isString() || op.value.isList())
    return getSlice(op.value, {}, {}, backwards, op.budget);
  return op.fail("a string or list");
}

Value absolute(const Operand &op) {
  if (!op.value.isNumber())
    return op.fail("a number");
  bool isNegative = op.value.asReal() < 0;
  return isNegative ? applySign("-", op.value, op.budget) : op.value;
}

Value entries(const Operand &op) {
  if (op.value.isUndefined())
    return Value::list({});
  return callMethod(op.value, "items", op.arguments, op.budget);
}

struct NamedFilter {
  std::string_view name;
  Value (*apply)(const Operand &);
};

constexpr NamedFilter filters[] = {
    {"trim", trim},
    {"length", length},
    {"count", length},
    {"upper", applyAsMethod},
    {"lower", applyAsMethod},
    {"capitalize", applyAsMethod},
    {"title", title},
    {"replace", applyAsMethod},
    {"tojson", toJsonFilter},
    {"default", orDefault},
    {"d", orDefault},
    {"join", join},
    {"first", pickEnd},
    {"last", pickEnd},
    {"int", toInteger},
    {"abs", absolute},
    {"string",
     [](const Operand &op) { return Value(toText(op.value, op.budget)); }},
    // Nothing is escaped, so every text is safe.
    {"safe",
     [](const Operand &op) { return Value(toText(op.value, op.budget)); }},
    {"list", [](const Operand &op) { return makeList(op.items(), op.budget); }},
    {"items", entries},
    {"reverse", reverse},
    {"select", select},
    {"reject", select},
    {"selectattr", select},
    {"rejectattr", select},
    {"map", map},
    {"sort", sort},
    {"dictsort", sortDict},
    {"unique", unique},
};

const NamedFilter *findFilter(std::string_view name) {
  auto found =
      std::find_if(std::begin(filters), std::end(filters),
                   [=](const NamedFilter &f) { return f.name == name; });
  return found == std::end(filters) ? nullptr : found;
}

} // namespace

bool isFilter(std::string_view name) { return findFilter(name) != nullptr; }

Value applyFilter(std::string_view name, const Value &value,
                  const Arguments &arguments, Budget &budget) {
  const NamedFilter *filter = findFilter(name);
  if (!filter || !budget.ok())
    return {};
  Value result = filter->apply({filter->name, value, arguments, budget});
  arguments.checkUsed(name, budget);
  return result;
}

} // namespace ingot::text::jinja
