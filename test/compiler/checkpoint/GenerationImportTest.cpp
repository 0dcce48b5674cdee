//===- GenerationImportTest.cpp - Defaults of generation_config.json ------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/GenerationImport.h"

#include "test/runtime/storage/TempFolder.h"

using namespace ingot;
using namespace ingot::compiler;
using ingot::storage::test::TempFolder;

using Ids = std::vector<int32_t>;

TEST(GenerationImport, ReadsAPublishedFile) {
  auto defaults =
      importGenerationDefaults(INGOT_TEST_MODELS "/deepseek-v3-tiny");
  ASSERT_TRUE(defaults) << defaults.status().message();
  EXPECT_EQ(defaults->stopIds, Ids{2044});
  EXPECT_TRUE(defaults->doSample);
  EXPECT_FLOAT_EQ(defaults->temperature, 0.6f);
  EXPECT_FLOAT_EQ(defaults->topP, 0.95f);
  EXPECT_EQ(defaults->topK, 0);
}

TEST(GenerationImport, SeveralStopIds) {
  TempFolder folder;
  folder.write("generation_config.json",
               R"({"eos_token_id": [3, 5], "top_k": 20})");
  auto defaults = importGenerationDefaults(folder.path());
  ASSERT_TRUE(defaults) << defaults.status().message();
  EXPECT_EQ(defaults->stopIds, (Ids{3, 5}));
  EXPECT_EQ(defaults->topK, 20);
  EXPECT_FALSE(defaults->doSample);
}

TEST(GenerationImport, ConfigStandsInForAMissingFile) {
  TempFolder folder;
  folder.write("config.json", R"({"eos_token_id": 7})");
  EXPECT_EQ(importGenerationDefaults(folder.path())->stopIds, Ids{7});
}

TEST(GenerationImport, ConfigStandsInForAMissingStopId) {
  TempFolder folder;
  folder.write("generation_config.json", R"({"temperature": 0.5})");
  folder.write("config.json", R"({"text_config": {"eos_token_id": [8]}})");
  auto defaults = importGenerationDefaults(folder.path());
  ASSERT_TRUE(defaults);
  EXPECT_EQ(defaults->stopIds, Ids{8});
  EXPECT_EQ(defaults->temperature, 0.5f);
}

TEST(GenerationImport, NothingSaidMeansGreedyWithoutStop) {
  TempFolder folder;
  auto defaults = importGenerationDefaults(folder.path());
  ASSERT_TRUE(defaults);
  EXPECT_TRUE(defaults->stopIds.empty());
  EXPECT_FALSE(defaults->doSample);
}

static std::string errorOf(std::string_view text) {
  TempFolder folder;
  std::string path = folder.write("generation_config.json", text);
  auto defaults = importGenerationDefaults(folder.path());
  return defaults ? "no error"
                  : defaults.status().message().substr(path.size());
}

TEST(GenerationImport, StopIdsOutOfRange) {
  EXPECT_EQ(errorOf(R"({"eos_token_id": -1})"),
            ": 'eos_token_id' expects an integer from 0 to 2147483647, got "
            "number -1");
  EXPECT_EQ(errorOf(R"({"eos_token_id": [1, 2147483648]})"),
            ": 'eos_token_id[1]' expects an integer from 0 to 2147483647, got "
            "number 2147483648");
}

TEST(GenerationImport, TemperatureOutOfRange) {
  const std::string expected =
      ": 'temperature' expects a number of at least 0, got ";
  EXPECT_EQ(errorOf(R"({"temperature": -0.5})"), expected + "number -0.5");
  EXPECT_EQ(errorOf(R"({"temperature": 1e300})"), expected + "number 1e+300");
  EXPECT_EQ(errorOf(R"({"temperature": "hot"})"), expected + "string 'hot'");
}

TEST(GenerationImport, TopKOutOfRange) {
  EXPECT_EQ(errorOf(R"({"top_k": -1})"),
            ": 'top_k' expects an integer from 0 to 2147483647, got number -1");
}

TEST(GenerationImport, TopPOutOfRange) {
  const std::string expected =
      ": 'top_p' expects a number above 0 and at most 1, got number ";
  EXPECT_EQ(errorOf(R"({"top_p": 0})"), expected + "0");
  EXPECT_EQ(errorOf(R"({"top_p": 1.5})"), expected + "1.5");
}

TEST(GenerationImport, DoSampleOfAnotherKind) {
  EXPECT_EQ(errorOf(R"({"do_sample": 1})"),
            ": 'do_sample' expects a boolean, got number 1");
}

TEST(GenerationImport, FileThatIsNoObject) {
  EXPECT_EQ(errorOf("[]"), ": expects an object, got array");
}
