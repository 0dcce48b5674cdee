//===- ConfigReaderTest.cpp - What config.json may and may not say --------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/ConfigReader.h"
#include "test/compiler/models/EditedModel.h"

#include <cmath>

using namespace ingot::compiler;
using ingot::compiler::test::EditedModel;

static std::string errorOf(std::string_view patch,
                           const std::string &name = "deepseek-v3-tiny") {
  EditedModel model(name);
  model.config(patch);
  return model.error();
}

TEST(ConfigReader, ReadsThePublishedConfigWithoutAWarning) {
  auto config = ConfigFile::open(INGOT_TEST_CONFIGS "/deepseek-v3.json");
  ASSERT_TRUE(config) << config.status().message();
  auto form = formOf(*config);
  ASSERT_TRUE(bool(form)) << llvm::toString(form.takeError());
  std::vector<std::string> warnings;
  auto shape = readShape(*form, *config, warnings);
  ASSERT_TRUE(bool(shape)) << llvm::toString(shape.takeError());
  EXPECT_TRUE(warnings.empty());
  EXPECT_EQ(shape->layers, 61);
  EXPECT_EQ(shape->experts, 256);
  EXPECT_EQ(shape->blockColumns, 128);

  // The DeepSeek-V3 report's m is 1.3689 for a factor of 40.
  LatentAttention attention = latentAttention(*shape);
  EXPECT_NEAR(attention.scale * std::sqrt(192.0), 1.3689 * 1.3689, 1e-3);
  EXPECT_TRUE(
      std::holds_alternative<DenseFfn>(form->family->describe(*shape, 2).ffn));
  EXPECT_TRUE(
      std::holds_alternative<RoutedFfn>(form->family->describe(*shape, 3).ffn));
}

TEST(ConfigReader, UnknownArchitecture) {
  EXPECT_EQ(errorOf(R"({"architectures": ["GptForCausalLM"]})"),
            "config.json: 'architectures' expects one of "
            "'DeepseekV2ForCausalLM', 'DeepseekV3ForCausalLM', "
            "'LlamaForCausalLM', 'Llama4ForConditionalGeneration', "
            "'Llama4ForCausalLM', 'MixtralForCausalLM', 'Olmo2ForCausalLM', "
            "'Qwen3ForCausalLM', 'Qwen3MoeForCausalLM', got 'GptForCausalLM'");
}

TEST(ConfigReader, NoArchitecture) {
  EXPECT_TRUE(llvm::StringRef(errorOf(R"({"architectures": []})"))
                  .ends_with(", got none"));
}

TEST(ConfigReader, MessageEscapesControlCharacters) {
  EXPECT_NE(errorOf(R"({"architectures": ["a\nb"]})").find("got 'a\\x0ab'"),
            std::string::npos);
}

TEST(ConfigReader, ArchitecturesThatAreNoList) {
  EXPECT_EQ(errorOf(R"({"architectures": "DeepseekV3ForCausalLM"})"),
            "config.json: 'architectures' expects an array, got string "
            "'DeepseekV3ForCausalLM'");
}

TEST(ConfigReader, MissingKey) {
  EXPECT_EQ(errorOf(R"({"hidden_size": null})"),
            "config.json: 'hidden_size' is missing");
}

TEST(ConfigReader, MissingKeyOfAnObjectThatIsThere) {
  EXPECT_EQ(errorOf(R"({"rope_scaling": {"factor": null}})"),
            "config.json: 'rope_scaling.factor' is missing");
}

TEST(ConfigReader, FieldOfAnotherKind) {
  EXPECT_EQ(errorOf(R"({"hidden_size": "256"})"),
            "config.json: 'hidden_size' expects an integer, got string '256'");
  EXPECT_EQ(errorOf(R"({"rms_norm_eps": "x"})"),
            "config.json: 'rms_norm_eps' expects a number, got string 'x'");
  EXPECT_EQ(errorOf(R"({"norm_topk_prob": 1})"),
            "config.json: 'norm_topk_prob' expects a boolean, got number 1");
}

TEST(ConfigReader, SizeOutOfBounds) {
  EXPECT_EQ(
      errorOf(R"({"hidden_size": 0})"),
      "config.json: 'hidden_size' expects a value from 1 to 262144, got 0");
  EXPECT_EQ(errorOf(R"({"num_hidden_layers": 9223372036854775807})"),
            "config.json: 'num_hidden_layers' expects a value from 1 to 1024, "
            "got 9223372036854775807");
}

TEST(ConfigReader, NumberOutOfBounds) {
  EXPECT_EQ(
      errorOf(R"({"rope_theta": 0.5})"),
      "config.json: 'rope_theta' expects a value from 1.001 to 1e+12, got 0.5");
}

TEST(ConfigReader, OddRotaryWidth) {
  EXPECT_EQ(errorOf(R"({"qk_rope_head_dim": 31})"),
            "config.json: 'qk_rope_head_dim' expects a multiple of 2, got 31");
}

