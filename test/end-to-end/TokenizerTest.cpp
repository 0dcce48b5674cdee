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

#include <filesystem>
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

namespace {

/// A bundled checkpoint with the tokenizer of test/tokenizers/`form`, compiled
/// and loaded.
std::shared_ptr<const Model> loadWith(const std::string &form) {
  namespace fs = std::filesystem;
  const fs::path folder = test::scratchFolder() / ("form-" + form);
  fs::create_directories(folder);
  for (const char *file : {"config.json", "model.safetensors"})
    fs::copy_file(fs::path(test::checkpointFolder("deepseek-v2-lite-tiny")) /
                      file,
                  folder / file);
  fs::copy_file(test::checkpointFolder("../tokenizers/" + form) +
                    "/tokenizer.json",
                folder / "tokenizer.json");
  compiler::CompileOptions options;
  options.checkpoint = folder;
  options.output = folder / "model.ingot";
  Status status = test::compileQuietly(options);
  EXPECT_TRUE(status.ok()) << status.message();
  return test::load(options.output);
}

} // namespace

// Rewrites, flags, splits and bytes to fall back on, each in one of them.
TEST(PlanTokenizer, PublishedFormsComeThroughACompiledPlan) {
  for (const char *form : {"flags-prepend", "mixtral", "olmo2"}) {
    SCOPED_TRACE(form);
    auto model = loadWith(form);
    ASSERT_TRUE(model);
    std::ifstream file(
        test::checkpointFolder("../tokenizers/" + std::string(form)) +
        "/golden.json");
    const nlohmann::json all = nlohmann::json::parse(file);
    for (const nlohmann::json &golden : all.at("cases")) {
      auto text = golden.at("text").get<std::string>();
      auto plain = golden.at("ids").get<std::vector<int32_t>>();
      auto special = golden.value("ids_special", plain);
      EXPECT_EQ(*model->tokenizer().encode(text, /*addSpecial=*/false), plain)
          << text;
      EXPECT_EQ(*model->tokenizer().encode(text, /*addSpecial=*/true), special)
          << text;
      EXPECT_EQ(*model->tokenizer().decode(special, /*skipSpecial=*/true),
                golden.at("decoded").get<std::string>())
          << text;
    }
  }
}
