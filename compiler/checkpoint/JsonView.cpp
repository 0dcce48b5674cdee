//===- JsonView.cpp - A JSON value that knows where it stands -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/JsonView.h"

#include "runtime/storage/Json.h"
#include "runtime/storage/Messages.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace ingot::compiler {

using Json = nlohmann::json;

/// The member of an object; null pointer if there is none.
static const Json *findMember(const Json *value, std::string_view key) {
  if (!value || !value->is_object())
    return nullptr;
  auto it = value->find(std::string(key));
  return it == value->end() ? nullptr : &*it;
}

/// Tries the whole path as one key first, then splits it at each dot.
static const Json *findPath(const Json *value, std::string_view path) {
  if (const Json *found = findMember(value, path))
    return found;
  for (size_t dot = path.find('.'); dot != path.npos;
       dot = path.find('.', dot + 1))
    if (const Json *inner = findMember(value, path.substr(0, dot)))
      if (const Json *found = findPath(inner, path.substr(dot + 1)))
        return found;
  return nullptr;
}

/// The value as a 64-bit integer; none for fractions and for what is too large.
static std::optional<int64_t> asInteger(const Json &value) {
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() &&
       value.get<uint64_t>() >
           static_cast<uint64_t>(std::numeric_limits<int64_t>::max())))
    return std::nullopt;
  return value.get<int64_t>();
}

JsonView JsonView::operator[](std::string_view key) const {
  return {findMember(value, key), file,
          where + (where.empty() ? "" : ".") + std::string(key)};
}

JsonView JsonView::at(std::string_view path) const {
  return {findPath(value, path), file,
          where + (where.empty() ? "" : ".") + std::string(path)};
}

bool JsonView::exists() const { return value && !value->is_null(); }
bool JsonView::isObject() const { return value && value->is_object(); }
bool JsonView::isArray() const { return value && value->is_array(); }
bool JsonView::isString() const { return value && value->is_string(); }

Result<bool> JsonView::boolean() const {
  if (!value || !value->is_boolean())
    return expects("a boolean");
  return value->get<bool>();
}

Result<bool> JsonView::booleanOr(bool fallback) const {
  return exists() ? boolean() : Result<bool>(fallback);
}

Result<int64_t> JsonView::integer(int64_t min, int64_t max) const {
  auto number = value ? asInteger(*value) : std::nullopt;
  if (number && *number >= min && *number <= max)
    return *number;
  constexpr auto lowest = std::numeric_limits<int64_t>::min();
  constexpr auto highest = std::numeric_limits<int64_t>::max();
  if (min == lowest && max == highest)
    return expects("an integer");
  if (max == highest)
    return expects("an integer of at least " + std::to_string(min));
  return expects("an integer from " + std::to_string(min) + " to " +
                 std::to_string(max));
}

Result<double> JsonView::number() const {
  if (!value || !value->is_number())
    return expects("a number");
  return value->get<double>();
}

Result<std::string> JsonView::string() const {
  if (!isString())
    return expects("a string");
  return value->get_ref<const std::string &>();
}

Result<std::vector<JsonView>> JsonView::elements() const {
  if (!isArray())
    return expects("an array");
  std::vector<JsonView> views;
  views.reserve(value->size());
  for (const Json &element : *value)
    views.push_back(JsonView(&element, file,
                             where + "[" + std::to_string(views.size()) + "]"));
  return views;
}

Result<std::vector<int64_t>> JsonView::integers(int64_t min,
                                                int64_t max) const {
  auto views = elements();
  if (!views)
    return views.status();
  std::vector<int64_t> values;
  for (const JsonView &view : *views) {
    auto element = view.integer(min, max);
    if (!element)
      return element.status();
    values.push_back(*element);
  }
  return values;
}

Result<std::vector<std::string>> JsonView::strings() const {
  auto views = elements();
  if (!views)
    return views.status();
  std::vector<std::string> values;
  for (const JsonView &view : *views) {
    auto element = view.string();
    if (!element)
      return element.status();
    values.push_back(*std::move(element));
  }
  return values;
}

Status JsonView::expects(std::string_view expected) const {
  return error("expects " + std::string(expected) + ", got " +
               (value ? storage::describe(*value) : "none"));
}

Status JsonView::error(std::string_view message) const {
  std::string place = where.empty() ? "" : storage::quote(where) + " ";
  return invalidInput(file + ": " + place + std::string(message));
}

} // namespace ingot::compiler