TEST(ConfigReader, UnsupportedString) {
  EXPECT_EQ(errorOf(R"({"hidden_act": "gelu"})"),
            "config.json: 'hidden_act' expects 'silu', got 'gelu'");
  EXPECT_EQ(errorOf(R"({"scoring_func": "softmax"})"),
            "config.json: 'scoring_func' expects 'sigmoid', got 'softmax'");
}

TEST(ConfigReader, ChoiceOfNeitherWord) {
  EXPECT_EQ(errorOf(R"({"topk_method": "noaux_tc"})", "deepseek-v2-tiny"),
            "config.json: 'topk_method' expects 'greedy' or "
            "'group_limited_greedy', got 'noaux_tc'");
}

TEST(ConfigReader, MissingChoice) {
  EXPECT_EQ(errorOf(R"({"topk_method": null})", "deepseek-v2-tiny"),
            "config.json: 'topk_method' is missing");
}

TEST(ConfigReader, ChoiceOfAnotherKind) {
  EXPECT_EQ(errorOf(R"({"topk_method": true})", "deepseek-v2-tiny"),
            "config.json: 'topk_method' expects a string, got true");
}

TEST(ConfigReader, UnsupportedInteger) {
  EXPECT_EQ(errorOf(R"({"moe_layer_freq": 2})"),
            "config.json: 'moe_layer_freq' expects 1, got 2");
}

TEST(ConfigReader, UnsupportedFlag) {
  EXPECT_EQ(errorOf(R"({"attention_bias": true})"),
            "config.json: 'attention_bias' expects false, got true");
  EXPECT_EQ(errorOf(R"({"rope_interleave": false})"),
            "config.json: 'rope_interleave' expects true, got false");
}

TEST(ConfigReader, UnsupportedKey) {
  EXPECT_EQ(errorOf(R"({"rope_scaling": {"attention_factor": 1.0}})"),
            "config.json: 'rope_scaling.attention_factor' is not supported");
}

TEST(ConfigReader, PinnedValueOfAnotherKind) {
  EXPECT_EQ(errorOf(R"({"topk_method": 1})"),
            "config.json: 'topk_method' expects a string, got number 1");
  EXPECT_EQ(errorOf(R"({"moe_layer_freq": "1"})"),
            "config.json: 'moe_layer_freq' expects an integer, got string '1'");
  EXPECT_EQ(errorOf(R"({"attention_bias": 0})"),
            "config.json: 'attention_bias' expects a boolean, got number 0");
}

TEST(ConfigReader, UnsupportedScalingInEitherSpelling) {
  EXPECT_EQ(errorOf(R"({"rope_scaling": {"type": "linear"}})"),
            "config.json: 'rope_scaling.type' expects 'yarn', got 'linear'");
  EXPECT_EQ(
      errorOf(R"({"rope_scaling": {"rope_type": "linear"}})"),
      "config.json: 'rope_scaling.rope_type' expects 'yarn', got 'linear'");
}

TEST(ConfigReader, ScalingWithoutAType) {
  EXPECT_EQ(errorOf(R"({"rope_scaling": {"type": null}})"),
            "config.json: 'rope_scaling.type' is missing");
}

TEST(ConfigReader, MoreExpertsChosenThanThereAre) {
  EXPECT_EQ(errorOf(R"({"num_experts_per_tok": 17})"),
            "config.json: 'num_experts_per_tok' expects at most "
            "'n_routed_experts' 16, got 17");
}

TEST(ConfigReader, ExpertsThatDoNotFillTheGroups) {
  EXPECT_EQ(errorOf(R"({"n_group": 3})"),
            "config.json: 'n_routed_experts' expects a multiple of 'n_group' "
            "3, got 16");
}

TEST(ConfigReader, KeyHeadsOtherThanHeads) {
  EXPECT_EQ(errorOf(R"({"num_key_value_heads": 2})"),
            "config.json: 'num_key_value_heads' expects the value of "
            "'num_attention_heads' 4, got 2");
}

TEST(ConfigReader, BlockThatIsNotTwoSizes) {
  EXPECT_EQ(
      errorOf(R"({"quantization_config": {"weight_block_size": [128, 0]}})"),
      "config.json: 'quantization_config.weight_block_size' expects two sizes "
      "from 1 to 65536, got [128, 0]");
  EXPECT_EQ(errorOf(R"({"quantization_config": {"weight_block_size": null}})"),
            "config.json: 'quantization_config.weight_block_size' expects an "
            "array, got none");
}

TEST(ConfigReader, WhatOnlyTheVerifierSees) {
  EXPECT_EQ(errorOf(R"({"topk_group": 1, "num_experts_per_tok": 5})"),
            "config.json: layers.1.mlp.route: 'ingot.route' op expects top_k "
            "of at most the 4 experts of the kept groups, got 5");
}

TEST(ConfigReader, UnknownKeyIsAWarning) {
  EditedModel model;
  model.config(
      R"({"sliding_window": 4096, "rope_scaling": {"truncate": true}})");
  auto module = model.import();
  ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
  EXPECT_EQ(model.report.warnings,
            (std::vector<std::string>{
                "config.json: 'rope_scaling.truncate' is unknown and has no "
                "effect",
                "config.json: 'sliding_window' is unknown and has no effect"}));
}
