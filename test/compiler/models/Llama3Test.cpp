//===- Llama3Test.cpp - What a plain decoder may be -----------------------===//
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
using storage::ElementType;

static constexpr int32_t kTokens[] = {2043, 17, 4, 99, 1200, 7};

static std::string errorOf(std::string_view patch) {
  EditedModel model("llama3-tiny");
  model.config(patch);
  return model.error();
}

namespace {

/// The rotary positions of the tiny model after a change; they live as long as
/// this.
struct Turned {
  explicit Turned(std::string_view patch) {
    model.config(patch);
    module = imported(model);
    EXPECT_TRUE(model.report.warnings.empty());
    if (module)
      rope = all<ir::RopeOp>(*module).at(0).getRope();
  }
  std::string text() const {
    std::string result;
    llvm::raw_string_ostream(result) << rope;
    return result;
  }
  template <typename Scaling>
  Scaling scaling() const {
    auto result = mlir::dyn_cast_or_null<Scaling>(rope.getScaling());
    EXPECT_TRUE(result) << text();
    return result;
  }

  EditedModel model{"llama3-tiny"};
  Module module;
  ir::RopeAttr rope;
};

} // namespace

TEST(Llama3, ReadsThePublishedConfigs) {
  Shape small = published("llama-3-8b.json");
  EXPECT_EQ(small.headDim, 128);
  EXPECT_EQ(small.kvHeads, 8);
  EXPECT_EQ(published("llama-3-70b.json").layers, 80);
}

// RoPE pairs are halves (i, i + d/2), not neighbours.
TEST(Llama3, PairsAreHalvesOfAHead) {
  EXPECT_EQ(Turned("{}").rope.getLayout(), ir::PairLayout::Halves);
}

TEST(Llama3, ScalesScoresByTheRootOfTheHeadsWidth) {
  EditedModel model("llama3-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(all<ir::AttentionOp>(*module)[0].getScale().convertToDouble(),
            0.25);
}

TEST(Llama3, HeadWidthFollowsFromTheHiddenSize) {
  EditedModel model("llama3-tiny");
  model.config(R"({"head_dim": null})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(all<ir::AttentionOp>(*module)[0].getHeadDim(), 16);
}

TEST(Llama3, HeadWidthThatDoesNotFollow) {
  EXPECT_EQ(errorOf(R"({"head_dim": null, "num_attention_heads": 128,
                        "num_key_value_heads": 2})"),
            "config.json: 'hidden_size' expects a multiple of 2 for each of "
            "128 'num_attention_heads', got 128");
}

TEST(Llama3, HeadsThatKeyHeadsDoNotDivide) {
  EXPECT_EQ(errorOf(R"({"num_key_value_heads": 3})"),
            "config.json: 'num_attention_heads' expects a multiple of "
            "'num_key_value_heads' 3, got 8");
}

// The first models of this layout have no num_key_value_heads and no
// rope_theta.
TEST(Llama3, WithoutKeyHeadsEveryHeadHasItsOwn) {
  EditedModel model("llama3-tiny");
  model.config(R"({"num_key_value_heads": null, "rope_theta": null,
                   "rope_scaling": null})");
  for (int layer = 0; layer < 3; ++layer)
    for (const char *part : {"k", "v"})
      model.put("model.layers." + std::to_string(layer) + ".self_attn." + part +
                    "_proj.weight",
                ElementType::BF16, {128, 128});
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(all<ir::AttentionOp>(*module)[0].getKvHeads(), 8u);
  EXPECT_EQ(all<ir::RopeOp>(*module)[0].getRope().getTheta().getValueAsDouble(),
            1e4);
}

TEST(Llama3, OneKeyHeadServesAllQueries) {
  EditedModel model("llama3-tiny");
  model.config(R"({"num_key_value_heads": 1})");
  for (int layer = 0; layer < 3; ++layer)
    for (const char *part : {"k", "v"})
      model.put("model.layers." + std::to_string(layer) + ".self_attn." + part +
                    "_proj.weight",
                ElementType::BF16, {16, 128});
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto attention = all<ir::AttentionOp>(*module)[0];
  EXPECT_EQ(attention.getKvHeads(), 1u);
  EXPECT_EQ(attention.getCache().getType().getWidth(), 2 * 16);
}

