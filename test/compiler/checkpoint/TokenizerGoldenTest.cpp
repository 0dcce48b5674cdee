//===- TokenizerGoldenTest.cpp - tokenizers against goldens -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every tiny checkpoint's tokenizer, imported and run, against the ids, texts
// and chat renderings that the transformers library gave.
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerImport.h"
#include "runtime/storage/Json.h"
#include "runtime/text/ChatTemplate.h"
#include "runtime/text/StreamDecoder.h"
#include "runtime/text/Tokenizer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace ingot;

namespace {

class TokenizerGolden : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    std::string folder = std::string(INGOT_TEST_MODELS) + "/" + GetParam();
    Result<text::TokenizerSpec> imported = compiler::importTokenizer(folder);
    ASSERT_TRUE(imported) << imported.status().message();
    spec = *imported;
    Result<text::Tokenizer> created = text::Tokenizer::create(spec);
    ASSERT_TRUE(created) << created.status().message();
    tokenizer.emplace(*std::move(created));
    Result<nlohmann::json> read =
        storage::readJson(folder + "/tokenizer_golden.json");
    ASSERT_TRUE(read) << read.status().message();
    golden = *read;
    ASSERT_FALSE(golden["cases"].empty());
    ASSERT_FALSE(golden["chat"].empty());
  }

  std::vector<int32_t> encode(const std::string &text, bool addSpecial) {
    Result<std::vector<int32_t>> ids = tokenizer->encode(text, addSpecial);
    EXPECT_TRUE(ids) << ids.status().message();
    return ids ? *ids : std::vector<int32_t>();
  }

  text::TokenizerSpec spec;
  std::optional<text::Tokenizer> tokenizer;
  nlohmann::json golden;
};

TEST_P(TokenizerGolden, EncodesAsTheReference) {
  for (const nlohmann::json &entry : golden["cases"]) {
    std::string text = entry["text"];
    SCOPED_TRACE(text);
    std::vector<int32_t> plain = entry["ids_no_special"];
    EXPECT_EQ(encode(text, false), plain);
    if (entry.contains("ids")) {
      std::vector<int32_t> special = entry["ids"];
      EXPECT_EQ(encode(text, true), special);
    }
  }
}

TEST_P(TokenizerGolden, DecodesAsTheReference) {
  for (const nlohmann::json &entry : golden["cases"]) {
    if (!entry.contains("decoded"))
      continue;
    SCOPED_TRACE(entry["text"].get<std::string>());
    std::vector<int32_t> ids = entry["ids"];
    Result<std::string> text = tokenizer->decode(ids, /*skipSpecial=*/true);
    ASSERT_TRUE(text) << text.status().message();
    EXPECT_EQ(*text, entry["decoded"].get<std::string>());
  }
}

TEST_P(TokenizerGolden, StreamsWhatItDecodes) {
  for (const nlohmann::json &entry : golden["cases"]) {
    if (!entry.contains("decoded"))
      continue;
    text::StreamDecoder stream(*tokenizer, /*skipSpecial=*/true);
    std::string text;
    for (int32_t id : entry["ids"])
      text += *stream.push(id);
    text += stream.finish();
    EXPECT_EQ(text, entry["decoded"].get<std::string>());
  }
}

TEST_P(TokenizerGolden, RendersChatsAsTheReference) {
  Result<text::ChatTemplate> chat =
      text::ChatTemplate::create(spec.chatTemplate);
  ASSERT_TRUE(chat) << chat.status().message();
  for (const nlohmann::json &entry : golden["chat"]) {
    std::vector<text::ChatMessage> messages;
    for (const nlohmann::json &message : entry["messages"])
      messages.push_back({message["role"], message["content"]});
    Result<std::string> text = chat->render(
        messages, entry["add_generation_prompt"], spec.bosToken, spec.eosToken);
    ASSERT_TRUE(text) << text.status().message();
    EXPECT_EQ(*text, entry["text"].get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(Models, TokenizerGolden,
                         testing::Values("deepseek-v2-lite-tiny",
                                         "deepseek-v2-tiny", "deepseek-v3-tiny",
                                         "llama3-tiny", "llama4-tiny",
                                         "mixtral-tiny", "olmo2-tiny",
                                         "qwen3-moe-tiny"),
                         [](const testing::TestParamInfo<const char *> &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace
