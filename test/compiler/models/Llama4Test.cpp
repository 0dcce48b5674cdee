//===- Llama4Test.cpp - What sets Llama 4 apart ---------------------------===//
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

static constexpr int32_t kTokens[] = {2043, 17, 4, 99, 1200, 7};

static std::string errorOf(std::string_view patch) {
  EditedModel model("llama4-tiny");
  model.config(patch);
  return model.error();
}

/// The first `Op` of each layer of the tiny model after a change; null where a
/// layer has none.
template <typename Op>
static std::vector<Op> firstOfLayers(Module &module) {
  std::vector<Op> found(4);
  for (Op op : all<Op>(*module)) {
    auto name = mlir::cast<mlir::NameLoc>(op.getLoc()).getName().getValue();
    unsigned layer;
    if (name.consume_front("layers.") && !name.consumeInteger(10, layer) &&
        !found[layer])
      found[layer] = op;
  }
  return found;
}

static std::vector<bool> whereNotNull(const auto &ops) {
  std::vector<bool> found;
  for (auto op : ops)
    found.push_back(bool(op));
  return found;
}

TEST(Llama4, ReadsThePublishedConfigOfMaverick) {
  Shape shape = published("llama-4-maverick.json");
  EXPECT_EQ(shape.experts, 128);
  EXPECT_TRUE(shape.temperature); // written as 4
  EXPECT_FALSE(shape.qkNorm);
}

// step-1, 2*step-1, ...
TEST(Llama4, EveryStepThLayerIsRouted) {
  EditedModel model("llama4-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(whereNotNull(firstOfLayers<ir::ExpertsOp>(module)),
            (std::vector<bool>{false, true, false, true}));
}

TEST(Llama4, ListedLayersAreRoutedWhateverTheStep) {
  EditedModel model("llama4-tiny");
  model.config(R"({"text_config": {"moe_layers": [1, 3],
                                   "interleave_moe_layer_step": 1}})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(whereNotNull(firstOfLayers<ir::ExpertsOp>(module)),
            (std::vector<bool>{false, true, false, true}));
}

TEST(Llama4, OneTurnsAndSeesAChunkZeroDoesNeither) {
  EditedModel model("llama4-tiny");
  model.config(R"({"text_config": {"no_rope_layers": [1, 0, 1, 1]}})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(whereNotNull(firstOfLayers<ir::RopeOp>(module)),
            (std::vector<bool>{true, false, true, true}));
  for (ir::AttentionOp op : all<ir::AttentionOp>(*module)) {
    auto chunked = mlir::dyn_cast_or_null<ir::ChunkedAttr>(op.getMaskAttr());
    EXPECT_EQ(bool(chunked), op.getLayer() != 1);
    EXPECT_EQ(bool(op.getTemperatureAttr()), op.getLayer() == 1);
    if (chunked)
      EXPECT_EQ(chunked.getSize(), 128);
  }
}

TEST(Llama4, EmptyListMeansThatEveryFourthLayerDoesNotTurn) {
  EditedModel model("llama4-tiny");
  model.config(R"({"text_config": {"no_rope_layers": []}})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(whereNotNull(firstOfLayers<ir::RopeOp>(module)),
            (std::vector<bool>{true, true, true, false}));
}

TEST(Llama4, PairsAreNeighbours) {
  EditedModel model("llama4-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(all<ir::RopeOp>(*module)[0].getRope().getLayout(),
            ir::PairLayout::Interleaved);
}

TEST(Llama4, ChunksByTypeOfLayer) {
  EditedModel model("llama4-tiny");
  model.config(R"({"text_config": {"layer_types": ["full_attention",
    "chunked_attention", "full_attention", "full_attention"]}})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  for (ir::AttentionOp op : all<ir::AttentionOp>(*module))
    EXPECT_EQ(bool(op.getMaskAttr()), op.getLayer() == 1);
}

TEST(Llama4, TemperatureMayBeAFlagOrANumber) {
  auto grows = [](std::string_view value) {
    EditedModel model("llama4-tiny");
    model.config(R"({"text_config": {"attn_temperature_tuning": )" +
                 std::string(value) + "}}");
    Module module = imported(model);
    return module &&
           bool(all<ir::AttentionOp>(*module).back().getTemperatureAttr());
  };
  EXPECT_TRUE(grows("true"));
  EXPECT_TRUE(grows("4"));
  EXPECT_TRUE(grows("null"));
  EXPECT_FALSE(grows("false"));
  EXPECT_FALSE(grows("0"));
  EXPECT_EQ(
      errorOf(R"({"text_config": {"attn_temperature_tuning": "often"}})"),
      "config.json: 'text_config.attn_temperature_tuning' expects a boolean, "
      "got string 'often'");
}

