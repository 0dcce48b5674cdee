//===- ConfigFileTest.cpp - Lookups in config.json ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/ConfigFile.h"

#include "test/runtime/storage/TempFolder.h"

using namespace ingot;
using namespace ingot::compiler;
using ingot::storage::test::TempFolder;

using Keys = std::vector<std::string>;

static ConfigFile parse(std::string_view text) {
  auto config = ConfigFile::parse(text, "config.json");
  EXPECT_TRUE(config) << config.status().message();
  return *config;
}

TEST(ConfigFile, ReadsAPublishedConfig) {
  auto config =
      ConfigFile::open(INGOT_TEST_MODELS "/deepseek-v3-tiny/config.json");
  ASSERT_TRUE(config) << config.status().message();
  EXPECT_EQ(*config->strings("architectures"), Keys{"DeepseekV3ForCausalLM"});
  EXPECT_EQ(*config->integer("hidden_size"), 256);
  EXPECT_EQ(*config->number("rms_norm_eps"), 1e-6);
  EXPECT_EQ(*config->number("rope_theta"), 10000); // written as an integer
  EXPECT_EQ(*config->string("rope_scaling.type"), "yarn");
  EXPECT_TRUE(*config->boolean("norm_topk_prob"));
  EXPECT_EQ(*config->integers("quantization_config.weight_block_size"),
            (std::vector<int64_t>{128, 128}));
}

TEST(ConfigFile, OptionalValues) {
  ConfigFile config =
      parse(R"({"i": 1, "n": 0.5, "s": "x", "b": false, "l": [1]})");
  EXPECT_EQ(**config.optionalInteger("i"), 1);
  EXPECT_EQ(**config.optionalNumber("n"), 0.5);
  EXPECT_EQ(**config.optionalString("s"), "x");
  EXPECT_FALSE(**config.optionalBoolean("b"));
  EXPECT_EQ((*config.optionalIntegers("l"))->size(), 1u);
}

TEST(ConfigFile, NullCountsAsAbsent) {
  ConfigFile config = parse(R"({"a": null})");
  EXPECT_FALSE(config.has("a"));
  EXPECT_FALSE(config.has("b"));
  EXPECT_FALSE(config.optionalInteger("a")->has_value());
  EXPECT_FALSE(config.optionalString("b")->has_value());
  EXPECT_EQ(config.integer("a").status().message(),
            "config.json: 'a' expects an integer, got null");
}

TEST(ConfigFile, OptionalDoesNotMeanOfAnyKind) {
  ConfigFile config = parse(R"({"a": {"b": "x"}})");
  EXPECT_EQ(config.optionalInteger("a.b").status().message(),
            "config.json: 'a.b' expects an integer, got string 'x'");
}

TEST(ConfigFile, KeysAreTheLeaves) {
  ConfigFile config =
      parse(R"({"c": null, "b": {"y": [1, 2], "x": 1}, "a": "s", "e": {}})");
  EXPECT_EQ(config.keys(), (Keys{"a", "b.x", "b.y"}));
}

TEST(ConfigFile, KeysThatNobodyReadAreListed) {
  ConfigFile config = parse(
      R"({"a": 1, "b": 2, "c": 3, "d": {"x": 1, "y": 2}, "dd": 4, "e": 5})");
  EXPECT_TRUE(config.integer("a"));
  EXPECT_TRUE(config.optionalInteger("b"));
  // A failed read was asked for all the same; `has` is not a read.
  EXPECT_FALSE(config.string("c"));
  EXPECT_TRUE(config.has("e"));
  config.ignore("d");
  EXPECT_EQ(config.unreadKeys(), (Keys{"dd", "e"}));
}

TEST(ConfigFile, ConfigThatIsNoObject) {
  EXPECT_EQ(ConfigFile::parse("[]", "c").status().message(),
            "c: expects an object, got array");
  TempFolder folder;
  std::string path = folder.write("config.json", "3");
  EXPECT_EQ(ConfigFile::open(path).status().message(),
            path + ": expects an object, got number 3");
}

TEST(ConfigFile, MalformedConfig) {
  EXPECT_EQ(ConfigFile::parse("{", "c").status().message(),
            "c: malformed JSON at byte 2, near '{'");
}

TEST(ConfigFile, MissingConfig) {
  TempFolder folder;
  EXPECT_EQ(ConfigFile::open(folder.path("config.json")).status().code(),
            StatusCode::NotFound);
}
