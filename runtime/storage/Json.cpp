//===- Json.cpp - JSON from files that nobody vouches for -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Json.h"

#include "runtime/storage/MappedFile.h"
#include "runtime/storage/Messages.h"

#include <nlohmann/json.hpp>

#include <vector>

namespace ingot::storage {
namespace {

using Json = nlohmann::json;

/// Receives the parser's events and builds the document. An event that returns
/// false ends the parse, with the reason in `problem`.
class StrictBuilder {
public:
  explicit StrictBuilder(size_t maxDepth) : maxDepth(maxDepth) {}

  Json root;
  std::string problem;

  // The names are those that nlohmann::json::sax_parse calls.
  // NOLINTBEGIN(readability-identifier-naming)
  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(int64_t value) { return add(value); }
  bool number_unsigned(uint64_t value) { return add(value); }
  bool number_float(double value, const std::string &) { return add(value); }
  bool string(std::string &value) { return add(std::move(value)); }
  bool binary(Json::binary_t &) { return false; }
  bool start_object(size_t) { return enter(Json::object()); }
  bool start_array(size_t) { return enter(Json::array()); }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }

  bool key(std::string &name) {
    auto [entry, isNew] = open.back()->emplace(name, nullptr);
    if (!isNew) {
      problem = "key " + quote(name) + " stands twice in one object";
      return false;
    }
    member = &*entry;
    return true;
  }

  bool parse_error(size_t position, const std::string &lastToken,
                   const nlohmann::detail::exception &) {
    problem = "malformed JSON at byte " + std::to_string(position) + ", near " +
              quote(lastToken);
    return false;
  }
  // NOLINTEND(readability-identifier-naming)

private:
  // Pointers into `root` stay good: a container grows only while none of its
  // children is open.
  Json *place(Json value) {
    if (open.empty()) {
      root = std::move(value);
      return &root;
    }
    if (open.back()->is_array()) {
      open.back()->push_back(std::move(value));
      return &open.back()->back();
    }
    *member = std::move(value);
    return member;
  }

  bool add(Json value) {
    place(std::move(value));
    return true;
  }

  bool enter(Json container) {
    if (open.size() == maxDepth) {
      problem = "expects at most " + std::to_string(maxDepth) +
                " nested levels of JSON, got more";
      return false;
    }
    open.push_back(place(std::move(container)));
    return true;
  }

  bool leave() {
    open.pop_back();
    return true;
  }

  size_t maxDepth;
  /// The containers that are not closed yet, outermost first.
  std::vector<Json *> open;
  /// Where the value of the last key goes.
  Json *member = nullptr;
};

} // namespace

Result<Json> parseJson(std::string_view text, const std::string &name,
                       size_t maxDepth) {
  StrictBuilder builder(maxDepth);
  if (!Json::sax_parse(text.begin(), text.end(), &builder))
    return invalidInput(name + ": " + builder.problem);
  return std::move(builder.root);
}

Result<Json> readJson(const std::string &path) {
  auto file = MappedFile::open(path);
  if (!file)
    return file.status();
  if (file->size() > maxJsonBytes)
    return invalidInput(path + ": expects at most " +
                        std::to_string(maxJsonBytes) + " bytes of JSON, got " +
                        std::to_string(file->size()));
  return parseJson(file->text(), path);
}

std::string describe(const Json &value) {
  if (value.is_string())
    return "string " + quote(value.get_ref<const std::string &>());
  if (value.is_number())
    return "number " + value.dump();
  if (value.is_boolean() || value.is_null())
    return value.dump();
  return value.type_name();
}

} // namespace ingot::storage