TEST(Llama4, TemperatureHasTheSizesOfTheConfig) {
  EditedModel model("llama4-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  ir::TemperatureAttr growth =
      all<ir::AttentionOp>(*module).back().getTemperatureAttr();
  ASSERT_TRUE(growth);
  EXPECT_EQ(growth.getFloor(), 128);
  EXPECT_EQ(growth.getScale().getValueAsDouble(), 0.1);
}

// Scout's: without a weight, after the head has turned, on layers that turn.
TEST(Llama4, HeadsAreNormalisedAfterTheyTurn) {
  EditedModel model("llama4-tiny");
  model.config(R"({"text_config": {"use_qk_norm": true}})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  for (ir::AttentionOp op : all<ir::AttentionOp>(*module)) {
    auto append = op.getCache().getDefiningOp<ir::KVAppendOp>();
    for (auto [value, heads] :
         {std::pair(op.getQ(), 4u), {append.getHead(), 2u}}) {
      auto norm = value.getDefiningOp<ir::RMSNormOp>();
      ASSERT_EQ(bool(norm), op.getLayer() != 3);
      if (!norm)
        continue;
      EXPECT_FALSE(norm.getWeight());
      EXPECT_EQ(norm.getHeads(), heads);
      EXPECT_TRUE(norm.getX().getDefiningOp<ir::RopeOp>());
    }
  }
}

// Queries and keys eight times as long change nothing where heads are
// normalised, and much where they are not.
TEST(Llama4, NormalisedHeadsForgetTheirLength) {
  auto change = [](const std::string &norm) {
    std::string patch = R"({"text_config": {"rms_norm_eps": 1e-12,
                            "use_qk_norm": )" +
                        norm + "}}";
    EditedModel plain("llama4-tiny"), scaled("llama4-tiny");
    plain.config(patch);
    scaled.config(patch);
    for (std::string layer : {"0", "1", "2"})
      for (std::string part : {"q", "k"})
        scaled.timesEight("language_model.model.layers." + layer +
                          ".self_attn." + part + "_proj.weight");
    std::vector<float> a = plain.logits(kTokens), b = scaled.logits(kTokens);
    float largest = 0;
    for (size_t i = 0; i < a.size(); ++i)
      largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
  };
  EXPECT_LT(change("true"), 1e-4);
  EXPECT_GT(change("false"), 0.1);
}

TEST(Llama4, OneExpertChosenByItsLogitWeighsItsInput) {
  EditedModel model("llama4-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  ir::RoutingAttr routing = all<ir::RouteOp>(*module)[0].getRouting();
  EXPECT_EQ(routing.getScore(), ir::ScoreFunction::Sigmoid);
  EXPECT_EQ(routing.getChooseBy(), ir::ChooseBy::Logits);
  EXPECT_EQ(routing.getTopK(), 1);
  EXPECT_FALSE(routing.getRenormalize());
  EXPECT_TRUE(all<ir::ExpertsOp>(*module)[0].getWeightsOnInput());
}

TEST(Llama4, SharedExpertTakesTheRowItself) {
  EditedModel model("llama4-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_EQ(named<ir::LinearOp>(module, "layers.1.mlp.shared_experts.gate_proj")
                .getX(),
            named<ir::ExpertsOp>(module, "layers.1.mlp.experts").getX());
}

// gate_up_proj is [E, H, 2I], gate first, and down_proj [E, I, H]: used as x W.
TEST(Llama4, GateIsTheFirstHalfOfTheColumns) {
  EditedModel model("llama4-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto experts = named<ir::ExpertsOp>(module, "layers.1.mlp.experts");
  std::string prefix = "language_model.model.layers.1.feed_forward.experts.";
  auto part = [&](mlir::Value value, const std::string &tensor) {
    auto transpose = value.getDefiningOp<ir::TransposeOp>();
    EXPECT_EQ(weightOf(value), prefix + tensor + "#{e}");
    return std::pair(transpose.getFrom(), transpose.getTo());
  };
  EXPECT_EQ(part(experts.getGate(), "gate_up_proj"), std::pair(0ul, 64ul));
  EXPECT_EQ(part(experts.getUp(), "gate_up_proj"), std::pair(64ul, 128ul));
  EXPECT_EQ(part(experts.getDown(), "down_proj"), std::pair(0ul, 128ul));
  EXPECT_EQ(text(experts.getDown().getType()), "tensor<16x128x64xbf16>");
}

TEST(Llama4, LanguageModelByItselfIsTheSame) {
  EditedModel nested("llama4-tiny"), alone("llama4-tiny");
  alone.unnest("text_config");
  alone.strip("language_model.");
  EXPECT_EQ(alone.logits(kTokens), nested.logits(kTokens));
}

TEST(Llama4, TensorsOfTheVisionPartAreNamedAndSkipped) {
  EditedModel model("llama4-tiny");
  model.config(R"({"vision_config": {"hidden_size": 32}})");
  model.put("vision_model.class_embedding", ElementType::BF16, {32});
  model.put("multi_modal_projector.linear_1.weight", ElementType::BF16,
            {128, 32});
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_TRUE(model.report.warnings.empty());
  ASSERT_EQ(model.report.notes.size(), 1u);
  EXPECT_TRUE(llvm::StringRef(model.report.notes[0])
                  .ends_with(": skips tensors that the language model does not "
                             "need (2): 'multi_modal_projector.linear_1.weight'"
                             ", 'vision_model.class_embedding'"))
      << model.report.notes[0];
}

TEST(Llama4, MissingKeyOfTheNestedConfig) {
  EXPECT_EQ(errorOf(R"({"text_config": {"num_local_experts": null}})"),
            "config.json: 'text_config.num_local_experts' is missing");
}

TEST(Llama4, FileThatContradictsTheNestedConfig) {
  EXPECT_EQ(errorOf(R"({"tie_word_embeddings": true})"),
            "config.json: 'tie_word_embeddings' expects what "
            "'text_config.tie_word_embeddings' says, got something else");
}

TEST(Llama4, UnknownKeyOfTheNestedConfigIsAWarning) {
  EditedModel model("llama4-tiny");
  model.config(R"({"text_config": {"attn_sinks": 1}})");
  imported(model);
  EXPECT_EQ(model.report.warnings,
            (std::vector<std::string>{"config.json: 'text_config.attn_sinks' "
                                      "is unknown and has no effect"}));
}
