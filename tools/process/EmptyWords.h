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
/// the value of a flag.
inline bool hasStrayEmptyWord(const CLI::App &command,
                              std::span<char *const> words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i];
    if (word.empty())
      return true;
    const CLI::Option *flag =
        word.starts_with('-') ? command.get_option_no_throw(word) : nullptr;
    // What follows is its value, even if it looks like a flag.
    if (flag)
      i += static_cast<size_t>(flag->get_items_expected_min());
  }
  return false;
}

} // namespace ingot::tool

#endif // INGOT_TOOLS_PROCESS_EMPTYWORDS_H
