//===- ImportTest.cpp - What an import yields -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/models/ImportedOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"

using namespace ingot;
using namespace ingot::compiler;
using namespace ingot::compiler::test;
using storage::ElementType;

template <typename Op>
static Op lookup(Module &module, llvm::StringRef symbol) {
  return mlir::dyn_cast_or_null<Op>(
      mlir::SymbolTable::lookupSymbolIn(*module, symbol));
}

TEST(Import, YieldsAModuleThatVerifies) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_TRUE(mlir::succeeded(mlir::verify(*module)));
  EXPECT_TRUE(model.report.warnings.empty());
}

TEST(Import, HasOneFunctionForTheStepAndOneForTheDraft) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto type = [&](llvm::StringRef name) {
    auto function = lookup<mlir::func::FuncOp>(module, name);
    return function ? text(function.getFunctionType()) : "";
  };
  std::string results = " -> (tensor<?x2048xf32>, tensor<?x256xf32>, "
                        "!ingot.kv_cache<5x160xf32>)";
  EXPECT_EQ(type("step"),
            "(!ingot.batch, !ingot.kv_cache<5x160xf32>)" + results);
  EXPECT_EQ(type("draft"), "(!ingot.batch, tensor<?x256xf32>, "
                           "!ingot.kv_cache<5x160xf32>)" +
                               results);
}

TEST(Import, StacksTheExpertsOfASlotInOneWeight) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  // 3 outside the layers; 5 layers of 9 for attention and norms; 3 for the
  // dense layer; 8 for each of the 4 routed ones; 4 that only the draft has.
  EXPECT_EQ(all<ir::WeightOp>(*module).size(), 3u + 5 * 9 + 3 + 4 * 8 + 4);
  auto weight = lookup<ir::WeightOp>(
      module, "model.layers.1.mlp.experts.{e}.gate_proj.weight");
  ASSERT_TRUE(weight);
  EXPECT_EQ(text(weight.getType()), "tensor<16x128x256x!ingot.scaled<f8E4M3FN, "
                                    "block = 128x128, scale = f32>>");
  EXPECT_EQ(*weight.getScaleTensor(),
            "model.layers.1.mlp.experts.{e}.gate_proj.weight_scale_inv");
}

TEST(Import, KeepsTheElementTypeOfTheFile) {
  EditedModel model;
  model.put("model.layers.0.self_attn.o_proj.weight", ElementType::F16,
            {256, 256});
  model.remove("model.layers.0.self_attn.o_proj.weight_scale_inv");
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto type = [&](llvm::StringRef name) {
    return text(lookup<ir::WeightOp>(module, name).getType());
  };
  EXPECT_EQ(type("model.layers.0.self_attn.o_proj.weight"),
            "tensor<256x256xf16>");
  EXPECT_EQ(type("model.norm.weight"), "tensor<256xbf16>");
  EXPECT_EQ(type("model.layers.1.mlp.gate.e_score_correction_bias"),
            "tensor<16xf32>");
}

TEST(Import, ScalesTheSoftmaxByYarnsTemperature) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto attention = all<ir::LatentAttentionOp>(*module);
  ASSERT_EQ(attention.size(), 5u);
  // 96^-0.5 * (0.1 ln 4 + 1)^2
  EXPECT_NEAR(attention[0].getScale().convertToDouble(), 0.13232, 1e-5);
  auto yarn = mlir::cast<ir::YarnAttr>(
      all<ir::RopeOp>(*module)[0].getRope().getScaling());
  EXPECT_EQ(yarn.getMagnitude().getValueAsDouble(), 1.0);
}

TEST(Import, YarnWithoutMscaleAllDimScalesTheRotationInstead) {
  EditedModel model;
  model.config(R"({"rope_scaling": {"mscale_all_dim": null}})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_NEAR(
      all<ir::LatentAttentionOp>(*module)[0].getScale().convertToDouble(),
      0.10206, 1e-5); // 96^-0.5
  auto yarn = mlir::cast<ir::YarnAttr>(
      all<ir::RopeOp>(*module)[0].getRope().getScaling());
  EXPECT_NEAR(yarn.getMagnitude().getValueAsDouble(), 1.13863, 1e-5);
}

TEST(Import, WithoutRopeScalingPositionsArePlain) {
  EditedModel model;
  model.config(R"({"rope_scaling": null})");
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_FALSE(all<ir::RopeOp>(*module)[0].getRope().getScaling());
}

TEST(Import, AcceptsTheOtherSpellingOfTheScalingsType) {
  EditedModel model;
  model.config(R"({"rope_scaling": {"type": null, "rope_type": "yarn"}})");
  EXPECT_TRUE(imported(model));
}

TEST(Import, TakesAPlainQueryProjectionWithoutAQueryRank) {
  EditedModel model;
  model.config(R"({"q_lora_rank": null, "num_nextn_predict_layers": 0})");
  model.remove("model.layers.4.");
  for (int layer = 0; layer < 4; ++layer) {
    std::string prefix =
        "model.layers." + std::to_string(layer) + ".self_attn.q_";
    model.remove(prefix);
    model.put(prefix + "proj.weight", ElementType::BF16, {384, 256});
  }
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_TRUE(
      lookup<ir::WeightOp>(module, "model.layers.3.self_attn.q_proj.weight"));
  EXPECT_FALSE(lookup<mlir::func::FuncOp>(module, "draft"));
}

