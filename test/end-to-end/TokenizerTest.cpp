//===- TokenizerTest.cpp - the tokenizer that a plan carries --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Tokenizer.h"
#include "runtime/text/ChatTemplate.h"
#include "test/end-to-end/CompiledModel.h"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace ingot;

namespace {

nlohmann::json goldens() {
  std::ifstream file(test::checkpointFolder("deepseek-v3-tiny") +
                     "/tokenizer_golden.json");
  return nlohmann::json::parse(file);
}

} // namespace

TEST(PlanTokenizer, EncodesAndDecodesAsTheGoldens) {
  auto model = test::load(test::artifact("deepseek-v3-tiny"));
  ASSERT_TRUE(model);
  const text::Tokenizer &tokenizer = model->tokenizer();
  // Kept: the loop does not extend the life of what it takes a part of.
  const nlohmann::json all = goldens();
  for (const nlohmann::json &golden : all.at("cases")) {
    auto text = golden.at("text").get<std::string>();
    auto plain = tokenizer.encode(text, /*addSpecial=*/false);
    ASSERT_TRUE(plain) << text;
    EXPECT_EQ(*plain, golden.at("ids_no_special").get<std::vector<int32_t>>())
        << text;
    // Not recorded for a text that spells special tokens itself.
    if (!golden.contains("ids"))
      continue;
    auto ids = tokenizer.encode(text, /*addSpecial=*/true);
    ASSERT_TRUE(ids) << text;
    EXPECT_EQ(*ids, golden.at("ids").get<std::vector<int32_t>>()) << text;
    auto decoded = tokenizer.decode(*plain, /*skipSpecial=*/true);
    ASSERT_TRUE(decoded) << text;
    EXPECT_EQ(*decoded, golden.at("decoded").get<std::string>());
  }
}

TEST(PlanTokenizer, RendersChatsAsTheGoldens) {
  auto model = test::load(test::artifact("deepseek-v3-tiny"));
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->chatTemplate());
  const nlohmann::json all = goldens();
  for (const nlohmann::json &golden : all.at("chat")) {
    std::vector<text::ChatMessage> messages;
    for (const nlohmann::json &message : golden.at("messages"))
      messages.push_back({message["role"], message["content"]});
    auto text = model->chatTemplate()->render(
        messages, golden.at("add_generation_prompt").get<bool>(),
        model->bosToken(), model->eosToken());
    ASSERT_TRUE(text) << text.status().message();
    EXPECT_EQ(*text, golden.at("text").get<std::string>());
  }
}
