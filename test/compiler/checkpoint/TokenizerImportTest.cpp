//===- TokenizerImportTest.cpp - A whole tokenizer and its files ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/checkpoint/TinyTokenizer.h"

#include <algorithm>

using namespace ingot;
using namespace ingot::compiler;
using namespace ingot::compiler::test;
using nlohmann::json;

using Ids = std::vector<int32_t>;

TEST(TokenizerImport, ReadsAPublishedTokenizer) {
  auto spec = importTokenizer(INGOT_TEST_MODELS "/deepseek-v3-tiny");
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->pieces.size(), 2048u);
  EXPECT_EQ(spec->merges.size(), 1787u);
  EXPECT_EQ(spec->pieces[2043], "<｜begin▁of▁sentence｜>");
  EXPECT_EQ(spec->addedTokens.size(), 5u);
  EXPECT_EQ(spec->splitPatterns.size(), 3u);
  EXPECT_EQ(spec->splitPatterns[0].source, "\\p{N}{1,3}");
  EXPECT_EQ(spec->prefixIds, Ids{2043});
  EXPECT_TRUE(spec->suffixIds.empty());
  EXPECT_EQ(spec->bosToken, "<｜begin▁of▁sentence｜>");
  EXPECT_EQ(spec->eosToken, "<｜end▁of▁sentence｜>");
  EXPECT_EQ(spec->padToken, "<｜▁pad▁｜>");
  EXPECT_NE(spec->chatTemplate.find("add_generation_prompt"),
            std::string::npos);
}

TEST(TokenizerImport, EveryMergeJoinsItsSides) {
  auto spec = importTokenizer(INGOT_TEST_MODELS "/deepseek-v3-tiny");
  ASSERT_TRUE(spec);
  for (const auto &merge : spec->merges)
    EXPECT_EQ(spec->pieces[merge.left] + spec->pieces[merge.right],
              spec->pieces[merge.result]);
  EXPECT_EQ(spec->pieces[spec->merges[0].result], " t");
}

TEST(TokenizerImport, MissingTokenizer) {
  storage::test::TempFolder folder;
  auto spec = importTokenizer(folder.path());
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.status().code(), StatusCode::NotFound);
}

TEST(TokenizerImport, TokenizerThatIsNoObject) {
  EXPECT_EQ(importTiny(json::array()).status().message(),
            "tokenizer.json: expects an object, got array");
}

TEST(TokenizerImport, OtherFilesMayBeMissing) {
  auto spec = importTiny(tinyTokenizer());
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->bosToken, "");
  EXPECT_EQ(spec->chatTemplate, "");
}

TEST(TokenizerImport, SpecialTokenIsTextOrObjectOrNull) {
  auto spec = importTiny(
      tinyTokenizer(),
      R"({"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false},
          "pad_token": null})");
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->bosToken, "<s>");
  EXPECT_EQ(spec->eosToken, "</s>");
  EXPECT_EQ(spec->padToken, "");
}

TEST(TokenizerImport, ChatTemplateMayBeNamed) {
  auto spec = importTiny(tinyTokenizer(), R"({"chat_template": [
      {"name": "tool_use", "template": "T"},
      {"name": "default", "template": "D"}]})");
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->chatTemplate, "D");
}

TEST(TokenizerImport, ChatTemplateFileWins) {
  auto spec = importTiny(tinyTokenizer(), R"({"chat_template": "old"})", "new");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->chatTemplate, "new");
}

TEST(TokenizerImport, FlagsStandInForAMissingTemplate) {
  json tokenizer = tinyTokenizer();
  tokenizer["post_processor"] = {{"type", "ByteLevel"}};
  auto spec = importTiny(tokenizer,
                         R"({"bos_token": "<s>", "eos_token": "<s>",
                             "add_bos_token": true, "add_eos_token": true})");
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->prefixIds, Ids{258});
  EXPECT_EQ(spec->suffixIds, Ids{258});
}

TEST(TokenizerImport, TemplateWinsOverFlags) {
  auto spec = importTiny(tinyTokenizer(),
                         R"({"bos_token": "<s>", "eos_token": "<s>",
                             "add_bos_token": true, "add_eos_token": true})");
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->prefixIds, Ids{258});
  EXPECT_TRUE(spec->suffixIds.empty());
}

/// The message for a tokenizer_config.json beside a tokenizer without template.
static std::string configError(std::string_view config) {
  json tokenizer = tinyTokenizer();
  tokenizer["post_processor"] = nullptr;
  auto spec = importTiny(tokenizer, config);
  return spec ? "no error" : spec.status().message();
}

TEST(TokenizerImport, FlagForATokenThatIsNone) {
  EXPECT_EQ(configError(R"({"bos_token": "<t>", "add_bos_token": true})"),
            "tokenizer_config.json: 'add_bos_token' asks for a token that is "
            "no added token");
}

TEST(TokenizerImport, FlagOfTheWrongKind) {
  EXPECT_EQ(configError(R"({"add_eos_token": "yes"})"),
            "tokenizer_config.json: 'add_eos_token' expects a boolean, got "
            "string 'yes'");
}

TEST(TokenizerImport, SpecialTokenOfTheWrongKind) {
  EXPECT_EQ(configError(R"({"bos_token": 1})"),
            "tokenizer_config.json: 'bos_token' expects a string, got number "
            "1");
  EXPECT_EQ(configError(R"({"eos_token": {}})"),
            "tokenizer_config.json: 'eos_token.content' expects a string, got "
            "none");
}

TEST(TokenizerImport, ChatTemplateOfTheWrongKind) {
  EXPECT_EQ(configError(R"({"chat_template": 1})"),
            "tokenizer_config.json: 'chat_template' expects a string or an "
            "array of named templates, got number 1");
  EXPECT_EQ(configError(R"({"chat_template": [{"template": "T"}]})"),
            "tokenizer_config.json: 'chat_template[0].name' expects a string, "
            "got none");
  EXPECT_EQ(configError(R"({"chat_template": [{"name": "default"}]})"),
            "tokenizer_config.json: 'chat_template[0].template' expects a "
            "string, got none");
}

TEST(TokenizerImport, NoTemplateNamedDefault) {
  EXPECT_EQ(
      configError(R"({"chat_template": [{"name": "rag", "template": "R"}]})"),
      "tokenizer_config.json: 'chat_template' expects a template named "
      "'default', got none");
}

TEST(TokenizerImport, ConfigThatIsNoObject) {
  EXPECT_EQ(configError("[]"),
            "tokenizer_config.json: expects an object, got array");
}