TEST(Import, DraftUsesTheMainEmbeddingAndHeadWhereTheyAreEqual) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto draft = lookup<mlir::func::FuncOp>(module, "draft");
  std::vector<std::string> symbols;
  for (ir::GetWeightOp use : all<ir::GetWeightOp>(draft))
    symbols.push_back(use.getWeight().str());
  EXPECT_EQ(symbols.front(), "model.embed_tokens.weight");
  EXPECT_EQ(symbols.back(), "lm_head.weight");
}

TEST(Import, DraftUsesTheMainHeadWhereItHasNone) {
  EditedModel model;
  model.remove("model.layers.4.shared_head.head.weight");
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto draft = lookup<mlir::func::FuncOp>(module, "draft");
  EXPECT_EQ(all<ir::GetWeightOp>(draft).back().getWeight(), "lm_head.weight");
}

TEST(Import, DraftKeepsAHeadOfItsOwn) {
  EditedModel model;
  model.put("model.layers.4.shared_head.head.weight", ElementType::BF16,
            {2048, 256}, std::byte{1});
  Module module = imported(model);
  ASSERT_TRUE(module);
  EXPECT_TRUE(
      lookup<ir::WeightOp>(module, "model.layers.4.shared_head.head.weight"));
}

TEST(Import, DraftPutsTheEmbeddingFirst) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto concat =
      all<ir::ConcatOp>(lookup<mlir::func::FuncOp>(module, "draft")).at(0);
  EXPECT_TRUE(concat.getLhs()
                  .getDefiningOp<ir::RMSNormOp>()
                  .getX()
                  .getDefiningOp<ir::EmbedOp>());
  EXPECT_TRUE(mlir::isa<mlir::BlockArgument>(
      concat.getRhs().getDefiningOp<ir::RMSNormOp>().getX()));
}

TEST(Import, DraftsCacheLiesBehindTheMainLayers) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto append =
      all<ir::KVAppendOp>(lookup<mlir::func::FuncOp>(module, "draft"));
  ASSERT_EQ(append.size(), 1u);
  EXPECT_EQ(append[0].getLayer(), 4u);
}

// What the first returns as hidden rows, which the second takes, stands behind
// its shared_head.norm.
TEST(Import, SecondDraftTakesTheRowsBehindTheFirstOnesNorm) {
  EditedModel model;
  model.config(R"({"num_nextn_predict_layers": 2})");
  model.copyAll("model.layers.4.", "model.layers.5.");
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto first = lookup<mlir::func::FuncOp>(module, "draft");
  auto second = lookup<mlir::func::FuncOp>(module, "draft2");
  ASSERT_TRUE(first && second);
  auto norm = first.front()
                  .getTerminator()
                  ->getOperand(1)
                  .getDefiningOp<ir::RMSNormOp>();
  ASSERT_TRUE(norm);
  EXPECT_EQ(weightOf(norm.getWeight()),
            "model.layers.4.shared_head.norm.weight");
  EXPECT_EQ(first.getFunctionType(), second.getFunctionType());
  EXPECT_EQ(all<ir::KVAppendOp>(second)[0].getLayer(), 5u);
}

TEST(Import, TapsTheResidualStreamAndTheLastNorm) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  std::vector<std::string> taps;
  module->walk([&](mlir::Operation *op) {
    if (auto tap =
            op->getAttrOfType<mlir::StringAttr>(ir::IngotDialect::kTapAttr))
      taps.push_back(
          (tap.getValue() + " " + op->getName().getStringRef()).str());
  });
  EXPECT_EQ(taps, (std::vector<std::string>{
                      "hidden.0 ingot.embed", "hidden.1 ingot.add",
                      "hidden.2 ingot.add", "hidden.3 ingot.add",
                      "hidden.4 ingot.rms_norm"}));
}

TEST(Import, NamesOpsAfterTheirPlaceInTheModel) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto experts = all<ir::ExpertsOp>(*module);
  ASSERT_FALSE(experts.empty());
  auto name = mlir::dyn_cast<mlir::NameLoc>(experts[0].getLoc());
  ASSERT_TRUE(name);
  EXPECT_EQ(name.getName(), "layers.1.mlp.experts");
}

TEST(Import, StatesTheFactsOfTheModel) {
  EditedModel model;
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto facts = (*module)->getAttrOfType<mlir::DictionaryAttr>(kModelAttr);
  ASSERT_TRUE(facts);
  auto fact = [&](llvm::StringRef name) {
    return facts.getAs<mlir::IntegerAttr>(name).getInt();
  };
  EXPECT_EQ(fact("vocab_size"), 2048);
  EXPECT_EQ(fact("hidden_size"), 256);
  EXPECT_EQ(fact("max_position_embeddings"), 1024);
  EXPECT_EQ(fact("layers"), 4);
  EXPECT_EQ(fact("draft_layers"), 1);
  EXPECT_EQ(fact("kv_layers"), 5);
  EXPECT_EQ(fact("kv_width"), 160);
}
