//===- Json.h - JSON from files that nobody vouches for ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Stricter than the JSON library's own reader: a key that stands twice in an
// object is an error (readers that keep the first and readers that keep the
// last would disagree about the file), and so is deep nesting. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_JSON_H
#define INGOT_STORAGE_JSON_H

#include "ingot/Status.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ingot::storage {

/// Largest JSON file that readJson takes: several times the largest published
/// tokenizer or index.
inline constexpr uint64_t maxJsonBytes = uint64_t(256) << 20;

/// Parses `text`; at most `maxDepth` objects and arrays within each other.
/// InvalidInput starting with `name` (a file name) otherwise.
Result<nlohmann::json> parseJson(std::string_view text, const std::string &name,
                                 size_t maxDepth = 32);

/// Parses the file at `path`, which is also its name in messages.
Result<nlohmann::json> readJson(const std::string &path);

/// What `value` is, for the end of a message: "string 'x'", "number 3",
/// "array", "object", "true", "null".
std::string describe(const nlohmann::json &value);

} // namespace ingot::storage

#endif // INGOT_STORAGE_JSON_H
