//===- ConfigFile.cpp - Typed lookups in a config.json --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/ConfigFile.h"

#include "compiler/checkpoint/JsonView.h"
#include "runtime/storage/Json.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace ingot::compiler {

using Json = nlohmann::json;

ConfigFile::ConfigFile(Json root, std::string name)
    : file(std::move(name)),
      root(std::make_shared<const Json>(std::move(root))) {}

Result<ConfigFile> ConfigFile::open(const std::string &path) {
  auto json = storage::readJson(path);
  if (!json)
    return json.status();
  if (!json->is_object())
    return JsonView(*json, path).expects("an object");
  return ConfigFile(*std::move(json), path);
}

Result<ConfigFile> ConfigFile::parse(std::string_view text,
                                     const std::string &name) {
  auto json = storage::parseJson(text, name);
  if (!json)
    return json.status();
  if (!json->is_object())
    return JsonView(*json, name).expects("an object");
  return ConfigFile(*std::move(json), name);
}

JsonView ConfigFile::read(std::string_view key) const {
  readKeys.emplace(key);
  return JsonView(*root, file).at(key);
}

bool ConfigFile::has(std::string_view key) const {
  return JsonView(*root, file).at(key).exists();
}

Result<int64_t> ConfigFile::integer(std::string_view key) const {
  return read(key).integer();
}
Result<double> ConfigFile::number(std::string_view key) const {
  return read(key).number();
}
Result<std::string> ConfigFile::string(std::string_view key) const {
  return read(key).string();
}
Result<bool> ConfigFile::boolean(std::string_view key) const {
  return read(key).boolean();
}
Result<std::vector<int64_t>> ConfigFile::integers(std::string_view key) const {
  return read(key).integers();
}
Result<std::vector<std::string>>
ConfigFile::strings(std::string_view key) const {
  return read(key).strings();
}

/// `get(value)`, or nothing if there is no value.
template <typename Get>
static auto optional(const JsonView &value, Get get) {
  auto result = get(value);
  using T = std::remove_reference_t<decltype(*result)>;
  using Optional = Result<std::optional<T>>;
  if (!value.exists())
    return Optional(std::optional<T>());
  if (!result)
    return Optional(result.status());
  return Optional(std::optional<T>(*std::move(result)));
}

Result<std::optional<int64_t>>
ConfigFile::optionalInteger(std::string_view key) const {
  return optional(read(key), [](const JsonView &v) { return v.integer(); });
}
Result<std::optional<double>>
ConfigFile::optionalNumber(std::string_view key) const {
  return optional(read(key), [](const JsonView &v) { return v.number(); });
}
Result<std::optional<std::string>>
ConfigFile::optionalString(std::string_view key) const {
  return optional(read(key), [](const JsonView &v) { return v.string(); });
}
Result<std::optional<bool>>
ConfigFile::optionalBoolean(std::string_view key) const {
  return optional(read(key), [](const JsonView &v) { return v.boolean(); });
}
Result<std::optional<std::vector<int64_t>>>
ConfigFile::optionalIntegers(std::string_view key) const {
  return optional(read(key), [](const JsonView &v) { return v.integers(); });
}

/// Appends the paths of the values in `object`, each behind `prefix`.
static void listLeaves(const Json &object, const std::string &prefix,
                       std::vector<std::string> &leaves) {
  for (const auto &[key, value] : object.items()) {
    if (value.is_object())
      listLeaves(value, prefix + key + ".", leaves);
    else if (!value.is_null())
      leaves.push_back(prefix + key);
  }
}

std::vector<std::string> ConfigFile::keys() const {
  std::vector<std::string> leaves;
  listLeaves(*root, "", leaves);
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

void ConfigFile::ignore(std::string_view key) const {
  readKeys.emplace(key);
  const std::string below = std::string(key) + ".";
  for (const std::string &leaf : keys())
    if (leaf.compare(0, below.size(), below) == 0)
      readKeys.insert(leaf);
}

std::vector<std::string> ConfigFile::unreadKeys() const {
  std::vector<std::string> unread = keys();
  std::erase_if(unread, [&](const std::string &key) {
    return readKeys.find(key) != readKeys.end();
  });
  return unread;
}

} // namespace ingot::compiler
