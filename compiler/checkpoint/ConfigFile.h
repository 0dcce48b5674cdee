//===- ConfigFile.h - Typed lookups in a config.json ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keys are dotted paths ("rope_scaling.factor"). Null counts as absent. Every
// error names the file, the key, what was expected and what was found:
//   config.json: 'hidden_size' expects an integer, got string 'x'
// A ConfigFile remembers which keys were asked for, so that an importer can
// name the keys that it does not know instead of passing over them.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_CONFIGFILE_H
#define INGOT_COMPILER_CHECKPOINT_CONFIGFILE_H

#include "ingot/Status.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::compiler {

class JsonView;

/// Owns the parsed file. Lookups note the key as read, so one thread at a time.
class ConfigFile {
public:
  /// Reads the file at `path`, which is its name in messages.
  static Result<ConfigFile> open(const std::string &path);
  /// Parses `text`; `name` stands for the file in messages.
  static Result<ConfigFile> parse(std::string_view text,
                                  const std::string &name);

  const std::string &name() const { return file; }
  /// Whether the key has a value (of any kind). Does not count as reading it.
  bool has(std::string_view key) const;

  // A required value: InvalidInput if it is absent or of another kind.
  Result<int64_t> integer(std::string_view key) const;
  Result<double> number(std::string_view key) const;
  Result<std::string> string(std::string_view key) const;
  Result<bool> boolean(std::string_view key) const;
  Result<std::vector<int64_t>> integers(std::string_view key) const;
  Result<std::vector<std::string>> strings(std::string_view key) const;

  // As above, but no value if the key is absent.
  Result<std::optional<int64_t>> optionalInteger(std::string_view key) const;
  Result<std::optional<double>> optionalNumber(std::string_view key) const;
  Result<std::optional<std::string>> optionalString(std::string_view key) const;
  Result<std::optional<bool>> optionalBoolean(std::string_view key) const;
  Result<std::optional<std::vector<int64_t>>>
  optionalIntegers(std::string_view key) const;

  /// Dotted paths of all values but nulls, sorted. An array is one value.
  std::vector<std::string> keys() const;
  /// Counts `key`, and everything below it, as read.
  void ignore(std::string_view key) const;
  /// The keys() that no lookup has asked for.
  std::vector<std::string> unreadKeys() const;

private:
  ConfigFile(nlohmann::json root, std::string name);
  /// The value of `key`, noted as read.
  JsonView read(std::string_view key) const;

  std::string file;
  /// Behind a pointer so that this header needs only the forward declaration.
  std::shared_ptr<const nlohmann::json> root;
  mutable std::set<std::string, std::less<>> readKeys;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_CONFIGFILE_H
