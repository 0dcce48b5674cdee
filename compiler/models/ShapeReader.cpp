//===- ShapeReader.cpp - Reads config.json by a family's tables -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/ShapeReader.h"
#include "runtime/storage/Messages.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::SmallVector;
using llvm::StringRef;

namespace ingot::compiler {

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

namespace {

/// A key of the tables, or the object that it is in, and another name for it.
struct Spelling {
  StringRef key, other;
};

} // namespace

/// As the versions of the library that models are published with have it.
static constexpr Spelling kSpellings[] = {
    {"torch_dtype", "dtype"},
    {"rope_scaling.type", "rope_scaling.rope_type"},
    {"rope_theta", "rope_parameters.rope_theta"},
    {"rope_scaling", "rope_parameters"},
};

/// All spellings of `key`, that of the tables first.
static SmallVector<std::string> spellingsOf(StringRef key, StringRef object) {
  SmallVector<std::string> spellings = {key.str()};
  for (const Spelling &row : kSpellings)
    for (size_t i = 0, known = spellings.size(); i < known; ++i) {
      StringRef rest = spellings[i];
      if (rest.consume_front(row.key) && (rest.empty() || rest[0] == '.'))
        spellings.push_back((row.other + rest).str());
    }
  if (object.empty())
    return spellings;
  // The file may repeat beside the object what the object says.
  SmallVector<std::string> all;
  for (const std::string &spelling : spellings)
    all.push_back((object + "." + spelling).str());
  all.append(spellings.begin(), spellings.end());
  return all;
}

SmallVector<std::string> ShapeReader::findAll(StringRef key) const {
  SmallVector<std::string> found = spellingsOf(key, object);
  llvm::erase_if(found,
                 [&](const std::string &name) { return !config.has(name); });
  return found;
}

std::string ShapeReader::nameOf(StringRef key) const {
  SmallVector<std::string> found = findAll(key);
  if (!found.empty())
    return found.front();
  SmallVector<std::string> spellings = spellingsOf(key, object);
  // In the object that is there, if one is.
  for (const std::string &name : spellings)
    if (auto [holder, member] = StringRef(name).rsplit('.');
        !member.empty() && config.has(holder))
      return name;
  return spellings.front();
}

bool ShapeReader::holderExists(StringRef key) const {
  auto [holder, member] = key.rsplit('.');
  return member.empty() || !findAll(holder).empty();
}

std::string ShapeReader::keyOf(int64_t Shape::*member) const {
  for (const ConfigField &field : family.fields)
    if (auto *size = std::get_if<int64_t Shape::*>(&field.member))
      if (*size == member)
        return nameOf(field.key);
  llvm_unreachable("a rule relates members that the field table reads");
}

Error ShapeReader::read(const ConfigField &field) {
  if (field.onlyIf && shape.*field.onlyIf != field.onlyIfValue)
    return Error::success();
  SmallVector<std::string> found = findAll(field.key);
  if (found.empty()) {
    // The fallbacks of an absent object's members would bring it to life.
    if (!holderExists(field.key))
      return Error::success();
    if (field.need == Need::Required)
      return isMissing(config, nameOf(field.key));
  }
  return std::visit([&](auto member) { return store(field, found, member); },
                    field.member);
}

template <typename T>
Error ShapeReader::store(const ConfigField &field, ArrayRef<std::string> found,
                         T Shape::*member) {
  if (found.empty()) {
    Expected<T> value = absent(field, member);
    if (!value)
      return value.takeError();
    shape.*member = std::move(*value);
    return Error::success();
  }
  for (const std::string &name : found) {
    Expected<T> value = parse(field, name, member);
    if (!value)
      return value.takeError();
    if (&name != &found.front() && shape.*member != *value)
      return keyExpects(config, name,
                        "what " + storage::quote(found.front()) + " says",
                        "something else");
    shape.*member = std::move(*value);
  }
  return Error::success();
}

Expected<int64_t> ShapeReader::absent(const ConfigField &field,
                                      int64_t Shape::*) {
  auto [dividend, divisor] = field.otherwise;
  if (!dividend)
    return static_cast<int64_t>(field.fallback);
  int64_t parts = divisor ? shape.*divisor : 1;
  if (shape.*dividend % (parts * field.step) != 0)
    return keyExpects(config, keyOf(dividend),
                      "a multiple of " + llvm::Twine(field.step) +
                          " for each of " + llvm::Twine(parts) + " '" +
                          keyOf(divisor) + "'",
                      llvm::Twine(shape.*dividend));
  return shape.*dividend / parts;
}

Expected<int64_t> ShapeReader::indexOf(const ConfigField &field,
                                       const std::string &name,
                                       const std::string &word) {
  auto at = llvm::find(field.words, word);
  if (at != field.words.end())
    return at - field.words.begin();
  std::string known;
  for (size_t i = 0; i < field.words.size(); ++i) {
    if (i > 0)
      known += i + 1 < field.words.size() ? ", " : " or ";
    known += storage::quote(field.words[i]);
  }
  return keyExpects(config, name, known, storage::quote(word));
}

Expected<int64_t> ShapeReader::parse(const ConfigField &field,
                                     const std::string &name,
                                     int64_t Shape::*) {
  if (!field.words.empty()) {
    Result<std::string> word = config.string(name);
    if (!word)
      return toError(word.status());
    return indexOf(field, name, *word);
  }
  Result<int64_t> value = config.integer(name);
  if (!value)
    return toError(value.status());
  if (*value % field.step != 0)
    return keyExpects(config, name, "a multiple of " + llvm::Twine(field.step),
                      llvm::Twine(*value));
  if (Error error = checkBounds(field, name, static_cast<double>(*value),
                                llvm::Twine(*value)))
    return error;
  return *value;
}

Expected<double> ShapeReader::parse(const ConfigField &field,
                                    const std::string &name, double Shape::*) {
  Result<double> value = config.number(name);
  if (!value)
    return toError(value.status());
  if (Error error = checkBounds(field, name, *value, text(*value)))
    return error;
  return *value;
}

Expected<bool> ShapeReader::parse(const ConfigField &field,
                                  const std::string &name, bool Shape::*) {
  if (!field.words.empty()) {
    Result<std::string> word = config.string(name);
    if (!word)
      return toError(word.status());
    Expected<int64_t> index = indexOf(field, name, *word);
    if (!index)
      return index.takeError();
    return *index == 1;
  }
  if (field.orNumber)
    if (Result<int64_t> number = config.integer(name))
      return *number != 0;
  Result<bool> value = config.boolean(name);
  if (!value)
    return toError(value.status());
  return *value;
}

Expected<std::vector<int64_t>>
ShapeReader::parse(const ConfigField &field, const std::string &name,
                   std::vector<int64_t> Shape::*) {
  std::vector<int64_t> list;
  if (!field.words.empty()) {
    Result<std::vector<std::string>> words = config.strings(name);
    if (!words)
      return toError(words.status());
    for (const std::string &word : *words) {
      Expected<int64_t> index = indexOf(field, name, word);
      if (!index)
        return index.takeError();
      list.push_back(*index);
    }
  } else {
    Result<std::vector<int64_t>> numbers = config.integers(name);
    if (!numbers)
      return toError(numbers.status());
    list = *std::move(numbers);
  }
  for (int64_t number : list)
    if (Error error = checkBounds(field, name, static_cast<double>(number),
                                  llvm::Twine(number)))
      return error;
  if (field.length && !list.empty() &&
      static_cast<int64_t>(list.size()) != shape.*field.length)
    return keyExpects(config, name,
                      "as many values as '" + keyOf(field.length) + "' " +
                          llvm::Twine(shape.*field.length),
                      llvm::Twine(list.size()));
  return list;
}

Error ShapeReader::checkBounds(const ConfigField &field,
                               const std::string &name, double value,
                               const llvm::Twine &got) {
  // Written so that NaN fails.
  if (value >= field.least && value <= field.most)
    return Error::success();
  return keyExpects(
      config, name,
      "a value from " + text(field.least) + " to " + text(field.most), got);
}

Error ShapeReader::check(const ConfigPin &pin) {
  SmallVector<std::string> found = findAll(pin.key);
  if (found.empty() && pin.need == Need::Required && holderExists(pin.key))
    return isMissing(config, nameOf(pin.key));
  for (const std::string &name : found)
    if (Error error = checkPinnedKey(pin, name))
      return error;
  return Error::success();
}

Error ShapeReader::checkPinnedKey(const ConfigPin &pin,
                                  const std::string &name) {
  if (auto *word = std::get_if<std::string_view>(&pin.value)) {
    Result<std::string> got = config.string(name);
    if (!got)
      return toError(got.status());
    if (*got != *word)
      return keyExpects(config, name, "'" + llvm::Twine(*word) + "'",
                        storage::quote(*got));
  } else if (auto *number = std::get_if<int64_t>(&pin.value)) {
    Result<int64_t> got = config.integer(name);
    if (!got)
      return toError(got.status());
    if (*got != *number)
      return keyExpects(config, name, llvm::Twine(*number), llvm::Twine(*got));
  } else if (auto *real = std::get_if<double>(&pin.value)) {
    Result<double> got = config.number(name);
    if (!got)
      return toError(got.status());
    if (*got != *real)
      return keyExpects(config, name, text(*real), text(*got));
  } else if (auto *flag = std::get_if<bool>(&pin.value)) {
    Result<bool> got = config.boolean(name);
    if (!got)
      return toError(got.status());
    if (*got != *flag)
      return keyExpects(config, name, *flag ? "true" : "false",
                        *got ? "true" : "false");
  } else {
    return importError(config.name() + ": '" + name + "' is not supported");
  }
  return Error::success();
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
  return keyExpects(config, keyOf(rule.left),
                    words + " '" + keyOf(rule.right) + "' " +
                        llvm::Twine(right),
                    llvm::Twine(left));
}

// Not a field: a list of two sizes.
Error ShapeReader::readBlocks() {
  constexpr StringRef key = "quantization_config.weight_block_size";
  if (!holderExists(key))
    return Error::success();
  std::string name = nameOf(key);
  Result<std::vector<int64_t>> block = config.integers(name);
  if (!block)
    return toError(block.status());
  auto fits = [](int64_t size) { return size >= 1 && size <= 1 << 16; };
  if (block->size() != 2 || !llvm::all_of(*block, fits))
    return keyExpects(
        config, name, "two sizes from 1 to 65536",
        llvm::formatv("[{0:$[, ]}]",
                      llvm::make_range(block->begin(), block->end()))
            .str());
  shape.blockRows = block->front();
  shape.blockColumns = block->back();
  return Error::success();
}

void ShapeReader::ignore(StringRef key) const {
  for (const std::string &name : spellingsOf(key, object))
    config.ignore(name);
}

} // namespace ingot::compiler
