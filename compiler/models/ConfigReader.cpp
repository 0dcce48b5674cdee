//===- ConfigReader.cpp - From config.json to a family and a Shape --------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/ConfigReader.h"
#include "runtime/storage/Messages.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace ingot::compiler {

Error importError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

/// The runtime reports with a Status, the compiler with an Error.
static Error toError(const Status &status) {
  return importError(status.message());
}

/// `config.json: 'key' expects <expected>, got <got>`.
static Error expects(const ConfigFile &config, StringRef key,
                     const llvm::Twine &expected, const llvm::Twine &got) {
  return importError(config.name() + ": '" + key + "' expects " + expected +
                     ", got " + got);
}

/// As short as it reads: 16777216, 1e-06.
static std::string text(double value) {
  std::string result;
  llvm::raw_string_ostream(result) << llvm::format("%.10g", value);
  return result;
}

/// `config.json: 'key' is missing`.
static Error isMissing(const ConfigFile &config, StringRef key) {
  return importError(config.name() + ": '" + key + "' is missing");
}

Expected<const Family *> familyOf(const ConfigFile &config) {
  Result<std::vector<std::string>> names = config.strings("architectures");
  if (!names)
    return toError(names.status());
  // Several names would be several models; nobody publishes that.
  for (const Family *family : families())
    if (names->size() == 1 && names->front() == family->architecture)
      return family;
  auto quoted = [](std::string_view name) { return storage::quote(name); };
  std::string known = llvm::join(
      llvm::map_range(families(),
                      [&](const Family *f) { return quoted(f->architecture); }),
      ", ");
  std::string got = llvm::join(llvm::map_range(*names, quoted), ", ");
  return expects(config, "architectures", "one of " + known,
                 got.empty() ? "none" : got);
}

/// Whether the object that holds a dotted key is there; the file itself holds
/// the others.
static bool holderExists(const ConfigFile &config, StringRef key) {
  auto [holder, member] = key.rsplit('.');
  return member.empty() || config.has(holder);
}

namespace {

/// Reads the keys of one family's tables.
class ShapeReader {
public:
  ShapeReader(const Family &family, const ConfigFile &config)
      : family(family), config(config) {}

  Error read(const ConfigField &field);
  Error check(const ConfigPin &pin);
  Error check(const ShapeRule &rule);
  Error readBlocks();

  Shape shape;

private:
  Error store(const ConfigField &field, int64_t Shape::*member);
  Error store(const ConfigField &field, double Shape::*member);
  Error store(const ConfigField &field, bool Shape::*member);
  /// `got` is the value as a message shows it: a double cannot hold every size.
  Error checkBounds(const ConfigField &field, double value,
                    const llvm::Twine &got);
  /// Checks one spelling of a pinned key, if it is there.
  Error checkPinnedKey(const ConfigPin &pin, StringRef key);
  /// The key that fills `member`, for messages.
  StringRef keyOf(int64_t Shape::*member) const;

  const Family &family;
  const ConfigFile &config;
};

} // namespace

Error ShapeReader::read(const ConfigField &field) {
  if (!config.has(field.key)) {
    if (field.need == Need::Required && holderExists(config, field.key))
      return isMissing(config, field.key);
    // The fallbacks of an absent object's members would bring it to life.
    if (!holderExists(config, field.key))
      return Error::success();
  }
  return std::visit([&](auto member) { return store(field, member); },
                    field.member);
}

Error ShapeReader::store(const ConfigField &field, int64_t Shape::*member) {
  Result<std::optional<int64_t>> value = config.optionalInteger(field.key);
  if (!value)
    return toError(value.status());
  shape.*member = value->value_or(static_cast<int64_t>(field.fallback));
  if (shape.*member % field.step != 0)
    return expects(config, field.key,
                   "a multiple of " + llvm::Twine(field.step),
                   llvm::Twine(shape.*member));
  return checkBounds(field, static_cast<double>(shape.*member),
                     llvm::Twine(shape.*member));
}

Error ShapeReader::store(const ConfigField &field, double Shape::*member) {
  Result<std::optional<double>> value = config.optionalNumber(field.key);
  if (!value)
    return toError(value.status());
  shape.*member = value->value_or(field.fallback);
  return checkBounds(field, shape.*member, text(shape.*member));
}

Error ShapeReader::store(const ConfigField &field, bool Shape::*member) {
  if (const auto &[no, yes] = field.words; !yes.empty()) {
    Result<std::string> word = config.string(field.key);
    if (!word)
      return toError(word.status());
    if (*word != no && *word != yes)
      return expects(config, field.key,
                     "'" + llvm::Twine(no) + "' or '" + yes + "'",
                     storage::quote(*word));
    shape.*member = *word == yes;
    return Error::success();
  }
  Result<std::optional<bool>> value = config.optionalBoolean(field.key);
  if (!value)
    return toError(value.status());
  shape.*member = value->value_or(field.fallback != 0);
  return Error::success();
}

