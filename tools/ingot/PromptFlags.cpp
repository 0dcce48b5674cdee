//===- PromptFlags.cpp - flags of commands that take a prompt -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/PromptFlags.h"
#include "runtime/text/Tokenizer.h"
#include "tools/ingot/ModelFlags.h"

namespace ingot::tool {

CLI::Option *addRepeated(CLI::App &command, const char *name,
                         std::vector<std::string> &values,
                         const char *description) {
  return command.add_option(name, values, description)
      ->take_all()
      ->allow_extra_args(false);
}

CLI::Option_group *addPromptFlags(CLI::App &command, PromptFlags &flags) {
  CLI::Option_group *group = command.add_option_group("Prompt");
  addRepeated(*group, "--prompt", flags.texts,
              "Text to continue; several run together");
  addRepeated(*group, "--prompt-file", flags.files,
              "File of the text; several run together; - is the input")
      ->type_name("FILE");
  group->add_option("--ids", flags.ids, "Token ids to continue: 1,2,3")
      ->delimiter(',');
  return group;
}

Result<std::vector<std::vector<int32_t>>> readPrompts(const PromptFlags &flags,
                                                      const Model &model) {
  using Prompts = std::vector<std::vector<int32_t>>;
  if (!flags.ids.empty())
    return Prompts{flags.ids};
  if (Status status = requireTokenizer(model); !status.ok())
    return status;
  std::vector<std::string> texts = flags.texts;
  for (const std::string &path : flags.files) {
    Result<std::string> text = readText(path);
    if (!text)
      return text.status();
    texts.push_back(*std::move(text));
  }
  Prompts prompts;
  for (const std::string &text : texts) {
    auto ids = model.tokenizer().encode(text, /*addSpecial=*/true);
    if (!ids)
      return ids.status();
    prompts.push_back(*std::move(ids));
  }
  return prompts;
}

} // namespace ingot::tool
