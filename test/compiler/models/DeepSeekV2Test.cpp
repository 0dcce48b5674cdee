//===- DeepSeekV2Test.cpp - What sets DeepSeek-V2 apart -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/models/ImportedOps.h"

#include <cmath>

using namespace ingot;
using namespace ingot::compiler;
using namespace ingot::compiler::test;

/// How the first routed layer of a bundled checkpoint chooses its experts after
/// its config.json was patched; null if it cannot be imported.
static ir::RoutingAttr routing(EditedModel &model, std::string_view patch) {
  model.config(patch);
  auto module = model.import();
  if (!module) {
    ADD_FAILURE() << llvm::toString(module.takeError());
    return {};
  }
  ir::RoutingAttr result;
  (**module)->walk([&](ir::RouteOp op) {
    EXPECT_FALSE(op.getBias());
    result = op.getRouting();
    return mlir::WalkResult::interrupt();
  });
  return result;
}

TEST(DeepSeekV2, GroupLimitedChoosesWithinTheBestGroupsByTheirMaximum) {
  EditedModel model("deepseek-v2-tiny");
  ir::RoutingAttr routed = routing(model, "{}");
  ASSERT_TRUE(routed);
  EXPECT_EQ(routed.getScore(), ir::ScoreFunction::Softmax);
  EXPECT_EQ(routed.getGroups(), 4);
  EXPECT_EQ(routed.getTopGroups(), 2);
  EXPECT_EQ(routed.getGroupScore(), ir::GroupScore::Max);
  EXPECT_FALSE(routed.getRenormalize());
  EXPECT_EQ(routed.getScale().getValueAsDouble(), 4);
}

TEST(DeepSeekV2, GreedyChoosesAmongAllWhateverTheGroupsAre) {
  EditedModel model("deepseek-v2-tiny");
  ir::RoutingAttr routed = routing(model, R"({"topk_method": "greedy"})");
  ASSERT_TRUE(routed);
  EXPECT_EQ(routed.getGroups(), 1);
  EXPECT_EQ(routed.getTopGroups(), 1);
}

TEST(DeepSeekV2, WeightsThatAreRenormalisedAreNotScaled) {
  EditedModel model("deepseek-v2-tiny");
  ir::RoutingAttr routed = routing(model, R"({"norm_topk_prob": true})");
  ASSERT_TRUE(routed);
  EXPECT_TRUE(routed.getRenormalize());
  EXPECT_EQ(routed.getScale().getValueAsDouble(), 1);
}

TEST(DeepSeekV2, OneWeightIsScaledAndNotRenormalised) {
  EditedModel model("deepseek-v2-tiny");
  ir::RoutingAttr routed =
      routing(model, R"({"norm_topk_prob": true, "num_experts_per_tok": 1})");
  ASSERT_TRUE(routed);
  EXPECT_FALSE(routed.getRenormalize());
  EXPECT_EQ(routed.getScale().getValueAsDouble(), 4);
}

TEST(DeepSeekV2, ReadsThePublishedConfigs) {
  Shape large = published("deepseek-v2.json");
  EXPECT_EQ(large.queryRank, 1536);
  EXPECT_TRUE(large.groupLimited);
  Shape lite = published("deepseek-v2-lite.json");
  EXPECT_EQ(lite.queryRank, 0);
  EXPECT_FALSE(lite.groupLimited);

  // m is 1.2608 for a factor of 40 and an mscale of 0.707 (YaRN, section 3.4);
  // equal mscales leave the rotation alone.
  LatentAttention attention = latentAttention(lite);
  EXPECT_NEAR(attention.scale * std::sqrt(192.0), 1.2608 * 1.2608, 1e-3);
  EXPECT_EQ(std::get<YarnScaling>(attention.rope.scaling).magnitude, 1);
}

TEST(DeepSeekV2, WithBlockSizesTheProjectionsAreFp8) {
  auto config = ConfigFile::parse(R"({
    "architectures": ["DeepseekV2ForCausalLM"], "vocab_size": 64,
    "hidden_size": 128, "num_hidden_layers": 1, "max_position_embeddings": 64,
    "rms_norm_eps": 1e-6, "num_attention_heads": 2, "num_key_value_heads": 2,
    "kv_lora_rank": 64, "qk_nope_head_dim": 32, "qk_rope_head_dim": 16,
    "v_head_dim": 32, "rope_theta": 10000, "intermediate_size": 128,
    "n_routed_experts": 4, "moe_intermediate_size": 64, "n_group": 1,
    "num_experts_per_tok": 2, "topk_group": 1, "topk_method": "greedy",
    "norm_topk_prob": false, "routed_scaling_factor": 1.0,
    "quantization_config": {"quant_method": "fp8",
                            "weight_block_size": [128, 128]}
  })",
                                  "config.json");
  ASSERT_TRUE(config) << config.status().message();
  mlir::MLIRContext context;
  auto module = declareModel(context, *config);
  ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
  auto typeOf = [&](llvm::StringRef name) {
    return mlir::SymbolTable(**module)
        .lookup<ir::WeightOp>(name)
        .getTensorType()
        .getElementType();
  };
  EXPECT_TRUE(mlir::isa<ir::ScaledType>(
      typeOf("model.layers.0.self_attn.q_proj.weight")));
  EXPECT_TRUE(typeOf("model.layers.0.mlp.gate.weight").isBF16());
}
