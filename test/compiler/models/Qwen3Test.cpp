//===- Qwen3Test.cpp - What sets Qwen3 apart, dense and routed ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/models/ImportedOps.h"

using namespace ingot;
using namespace ingot::compiler;
using namespace ingot::compiler::test;
using storage::ElementType;

TEST(Qwen3, ReadsThePublishedRoutedConfig) {
  Shape shape = published("qwen3-30b-a3b.json");
  EXPECT_EQ(shape.headDim, 128);
  EXPECT_EQ(shape.experts, 128);
  EXPECT_EQ(shape.expertWidth, 768);
}

TEST(Qwen3, EachHeadIsNormalisedWithAWeightBeforeItTurns) {
  EditedModel model("qwen3-moe-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  for (ir::RopeOp rope : all<ir::RopeOp>(*module)) {
    auto norm = rope.getX().getDefiningOp<ir::RMSNormOp>();
    ASSERT_TRUE(norm);
    EXPECT_EQ(norm.getHeads(), rope.getHeads());
    EXPECT_EQ(text(norm.getWeight().getType()), "tensor<32xbf16>");
  }
}

TEST(Qwen3, RenormalisesOnlyIfTheConfigSaysSo) {
  EditedModel model("qwen3-moe-tiny"), other("qwen3-moe-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_TRUE(all<ir::RouteOp>(*module)[0].getRouting().getRenormalize());
  other.config(R"({"norm_topk_prob": null})");
  module = imported(other);
  ASSERT_TRUE(module);
  EXPECT_FALSE(all<ir::RouteOp>(*module)[0].getRouting().getRenormalize());
}

/// Makes layer `layer` of the routed tiny model a dense one.
static void makeDense(EditedModel &model, int layer) {
  std::string mlp = "model.layers." + std::to_string(layer) + ".mlp.";
  model.remove(mlp);
  model.put(mlp + "gate_proj.weight", ElementType::BF16, {352, 128});
  model.put(mlp + "up_proj.weight", ElementType::BF16, {352, 128});
  model.put(mlp + "down_proj.weight", ElementType::BF16, {128, 352});
}

TEST(Qwen3, LayersThatAreListedAreDense) {
  EditedModel model("qwen3-moe-tiny");
  model.config(R"({"mlp_only_layers": [1]})");
  makeDense(model, 1);
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(all<ir::ExpertsOp>(*module).size(), 2u);
  EXPECT_TRUE(named<ir::SwigluOp>(module, "layers.1.mlp.swiglu"));
}

// (layer + 1) % step: with 2, layers 1, 3, ...
TEST(Qwen3, EachStepThLayerIsRouted) {
  EditedModel model("qwen3-moe-tiny");
  model.config(R"({"decoder_sparse_step": 2})");
  makeDense(model, 0);
  makeDense(model, 2);
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(all<ir::ExpertsOp>(*module).size(), 1u);
  EXPECT_TRUE(named<ir::ExpertsOp>(module, "layers.1.mlp.experts"));
}

TEST(Qwen3, WindowsOfRoutedModelsAreNotSupported) {
  EditedModel model("qwen3-moe-tiny");
  model.config(R"({"use_sliding_window": true, "sliding_window": 64})");
  EXPECT_EQ(model.error(),
            "config.json: 'use_sliding_window' expects false, got true");
}

TEST(Qwen3, ListOfLayersOutOfBounds) {
  EditedModel model("qwen3-moe-tiny");
  model.config(R"({"mlp_only_layers": [-1]})");
  EXPECT_EQ(model.error(), "config.json: 'mlp_only_layers' expects a value "
                           "from 0 to 1024, got -1");
}

TEST(Qwen3, ListOfAnotherKind) {
  EditedModel model("qwen3-moe-tiny");
  model.config(R"({"mlp_only_layers": "none"})");
  EXPECT_EQ(model.error(), "config.json: 'mlp_only_layers' expects an array, "
                           "got string 'none'");
}

namespace {

/// A dense model, of which there is only the config.
class DenseQwen3 : public testing::Test {
protected:
  void declare(std::string_view patch) {
    nlohmann::json text = nlohmann::json::parse(R"({
      "architectures": ["Qwen3ForCausalLM"], "vocab_size": 64,
      "hidden_size": 128, "num_hidden_layers": 4, "head_dim": 64,
      "max_position_embeddings": 64, "rms_norm_eps": 1e-6,
      "num_attention_heads": 4, "num_key_value_heads": 2, "rope_theta": 1e6,
      "intermediate_size": 256, "sliding_window": 16, "max_window_layers": 3
    })");
    text.merge_patch(nlohmann::json::parse(patch));
    auto config = ConfigFile::parse(text.dump(), "config.json");
    ASSERT_TRUE(config) << config.status().message();
    auto declared = declareModel(context, *config);
    if (declared)
      module = std::move(*declared);
    else
      error = llvm::toString(declared.takeError());
  }
  /// The layers that have a window.
  std::vector<int> windows() {
    std::vector<int> layers;
    for (ir::AttentionOp op : all<ir::AttentionOp>(*module))
      if (op.getMaskAttr())
        layers.push_back(int(op.getLayer()));
    return layers;
  }

  mlir::MLIRContext context;
  Module module;
  std::string error;
};

} // namespace

TEST_F(DenseQwen3, HeadsMayBeWiderThanTheHiddenSize) {
  declare("{}");
  ASSERT_TRUE(module) << error;
  auto q = named<ir::LinearOp>(module, "layers.0.self_attn.q_proj");
  EXPECT_EQ(text(q.getWeight().getType()), "tensor<256x128xbf16>");
  EXPECT_EQ(all<ir::RMSNormOp>(*module)[1].getHeads(), 4u);
}

TEST_F(DenseQwen3, WindowIsOffUnlessItIsUsed) {
  declare("{}");
  ASSERT_TRUE(module) << error;
  EXPECT_EQ(windows(), std::vector<int>());
}

TEST_F(DenseQwen3, LastLayersHaveAWindow) {
  declare(R"({"use_sliding_window": true})");
  ASSERT_TRUE(module) << error;
  EXPECT_EQ(windows(), std::vector<int>{3});
}

TEST_F(DenseQwen3, LayersWithAWindowByType) {
  declare(R"({"use_sliding_window": true, "layer_types": ["sliding_attention",
    "full_attention", "sliding_attention", "full_attention"]})");
  ASSERT_TRUE(module) << error;
  EXPECT_EQ(windows(), (std::vector<int>{0, 2}));
}

TEST_F(DenseQwen3, TypesOfTooFewLayers) {
  declare(R"({"layer_types": ["full_attention"]})");
  EXPECT_EQ(error, "config.json: 'layer_types' expects as many values as "
                   "'num_hidden_layers' 4, got 1");
}

TEST_F(DenseQwen3, TypeThatIsNotSupported) {
  declare(R"({"layer_types": ["full_attention", "linear_attention",
    "full_attention", "full_attention"]})");
  EXPECT_EQ(error, "config.json: 'layer_types' expects 'full_attention' or "
                   "'sliding_attention', got 'linear_attention'");
}

TEST_F(DenseQwen3, WeightsHaveTheFloatTypeOfTheConfig) {
  declare(R"({"dtype": "float16"})");
  ASSERT_TRUE(module) << error;
  for (ir::WeightOp weight : all<ir::WeightOp>(*module))
    EXPECT_TRUE(weight.getTensorType().getElementType().isF16());
}
