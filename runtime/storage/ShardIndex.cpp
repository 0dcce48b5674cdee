//===- ShardIndex.cpp - Which file holds which tensor ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/ShardIndex.h"

#include "runtime/storage/Json.h"
#include "runtime/storage/Messages.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace ingot::storage {

/// Whether a file name stays within the folder it is relative to. A null byte
/// would cut the name that the system sees.
static bool staysInside(const std::string &name) {
  std::filesystem::path path(name);
  if (name.empty() || name.find('\0') != name.npos || path.is_absolute())
    return false;
  for (const auto &part : path)
    if (part == "..")
      return false;
  return true;
}

Result<ShardIndex> readShardIndex(const std::string &path) {
  auto json = readJson(path);
  if (!json)
    return json.status();
  auto map = json->is_object() ? json->find("weight_map") : json->end();
  if (map == json->end() || !map->is_object())
    return invalidInput(path + ": expects an object weight_map, got " +
                        (map == json->end() ? "none" : describe(*map)));

  std::map<std::string, size_t> files;
  for (const auto &[tensor, file] : map->items()) {
    const auto *name = file.get_ptr<const std::string *>();
    if (!name || !staysInside(*name))
      return invalidInput(path + ": tensor " + quote(tensor) +
                          " expects a file inside the checkpoint, got " +
                          describe(file));
    files.emplace(*name, 0);
  }
  ShardIndex index;
  for (auto &[name, position] : files) {
    position = index.files.size();
    index.files.push_back(name);
  }
  for (const auto &[tensor, file] : map->items())
    index.tensors.emplace(tensor, files[file.get_ref<const std::string &>()]);
  return index;
}

} // namespace ingot::storage