Error ShapeReader::checkBounds(const ConfigField &field, double value,
                               const llvm::Twine &got) {
  // Written so that NaN fails.
  if (value >= field.least && value <= field.most)
    return Error::success();
  return expects(
      config, field.key,
      "a value from " + text(field.least) + " to " + text(field.most), got);
}

Error ShapeReader::check(const ConfigPin &pin) {
  bool found = config.has(pin.key) || config.has(pin.alias);
  if (!found && pin.need == Need::Required && holderExists(config, pin.key))
    return isMissing(config, pin.key);
  if (Error error = checkPinnedKey(pin, pin.key))
    return error;
  return pin.alias.empty() ? Error::success() : checkPinnedKey(pin, pin.alias);
}

Error ShapeReader::checkPinnedKey(const ConfigPin &pin, StringRef key) {
  if (!config.has(key))
    return Error::success();
  if (auto *text = std::get_if<std::string_view>(&pin.value)) {
    Result<std::string> got = config.string(key);
    if (!got)
      return toError(got.status());
    if (*got != *text)
      return expects(config, key, "'" + llvm::Twine(*text) + "'",
                     storage::quote(*got));
  } else if (auto *number = std::get_if<int64_t>(&pin.value)) {
    Result<int64_t> got = config.integer(key);
    if (!got)
      return toError(got.status());
    if (*got != *number)
      return expects(config, key, llvm::Twine(*number), llvm::Twine(*got));
  } else if (auto *flag = std::get_if<bool>(&pin.value)) {
    Result<bool> got = config.boolean(key);
    if (!got)
      return toError(got.status());
    if (*got != *flag)
      return expects(config, key, *flag ? "true" : "false",
                     *got ? "true" : "false");
  } else {
    return importError(config.name() + ": '" + key + "' is not supported");
  }
  return Error::success();
}

StringRef ShapeReader::keyOf(int64_t Shape::*member) const {
  for (const ConfigField &field : family.fields)
    if (auto *size = std::get_if<int64_t Shape::*>(&field.member))
      if (*size == member)
        return field.key;
  llvm_unreachable("a rule relates members that the field table reads");
}

Error ShapeReader::check(const ShapeRule &rule) {
  int64_t left = shape.*rule.left, right = shape.*rule.right;
  // Empty where the rule holds.
  StringRef words;
  switch (rule.relation) {
  case ShapeRule::AtMost:
    words = left <= right ? "" : "at most";
    break;
  case ShapeRule::MultipleOf:
    words = left % right == 0 ? "" : "a multiple of";
    break;
  case ShapeRule::EqualTo:
    words = left == right ? "" : "the value of";
    break;
  }
  if (words.empty())
    return Error::success();
  return expects(config, keyOf(rule.left),
                 words + " '" + keyOf(rule.right) + "' " + llvm::Twine(right),
                 llvm::Twine(left));
}

// Not a field: a list, and the only one.
Error ShapeReader::readBlocks() {
  constexpr StringRef key = "quantization_config.weight_block_size";
  if (!config.has("quantization_config"))
    return Error::success();
  Result<std::vector<int64_t>> block = config.integers(key);
  if (!block)
    return toError(block.status());
  auto fits = [](int64_t size) { return size >= 1 && size <= 1 << 16; };
  if (block->size() != 2 || !llvm::all_of(*block, fits))
    return expects(config, key, "two sizes from 1 to 65536",
                   llvm::formatv("[{0:$[, ]}]",
                                 llvm::make_range(block->begin(), block->end()))
                       .str());
  shape.blockRows = block->front();
  shape.blockColumns = block->back();
  return Error::success();
}

Expected<Shape> readShape(const Family &family, const ConfigFile &config,
                          std::vector<std::string> &warnings) {
  ShapeReader reader(family, config);
  // What is not supported goes first: its sizes may mean something else.
  for (const ConfigPin &pin : family.pins)
    if (Error error = reader.check(pin))
      return error;
  for (const ConfigField &field : family.fields)
    if (Error error = reader.read(field))
      return error;
  // The rules divide by sizes that the bounds have made positive.
  for (const ShapeRule &rule : family.rules)
    if (Error error = reader.check(rule))
      return error;
  if (Error error = reader.readBlocks())
    return error;
  for (std::string_view key : family.harmless)
    config.ignore(key);
  for (const std::string &key : config.unreadKeys())
    warnings.push_back(config.name() + ": " + storage::quote(key) +
                       " is unknown and has no effect");
  return reader.shape;
}

} // namespace ingot::compiler