TEST(Llama3, ScalingIsReadInEverySpelling) {
  Turned published("{}");
  auto parts = published.scaling<ir::NtkByPartsAttr>();
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts.getFactor().getValueAsDouble(), 8);
  EXPECT_EQ(parts.getLowFreqFactor().getValueAsDouble(), 1);
  EXPECT_EQ(parts.getHighFreqFactor().getValueAsDouble(), 4);
  EXPECT_EQ(parts.getOriginal(), 128);
  Turned type(R"({"rope_scaling": {"rope_type": null, "type": "llama3"}})");
  EXPECT_EQ(type.text(), published.text());
  Turned both(R"({"rope_scaling": {"type": "llama3"}})");
  EXPECT_EQ(both.text(), published.text());
  Turned together(R"({"rope_theta": null, "rope_scaling": null,
    "rope_parameters": {"rope_theta": 500000.0, "rope_type": "llama3",
      "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
      "original_max_position_embeddings": 128}})");
  EXPECT_EQ(together.text(), published.text());
}

TEST(Llama3, SpellingsThatContradictEachOther) {
  EXPECT_EQ(errorOf(R"({"rope_scaling": {"type": "yarn"}})"),
            "config.json: 'rope_scaling.rope_type' expects what "
            "'rope_scaling.type' says, got something else");
}

TEST(Llama3, DefaultScalingIsNone) {
  Turned model(R"({"rope_scaling": null,
                   "rope_parameters": {"rope_type": "default"}})");
  EXPECT_FALSE(model.rope.getScaling());
}

TEST(Llama3, LinearScalingDividesPositions) {
  Turned model(R"({"rope_scaling": null,
                   "rope_parameters": {"type": "linear", "factor": 4}})");
  auto linear = model.scaling<ir::LinearPositionsAttr>();
  ASSERT_TRUE(linear);
  EXPECT_EQ(linear.getFactor().getValueAsDouble(), 4);
}

// 0.1 ln 4 + 1, where the config does not say it.
TEST(Llama3, YarnTurnsByTheMagnitudeOfItsFactor) {
  Turned model(R"({"rope_scaling": null,
                   "rope_parameters": {"type": "yarn", "factor": 4}})");
  auto yarn = model.scaling<ir::YarnAttr>();
  ASSERT_TRUE(yarn);
  EXPECT_NEAR(yarn.getMagnitude().getValueAsDouble(), 0.1 * std::log(4.0) + 1,
              1e-12);
  EXPECT_EQ(yarn.getOriginal(), 1024);
  EXPECT_EQ(yarn.getBetaFast().getValueAsDouble(), 32);
}

TEST(Llama3, YarnTurnsByTheMagnitudeThatIsStated) {
  Turned stated(R"({"rope_scaling": null, "rope_parameters": {
      "type": "yarn", "factor": 4, "attention_factor": 1.5}})");
  EXPECT_EQ(stated.scaling<ir::YarnAttr>().getMagnitude().getValueAsDouble(),
            1.5);
  Turned equal(R"({"rope_scaling": null, "rope_parameters": {
      "type": "yarn", "factor": 4, "mscale": 0.7, "mscale_all_dim": 0.7}})");
  EXPECT_EQ(equal.scaling<ir::YarnAttr>().getMagnitude().getValueAsDouble(), 1);
}

TEST(Llama3, ScalingThatIsNotSupported) {
  EXPECT_EQ(errorOf(R"({"rope_scaling": {"rope_type": "dynamic"}})"),
            "config.json: 'rope_scaling.rope_type' expects 'default', "
            "'linear', 'llama3' or 'yarn', got 'dynamic'");
  EXPECT_EQ(errorOf(R"({"partial_rotary_factor": 0.5})"),
            "config.json: 'partial_rotary_factor' expects 1, got 0.5");
}

TEST(Llama3, ScalingThatLacksAKey) {
  EXPECT_EQ(errorOf(R"({"rope_scaling": {"low_freq_factor": null}})"),
            "config.json: 'rope_scaling.low_freq_factor' is missing");
}

TEST(Llama3, WeightsQuantisedByAnotherMethod) {
  EXPECT_EQ(errorOf(R"({"quantization_config": {"quant_method": "gptq"}})"),
            "config.json: 'quantization_config.quant_method' expects 'fp8', "
            "got 'gptq'");
}

