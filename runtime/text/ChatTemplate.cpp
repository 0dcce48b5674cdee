//===- ChatTemplate.cpp - a conversation as one text ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/ChatTemplate.h"
#include "runtime/text/Utf8.h"
#include "runtime/text/jinja/Evaluator.h"
#include "runtime/text/jinja/Parser.h"

namespace ingot::text {

namespace {

jinja::Value toValue(const std::vector<ChatMessage> &messages) {
  std::vector<jinja::Value> turns;
  for (const ChatMessage &message : messages)
    turns.push_back(jinja::Value::dict(
        {{"role", message.role}, {"content", message.content}}));
  return jinja::Value::list(std::move(turns));
}

} // namespace

Result<ChatTemplate> ChatTemplate::create(std::string_view source) {
  size_t invalid = findInvalidUtf8(source);
  if (invalid != std::string_view::npos)
    return invalidInput(
        "chat template expects valid UTF-8, got a bad byte at offset " +
        std::to_string(invalid));
  Result<jinja::Template> parsed = jinja::parseTemplate(source);
  if (!parsed)
    return parsed.status();
  return ChatTemplate(
      std::make_shared<const jinja::Template>(*std::move(parsed)));
}

Result<std::string>
ChatTemplate::render(const std::vector<ChatMessage> &messages,
                     bool addGenerationPrompt, std::string_view bos,
                     std::string_view eos) const {
  for (size_t i = 0; i < messages.size(); ++i)
    for (const std::string *text : {&messages[i].role, &messages[i].content})
      if (size_t at = findInvalidUtf8(*text); at != std::string_view::npos)
        return invalidInput("message " + std::to_string(i) +
                            " expects valid UTF-8, got a bad byte at offset " +
                            std::to_string(at));
  // As the transformers library has it: no tools or documents are None, and a
  // token that is not set is undefined.
  jinja::Dict variables = {
      {"messages", toValue(messages)},
      {"tools", jinja::Value::none()},
      {"documents", jinja::Value::none()},
      {"add_generation_prompt", jinja::Value::boolean(addGenerationPrompt)}};
  if (!bos.empty())
    variables.emplace_back("bos_token", std::string(bos));
  if (!eos.empty())
    variables.emplace_back("eos_token", std::string(eos));
  return jinja::render(*parsed, std::move(variables));
}

} // namespace ingot::text
