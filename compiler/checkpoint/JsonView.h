//===- JsonView.h - A JSON value that knows where it stands -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pairs a value with its file and its dotted path, so that every typed read can
// say what was wrong where:
//   config.json: 'rope_scaling.factor' expects a number, got string 'x'
// A view may be of nothing: reading on through a missing member is fine, the
// read at the end fails. Null counts as missing, as in the library that writes
// these files. Views point into the document, which the caller keeps alive.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_JSONVIEW_H
#define INGOT_COMPILER_CHECKPOINT_JSONVIEW_H

#include "ingot/Status.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::compiler {

/// A cheap value; immutable, so as safe to share as the document itself.
class JsonView {
public:
  /// A view of the document `value`, read from `file`.
  JsonView(const nlohmann::json &value, std::string file)
      : value(&value), file(std::move(file)) {}

  /// The member of an object; of nothing if there is none.
  JsonView operator[](std::string_view key) const;
  /// The member that a dotted path leads to. A key that contains dots itself is
  /// found as well.
  JsonView at(std::string_view path) const;

  /// Whether there is a value other than null.
  bool exists() const;
  /// The value; only if it exists.
  const nlohmann::json &json() const { return *value; }
  const std::string &path() const { return where; }
  bool isObject() const;
  bool isArray() const;
  bool isString() const;

  // Typed reads. InvalidInput if the value is missing or of another kind.
  Result<bool> boolean() const;
  /// As `boolean`, but `fallback` if the value is missing.
  Result<bool> booleanOr(bool fallback) const;
  /// A JSON integer within [min, max]; 1.0 is none.
  Result<int64_t>
  integer(int64_t min = std::numeric_limits<int64_t>::min(),
          int64_t max = std::numeric_limits<int64_t>::max()) const;
  /// Any JSON number.
  Result<double> number() const;
  Result<std::string> string() const;
  /// Views of an array's elements.
  Result<std::vector<JsonView>> elements() const;
  Result<std::vector<int64_t>>
  integers(int64_t min = std::numeric_limits<int64_t>::min(),
           int64_t max = std::numeric_limits<int64_t>::max()) const;
  Result<std::vector<std::string>> strings() const;

  /// "FILE: 'PATH' expects EXPECTED, got ...".
  Status expects(std::string_view expected) const;
  /// "FILE: 'PATH' MESSAGE", for what `expects` cannot say.
  Status error(std::string_view message) const;

private:
  JsonView(const nlohmann::json *value, std::string file, std::string where)
      : value(value), file(std::move(file)), where(std::move(where)) {}

  /// Null if this is a view of nothing.
  const nlohmann::json *value;
  std::string file, where;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_JSONVIEW_H
