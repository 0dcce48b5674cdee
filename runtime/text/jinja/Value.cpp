//===- Value.cpp - what a template computes with ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Value.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

namespace ingot::text::jinja {

void setEntry(Dict &entries, const std::string &name, Value value) {
  for (auto &[key, held] : entries)
    if (key == name) {
      held = std::move(value);
      return;
    }
  entries.emplace_back(name, std::move(value));
}

Value Value::list(List items, bool isTuple) {
  int depth = 0;
  for (const Value &item : items)
    depth = std::max(depth, item.depth());
  return Value(Data(std::make_shared<const ListBox>(
      ListBox{std::move(items), depth + 1, isTuple})));
}

Value Value::dict(Dict entries) {
  int depth = 0;
  for (const auto &[key, value] : entries)
    depth = std::max(depth, value.depth());
  return Value(Data(
      std::make_shared<const DictBox>(DictBox{std::move(entries), depth + 1})));
}

Value Value::nameSpace(Dict entries) {
  return Value(Data(std::make_shared<Dict>(std::move(entries))));
}

Value Value::function(std::string_view name) {
  return Value(Data(Function{std::string(name)}));
}

int64_t Value::asInteger() const {
  return isBoolean() ? std::get<bool>(data) : std::get<int64_t>(data);
}

double Value::asReal() const {
  return isReal() ? std::get<double>(data) : double(asInteger());
}

const List &Value::asList() const {
  return std::get<std::shared_ptr<const ListBox>>(data)->items;
}

const Dict &Value::asDict() const {
  if (isNamespace())
    return *std::get<std::shared_ptr<Dict>>(data);
  return std::get<std::shared_ptr<const DictBox>>(data)->entries;
}

const Macro *Value::asMacro() const {
  auto *macro = std::get_if<const Macro *>(&data);
  return macro ? *macro : nullptr;
}

const std::string *Value::asFunction() const {
  auto *function = std::get_if<Function>(&data);
  return function ? &function->name : nullptr;
}

bool Value::isTrue() const {
  if (isUndefined() || isNone())
    return false;
  if (isNumber())
    return asReal() != 0;
  if (isString())
    return !asString().empty();
  if (isList())
    return !asList().empty();
  if (isDict())
    return !asDict().empty();
  return true;
}

const Value *Value::find(std::string_view key) const {
  if (!isDict() && !isNamespace())
    return nullptr;
  for (const auto &[name, value] : asDict())
    if (name == key)
      return &value;
  return nullptr;
}

void Value::setMember(const std::string &name, Value value) const {
  setEntry(*std::get<std::shared_ptr<Dict>>(data), name, std::move(value));
}

int Value::depth() const {
  if (isNamespace())
    return maxDepth + 1;
  if (isList())
    return std::get<std::shared_ptr<const ListBox>>(data)->depth;
  if (isDict())
    return std::get<std::shared_ptr<const DictBox>>(data)->depth;
  return 0;
}

const char *Value::kindName() const {
  // In the order of the variant's alternatives.
  constexpr const char *names[] = {
      "undefined", "none", "boolean",   "integer",  "float", "string",
      "list",      "dict", "namespace", "function", "macro"};
  return names[data.index()];
}

bool areEqual(const Value &a, const Value &b, Budget &budget) {
  if (!budget.step())
    return false;
  if (a.isInteger() && b.isInteger())
    return a.asInteger() == b.asInteger();
  if (a.isNumber() && b.isNumber())
    return a.asReal() == b.asReal();
  if (a.isString() && b.isString())
    return a.asString() == b.asString();
  if (a.isList() && b.isList())
    return a.isTuple() == b.isTuple() &&
           std::equal(a.asList().begin(), a.asList().end(), b.asList().begin(),
                      b.asList().end(), [&](const Value &x, const Value &y) {
                        return areEqual(x, y, budget);
                      });
  if (a.isDict() && b.isDict()) {
    if (a.asDict().size() != b.asDict().size())
      return false;
    return std::all_of(a.asDict().begin(), a.asDict().end(),
                       [&](const auto &entry) {
                         const Value *other = b.find(entry.first);
                         return other && areEqual(entry.second, *other, budget);
                       });
  }
  return (a.isNone() && b.isNone()) || (a.isUndefined() && b.isUndefined());
}

Value makeList(List items, Budget &budget, bool isTuple) {
  Value value = Value::list(std::move(items), isTuple);
  if (value.depth() <= maxDepth)
    return value;
  budget.fail("a list holds a namespace or nests over " +
              std::to_string(maxDepth) + " levels");
  return {};
}

Value makeDict(Dict entries, Budget &budget) {
  Value value = Value::dict(std::move(entries));
  if (value.depth() <= maxDepth)
    return value;
  budget.fail("a dict holds a namespace or nests over " +
              std::to_string(maxDepth) + " levels");
  return {};
}

std::optional<List> iterate(const Value &value, Budget &budget) {
  List items;
  if (value.isList()) {
    budget.step(value.asList().size());
    return budget.ok() ? value.asList() : items;
  }
  if (value.isDict()) {
    for (const auto &[key, entry] : value.asDict())
      if (budget.step() && budget.bytes(key.size()))
        items.push_back(key);
    return items;
  }
  if (value.isString()) {
    if (!budget.step(value.asString().size()))
      return items;
    for (std::string_view character : splitCharacters(value.asString()))
      items.push_back(std::string(character));
    return items;
  }
  if (value.isUndefined())
    return items;
  return std::nullopt;
}

} // namespace ingot::text::jinja
