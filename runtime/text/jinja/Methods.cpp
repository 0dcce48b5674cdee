//===- Methods.cpp - methods of strings and dicts ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Messages.h"
#include "runtime/text/Utf8.h"
#include "runtime/text/jinja/Language.h"
#include "runtime/text/jinja/Strings.h"

#include <algorithm>
#include <iterator>

namespace ingot::text::jinja {

namespace {

/// A string argument; fails unless it is one.
std::string_view textArgument(const Value &argument, std::string_view method,
                              Budget &budget) {
  if (argument.isString())
    return argument.asString();
  budget.fail("'" + std::string(method) + "' expects a string, got " +
              argument.kindName());
  return {};
}

Value ownedText(std::string_view text, Budget &budget) {
  return budget.bytes(text.size()) ? Value(std::string(text)) : Value();
}

/// strip, lstrip and rstrip: blanks, or the characters of the argument.
Value strip(const std::string &text, std::string_view method,
            const Arguments &arguments, Budget &budget) {
  Value characters = arguments.get(0);
  bool fromLeft = method != "rstrip", fromRight = method != "lstrip";
  std::string_view rest = text;
  if (characters.isUndefined() || characters.isNone()) {
    if (fromLeft)
      rest.remove_prefix(leadingBlanks(rest));
    if (fromRight)
      rest.remove_suffix(trailingBlanks(rest));
    return ownedText(rest, budget);
  }
  std::string_view set = textArgument(characters, method, budget);
  // Every character's bytes are looked for as a whole, so none matches inside
  // another one: UTF-8 has no such overlap.
  auto isStripped = [&](std::string_view character) {
    return set.find(character) != std::string_view::npos;
  };
  if (!budget.step(1 + text.size() * (1 + set.size()) / 64))
    return {};
  while (fromLeft && !rest.empty() &&
         isStripped(rest.substr(0, readUtf8(rest, 0).length)))
    rest.remove_prefix(readUtf8(rest, 0).length);
  while (fromRight && !rest.empty()) {
    size_t last = rest.size() - 1;
    while (last > 0 && (rest[last] & 0xC0) == 0x80)
      --last;
    if (!isStripped(rest.substr(last)))
      break;
    rest.remove_suffix(rest.size() - last);
  }
  return ownedText(rest, budget);
}

Value split(const std::string &text, std::string_view method,
            const Arguments &arguments, Budget &budget) {
  Value separator = arguments.get(0, "sep");
  Value most = arguments.get(1, "maxsplit");
  long long limit = most.isInteger() ? most.asInteger() : -1;
  std::vector<std::string_view> parts;
  if (!budget.step(1 + text.size()))
    return {};
  if (separator.isUndefined() || separator.isNone()) {
    if (limit >= 0) {
      budget.fail("'" + std::string(method) +
                  "' expects a separator where it has a limit, got none");
      return {};
    }
    parts = splitAtBlanks(text);
  } else {
    std::string_view by = textArgument(separator, method, budget);
    if (by.empty()) {
      budget.fail("'" + std::string(method) +
                  "' expects a separator, got an empty one");
      return {};
    }
    parts = method == "split" ? splitAt(text, by, limit)
                              : splitAtFromEnd(text, by, limit);
  }
  if (!budget.bytes(text.size()))
    return {};
  List items;
  for (std::string_view part : parts)
    items.push_back(std::string(part));
  return makeList(std::move(items), budget);
}

/// startswith and endswith: of one text, or of any of a tuple.
Value matchEnd(const std::string &text, std::string_view method,
               const Arguments &arguments, Budget &budget) {
  Value argument = arguments.get(0);
  List wanted = argument.isList() ? argument.asList() : List{argument};
  budget.step(wanted.size());
  bool matches = false;
  for (const Value &part : wanted) {
    std::string_view ending = textArgument(part, method, budget);
    matches |= method == "startswith" ? text.starts_with(ending)
                                      : text.ends_with(ending);
  }
  return Value::boolean(matches);
}

/// Case changes know ASCII only, and say so rather than leave a letter as it
/// is.
Value changeCase(const std::string &text, std::string_view method,
                 Budget &budget) {
  if (!isAscii(text)) {
    budget.fail("'" + std::string(method) + "' expects ASCII text, got " +
                storage::quote(text));
    return {};
  }
  auto isLetter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::string changed = text;
  for (size_t i = 0; i < changed.size(); ++i) {
    bool startsWord = i == 0 || (method == "title" && !isLetter(text[i - 1]));
    bool toUpper =
        method == "upper" ||
        ((method == "title" || method == "capitalize") && startsWord);
    if (isLetter(changed[i]))
      changed[i] = char(toUpper ? changed[i] & ~0x20 : changed[i] | 0x20);
  }
  return budget.bytes(changed.size()) ? Value(std::move(changed)) : Value();
}

Value replace(const std::string &text, const Arguments &arguments,
              Budget &budget) {
  std::string_view from, to;
  Value fromValue = arguments.get(0, "old"), toValue = arguments.get(1, "new");
  from = textArgument(fromValue, "replace", budget);
  to = textArgument(toValue, "replace", budget);
  if (from.empty()) {
    budget.fail("'replace' expects a text to look for, got an empty one");
    return {};
  }
  Value most = arguments.get(2, "count");
  size_t count = countParts(text, from);
  if (most.isInteger() && most.asInteger() >= 0)
    count = std::min<size_t>(count, most.asInteger());
  if (!budget.bytes(text.size() + count * to.size()))
    return {};
  return replaceFirst(text, from, to, count);
}

/// The items of a list with `text` between them.
Value join(const std::string &text, const Arguments &arguments,
           Budget &budget) {
  Value argument = arguments.get(0);
  std::optional<List> items = iterate(argument, budget);
  if (!items)
    budget.fail("'join' expects something to iterate, got " +
                std::string(argument.kindName()));
  std::string joined;
  for (size_t i = 0; items && i < items->size(); ++i) {
    std::string_view item = textArgument((*items)[i], "join", budget);
    if (!budget.step() || !budget.bytes(text.size() + item.size()))
      return {};
    joined += i == 0 ? "" : text;
    joined += item;
  }
  return joined;
}

using TextMethod = Value (*)(const std::string &, std::string_view,
                             const Arguments &, Budget &);
struct NamedMethod {
  std::string_view name;
  TextMethod call;
};

Value callChangeCase(const std::string &text, std::string_view method,
                     const Arguments &, Budget &budget) {
  return changeCase(text, method, budget);
}

constexpr NamedMethod textMethods[] = {
    {"strip", strip},
    {"lstrip", strip},
    {"rstrip", strip},
    {"split", split},
    {"rsplit", split},
    {"startswith", matchEnd},
    {"endswith", matchEnd},
    {"upper", callChangeCase},
    {"lower", callChangeCase},
    {"title", callChangeCase},
    {"capitalize", callChangeCase},
    {"replace",
     [](const std::string &text, std::string_view, const Arguments &arguments,
        Budget &budget) { return replace(text, arguments, budget); }},
    {"join",
     [](const std::string &text, std::string_view, const Arguments &arguments,
        Budget &budget) { return join(text, arguments, budget); }},
    {"count",
     [](const std::string &text, std::string_view method,
        const Arguments &arguments, Budget &budget) {
       Value argument = arguments.get(0);
       std::string_view part = textArgument(argument, method, budget);
       return Value::integer(part.empty() ? countCharacters(text) + 1
                                          : countParts(text, part));
     }},
    {"find",
     [](const std::string &text, std::string_view method,
        const Arguments &arguments, Budget &budget) {
       Value argument = arguments.get(0);
       size_t at = text.find(textArgument(argument, method, budget));
       if (at == std::string::npos)
         return Value::integer(-1);
       return Value::integer(countCharacters(text.substr(0, at)));
     }},
};

const NamedMethod *findTextMethod(std::string_view name) {
  auto found =
      std::find_if(std::begin(textMethods), std::end(textMethods),
                   [=](const NamedMethod &m) { return m.name == name; });
  return found == std::end(textMethods) ? nullptr : found;
}

Value callDictMethod(const Value &dict, std::string_view method,
                     const Arguments &arguments, Budget &budget) {
  if (method == "get") {
    Value key = arguments.get(0), fallback = arguments.get(1, "default");
    const Value *entry = key.isString() ? dict.find(key.asString()) : nullptr;
    if (entry)
      return *entry;
    return fallback.isUndefined() ? Value::none() : fallback;
  }
  List items;
  budget.step(dict.asDict().size());
  for (const auto &[key, value] : dict.asDict()) {
    if (method == "keys")
      items.push_back(key);
    else if (method == "values")
      items.push_back(value);
    else
      items.push_back(makeList({key, value}, budget, /*isTuple=*/true));
  }
  return makeList(std::move(items), budget);
}

bool isDictMethod(std::string_view name) {
  return name == "get" || name == "keys" || name == "values" || name == "items";
}

} // namespace

bool isMethod(std::string_view name) {
  return findTextMethod(name) || isDictMethod(name);
}

Value callMethod(const Value &object, std::string_view name,
                 const Arguments &arguments, Budget &budget) {
  Value result;
  const NamedMethod *method = findTextMethod(name);
  if (method && object.isString())
    result = method->call(object.asString(), name, arguments, budget);
  else if (isDictMethod(name) && object.isDict())
    result = callDictMethod(object, name, arguments, budget);
  else
    budget.fail(std::string(object.kindName()) + " has no method '" +
                std::string(name) + "'");
  arguments.checkUsed(name, budget);
  return result;
}

} // namespace ingot::text::jinja
