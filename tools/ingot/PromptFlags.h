//===- PromptFlags.h - flags of commands that take a prompt -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_INGOT_PROMPTFLAGS_H
#define INGOT_TOOLS_INGOT_PROMPTFLAGS_H

#include "ingot/Runtime.h"

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ingot::tool {

struct PromptFlags {
  std::vector<std::string> texts, files;
  std::vector<int32_t> ids;
};

/// Adds a value that a flag takes each time it is given: more would swallow the
/// ARTIFACT.
CLI::Option *addRepeated(CLI::App &command, const char *name,
                         std::vector<std::string> &values,
                         const char *description);

/// Adds --prompt, --prompt-file and --ids, and returns their group. `flags`
/// must outlive the parsing.
CLI::Option_group *addPromptFlags(CLI::App &command, PromptFlags &flags);

/// The tokens of each prompt. A text gets the tokenizer's special tokens, ids
/// are taken as they are.
Result<std::vector<std::vector<int32_t>>> readPrompts(const PromptFlags &flags,
                                                      const Model &model);

} // namespace ingot::tool

#endif // INGOT_TOOLS_INGOT_PROMPTFLAGS_H
