//===- ShapeReader.h - Reads config.json by a family's tables ---*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fields are read in the order of their table: what an absent key means, and
// whether a key is read at all, may depend on members that were read before.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_SHAPEREADER_H
#define INGOT_COMPILER_MODELS_SHAPEREADER_H

#include "compiler/models/ConfigReader.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace ingot::compiler {

/// Borrows the file and the form; use once.
class ShapeReader {
public:
  ShapeReader(const FamilyForm &form, const ConfigFile &config)
      : family(*form.family), object(form.architecture->config),
        config(config) {}

  llvm::Error read(const ConfigField &field);
  llvm::Error check(const ConfigPin &pin);
  llvm::Error check(const ShapeRule &rule);
  /// The block of FP8 weights.
  llvm::Error readBlocks();
  /// Counts all spellings of `key`, and what is below them, as read.
  void ignore(llvm::StringRef key) const;

  /// What was read so far.
  Shape shape;

private:
  /// The spellings of `key` that the file has.
  llvm::SmallVector<std::string> findAll(llvm::StringRef key) const;
  /// The spelling of `key` that the file has, or would have.
  std::string nameOf(llvm::StringRef key) const;
  /// Whether the object that holds a dotted key is there; the file itself holds
  /// the others.
  bool holderExists(llvm::StringRef key) const;
  /// The key that fills `member`, for messages.
  std::string keyOf(int64_t Shape::*member) const;

  /// Fills `member` from the spellings that were found, or without any.
  template <typename T>
  llvm::Error store(const ConfigField &field, llvm::ArrayRef<std::string> found,
                    T Shape::*member);
  // The value of the key `name`, which is there, checked.
  llvm::Expected<int64_t> parse(const ConfigField &field,
                                const std::string &name, int64_t Shape::*);
  llvm::Expected<double> parse(const ConfigField &field,
                               const std::string &name, double Shape::*);
  llvm::Expected<bool> parse(const ConfigField &field, const std::string &name,
                             bool Shape::*);
  llvm::Expected<std::vector<int64_t>> parse(const ConfigField &field,
                                             const std::string &name,
                                             std::vector<int64_t> Shape::*);
  /// The value of a key that is not there.
  llvm::Expected<int64_t> absent(const ConfigField &field, int64_t Shape::*);
  llvm::Expected<double> absent(const ConfigField &field, double Shape::*) {
    return field.fallback;
  }
  llvm::Expected<bool> absent(const ConfigField &field, bool Shape::*) {
    return field.fallback != 0;
  }
  llvm::Expected<std::vector<int64_t>> absent(const ConfigField &,
                                              std::vector<int64_t> Shape::*) {
    return std::vector<int64_t>();
  }
  /// Which of the field's words `word` is.
  llvm::Expected<int64_t> indexOf(const ConfigField &field,
                                  const std::string &name,
                                  const std::string &word);
  /// `got` is the value as a message shows it: a double cannot hold every size.
  llvm::Error checkBounds(const ConfigField &field, const std::string &name,
                          double value, const llvm::Twine &got);
  /// Checks one spelling of a pinned key.
  llvm::Error checkPinnedKey(const ConfigPin &pin, const std::string &name);

  const Family &family;
  /// The object of config.json that holds the keys; empty: the file.
  llvm::StringRef object;
  const ConfigFile &config;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_SHAPEREADER_H