TEST(Llama3, FloatTypeThatNobodyPublishes) {
  EXPECT_EQ(errorOf(R"({"torch_dtype": "float64"})"),
            "config.json: 'torch_dtype' expects 'bfloat16', 'float16' or "
            "'float32', got 'float64'");
}

TEST(Llama3, UnknownKeyIsAWarning) {
  EditedModel model("llama3-tiny");
  model.config(R"({"attention_sinks": 4})");
  imported(model);
  EXPECT_EQ(model.report.warnings,
            (std::vector<std::string>{"config.json: 'attention_sinks' is "
                                      "unknown and has no effect"}));
}

// All four projections of attention have one; zeros change nothing.
TEST(Llama3, AttentionWithBiases) {
  EditedModel plain("llama3-tiny"), model("llama3-tiny");
  model.config(R"({"attention_bias": true})");
  for (int layer = 0; layer < 3; ++layer)
    for (auto [part, width] :
         {std::pair("q", 128), {"k", 32}, {"v", 32}, {"o", 128}})
      model.put("model.layers." + std::to_string(layer) + ".self_attn." + part +
                    "_proj.bias",
                ElementType::BF16, {width});
  Module module = imported(model);
  ASSERT_TRUE(module);
  for (std::string part : {"q", "k", "v", "o"}) {
    std::string name = "layers.1.self_attn." + part + "_proj";
    EXPECT_EQ(weightOf(named<ir::LinearOp>(module, name).getBias()),
              "model." + name + ".bias");
  }
  EXPECT_FALSE(named<ir::LinearOp>(module, "layers.1.mlp.gate_proj").getBias());
  EXPECT_EQ(model.logits(kTokens), plain.logits(kTokens));
}

TEST(Llama3, NetworksWithBiases) {
  EditedModel plain("llama3-tiny"), model("llama3-tiny");
  model.config(R"({"mlp_bias": true})");
  for (int layer = 0; layer < 3; ++layer)
    for (auto [part, width] :
         {std::pair("gate", 352), {"up", 352}, {"down", 128}})
      model.put("model.layers." + std::to_string(layer) + ".mlp." + part +
                    "_proj.bias",
                ElementType::BF16, {width});
  Module module = imported(model);
  ASSERT_TRUE(module);
  for (std::string part : {"gate", "up", "down"}) {
    std::string name = "layers.2.mlp." + part + "_proj";
    EXPECT_EQ(weightOf(named<ir::LinearOp>(module, name).getBias()),
              "model." + name + ".bias");
  }
  EXPECT_EQ(model.logits(kTokens), plain.logits(kTokens));
}

// A model whose head is a copy of its embedding computes the same as one that
// says so and has no head.
TEST(Llama3, TiedHeadIsTheEmbedding) {
  EditedModel copied("llama3-tiny"), tied("llama3-tiny"), both("llama3-tiny");
  copied.copy("model.embed_tokens.weight", "lm_head.weight");
  tied.config(R"({"tie_word_embeddings": true})");
  tied.remove("lm_head.weight");
  both.config(R"({"tie_word_embeddings": true})");
  both.copy("model.embed_tokens.weight", "lm_head.weight");
  std::vector<float> expected = copied.logits(kTokens);
  EXPECT_EQ(tied.logits(kTokens), expected);
  EXPECT_EQ(both.logits(kTokens), expected);
}

TEST(Llama3, TiedHeadThatIsAnother) {
  EditedModel model("llama3-tiny");
  model.config(R"({"tie_word_embeddings": true})");
  EXPECT_EQ(model.error(), "DIR: has tensors that the model does not use (1): "
                           "'lm_head.weight'");
}

TEST(Llama3, FrequenciesThatOldCheckpointsHoldAreSkipped) {
  EditedModel model("llama3-tiny");
  model.put("model.layers.0.self_attn.rotary_emb.inv_freq", ElementType::F32,
            {8});
  ASSERT_TRUE(imported(model));
  EXPECT_EQ(model.report.notes.size(), 1u);
}

TEST(Llama3, ShardsMakeTheSameModel) {
  EditedModel whole("llama3-tiny"), sharded("llama3-tiny");
  sharded.shard();
  EXPECT_EQ(sharded.logits(kTokens), whole.logits(kTokens));
}
