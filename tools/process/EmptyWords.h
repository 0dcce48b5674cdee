//===- EmptyWords.h - empty words of a command line -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CLI11 takes an empty word for the name of an option group, which is empty,
// and never comes to its end. So such words are looked for before it reads.
// Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_PROCESS_EMPTYWORDS_H
#define INGOT_TOOLS_PROCESS_EMPTYWORDS_H

#include <CLI/CLI.hpp>
#include <span>
#include <string>

namespace ingot::tool {

/// Whether `words`, the arguments of `command`, have an empty one that is not
/// the value of a flag before it.
inline bool hasStrayEmptyWord(const CLI::App &command,
                              std::span<char *const> words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (*words[i])
      continue;
    const std::string before = i > 0 ? words[i - 1] : "";
    const CLI::Option *flag =
        before.starts_with('-') ? command.get_option_no_throw(before) : nullptr;
    if (!flag || flag->get_items_expected_min() == 0)
      return true;
  }
  return false;
}

} // namespace ingot::tool

#endif // INGOT_TOOLS_PROCESS_EMPTYWORDS_H
