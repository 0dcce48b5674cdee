//===- ChatTemplate.h - a conversation as one text --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Renders a conversation with the Jinja template of its checkpoint:
//
//   auto chat = ChatTemplate::create(spec.chatTemplate);
//   auto text = chat->render({{"user", "Hello"}}, true, spec.bosToken,
//                            spec.eosToken);
//
// The language is the part of Jinja that published chat templates use, set up
// as the transformers library does (trim_blocks, lstrip_blocks, loop controls);
// see jinja/Ast.h. Anything else is refused by name and line when the template
// is read, not when it runs.
//
// Immutable after create; const calls may run on many threads at once.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_CHATTEMPLATE_H
#define INGOT_RUNTIME_TEXT_CHATTEMPLATE_H

#include "ingot/Status.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::text {

namespace jinja {
struct Template;
} // namespace jinja

/// One turn of a conversation.
struct ChatMessage {
  /// "system", "user", "assistant" or what else the template knows.
  std::string role;
  std::string content;
};

class ChatTemplate {
public:
  /// Reads a template. InvalidInput with the line if it does not parse, uses
  /// what this interpreter does not have, or nests too deeply.
  static Result<ChatTemplate> create(std::string_view source);

  /// Renders `messages`. `addGenerationPrompt` ends the text where the answer
  /// begins; `bos` and `eos` are the texts of those tokens, empty if they are
  /// not set: then the template finds no variable of that name. The result
  /// already holds its special tokens: encode it without adding more.
  /// InvalidInput with the line if the template raises an exception or uses up
  /// its budget of steps and memory.
  Result<std::string> render(const std::vector<ChatMessage> &messages,
                             bool addGenerationPrompt, std::string_view bos,
                             std::string_view eos) const;

private:
  explicit ChatTemplate(std::shared_ptr<const jinja::Template> parsed)
      : parsed(std::move(parsed)) {}

  std::shared_ptr<const jinja::Template> parsed;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_CHATTEMPLATE_H
