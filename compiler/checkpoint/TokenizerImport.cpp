//===- TokenizerImport.cpp - A checkpoint's tokenizer, as data ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerImport.h"

#include "compiler/checkpoint/JsonView.h"
#include "compiler/checkpoint/TokenizerPipeline.h"
#include "compiler/checkpoint/TokenizerVocabulary.h"
#include "runtime/storage/Json.h"
#include "runtime/storage/MappedFile.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace ingot::compiler {

/// The text of a special token: a string, or the `content` of an object.
static Status readTokenText(const JsonView &token, std::string &text) {
  if (!token.exists())
    return {};
  JsonView holder = token.isObject() ? token["content"] : token;
  auto content = holder.string();
  if (!content)
    return content.status();
  text = *std::move(content);
  return {};
}

/// A chat template is a string, or a list of named ones of which "default" is
/// taken.
static Status readChatTemplate(const JsonView &chat, std::string &text) {
  if (!chat.exists())
    return {};
  if (chat.isString()) {
    text = chat.json().get_ref<const std::string &>();
    return {};
  }
  auto named = chat.elements();
  if (!named)
    return chat.expects("a string or an array of named templates");
  for (const JsonView &entry : *named) {
    auto name = entry["name"].string();
    if (!name)
      return name.status();
    auto source = entry["template"].string();
    if (!source)
      return source.status();
    if (*name != "default")
      continue;
    text = *std::move(source);
    return {};
  }
  return chat.error("expects a template named 'default', got none");
}

/// Appends the id of the added token `content` to `ids` if `flag` is true.
static Status appendIfAsked(const JsonView &flag, const std::string &content,
                            const text::TokenizerSpec &spec,
                            std::vector<int32_t> &ids) {
  auto asked = flag.booleanOr(false);
  if (!asked)
    return asked.status();
  if (!*asked)
    return {};
  for (const text::AddedToken &token : spec.addedTokens) {
    if (token.content != content)
      continue;
    ids.push_back(token.id);
    return {};
  }
  return flag.error("asks for a token that is no added token");
}

static Status readTokenizerConfig(const JsonView &config, bool hasTemplate,
                                  text::TokenizerSpec &spec) {
  if (!config.isObject())
    return config.expects("an object");
  if (Status s = readTokenText(config["bos_token"], spec.bosToken); !s.ok())
    return s;
  if (Status s = readTokenText(config["eos_token"], spec.eosToken); !s.ok())
    return s;
  if (Status s = readTokenText(config["pad_token"], spec.padToken); !s.ok())
    return s;
  if (Status s = readChatTemplate(config["chat_template"], spec.chatTemplate);
      !s.ok())
    return s;
  if (hasTemplate)
    return {};
  if (Status s = appendIfAsked(config["add_bos_token"], spec.bosToken, spec,
                               spec.prefixIds);
      !s.ok())
    return s;
  return appendIfAsked(config["add_eos_token"], spec.eosToken, spec,
                       spec.suffixIds);
}

/// Reads tokenizer.json; returns whether it says which special tokens to add.
static Result<bool> readTokenizer(const JsonView &tokenizer,
                                  text::TokenizerSpec &spec) {
  if (!tokenizer.isObject())
    return tokenizer.expects("an object");
  if (Status s = readVocabulary(tokenizer, spec); !s.ok())
    return s;
  if (Status s = readNormalizer(tokenizer["normalizer"], spec); !s.ok())
    return s;
  if (Status s = readPreTokenizer(tokenizer["pre_tokenizer"], spec); !s.ok())
    return s;
  if (Status s = readDecoder(tokenizer["decoder"], spec); !s.ok())
    return s;
  return readPostProcessor(tokenizer["post_processor"], spec);
}

Result<text::TokenizerSpec> importTokenizer(const std::string &folder) {
  const std::filesystem::path root(folder);
  const std::string tokenizerPath = root / "tokenizer.json";
  const std::string configPath = root / "tokenizer_config.json";
  const std::string templatePath = root / "chat_template.jinja";
  std::error_code ignored;

  text::TokenizerSpec spec;
  auto tokenizer = storage::readJson(tokenizerPath);
  if (!tokenizer)
    return tokenizer.status();
  auto hasTemplate = readTokenizer(JsonView(*tokenizer, tokenizerPath), spec);
  if (!hasTemplate)
    return hasTemplate.status();

  if (std::filesystem::exists(configPath, ignored)) {
    auto config = storage::readJson(configPath);
    if (!config)
      return config.status();
    if (Status s = readTokenizerConfig(JsonView(*config, configPath),
                                       *hasTemplate, spec);
        !s.ok())
      return s;
  }
  if (std::filesystem::exists(templatePath, ignored)) {
    auto file = storage::MappedFile::open(templatePath);
    if (!file)
      return file.status();
    spec.chatTemplate = file->text();
  }
  return spec;
}

} // namespace ingot::compiler
