//===- MixtralTest.cpp - What sets Mixtral apart --------------------------===//
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

TEST(Mixtral, ReadsThePublishedConfig) {
  Shape shape = published("mixtral-8x7b.json");
  EXPECT_EQ(shape.experts, 8);
  EXPECT_EQ(shape.window, 0);
}

TEST(Mixtral, FirstMatrixIsTheGateThirdUpSecondDown) {
  EditedModel model("mixtral-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  auto experts = all<ir::ExpertsOp>(*module)[0];
  std::string prefix = "model.layers.0.block_sparse_moe.experts.{e}.";
  EXPECT_EQ(weightOf(experts.getGate()), prefix + "w1.weight");
  EXPECT_EQ(weightOf(experts.getUp()), prefix + "w3.weight");
  EXPECT_EQ(weightOf(experts.getDown()), prefix + "w2.weight");
  EXPECT_FALSE(experts.getWeightsOnInput());
}

TEST(Mixtral, SoftmaxOverAllThenRenormalised) {
  EditedModel model("mixtral-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  ir::RoutingAttr routing = all<ir::RouteOp>(*module)[0].getRouting();
  EXPECT_EQ(routing.getScore(), ir::ScoreFunction::Softmax);
  EXPECT_EQ(routing.getTopK(), 2);
  EXPECT_TRUE(routing.getRenormalize());
  EXPECT_EQ(routing.getScale().getValueAsDouble(), 1);
}

// While all tokens fit into the window it hides nothing; the first row behind
// it lacks the first token.
TEST(Mixtral, WindowOfTheNewestTokens) {
  std::vector<int32_t> tokens = {2043, 17, 4, 99, 1200, 7, 81, 5};
  EditedModel full("mixtral-tiny"), windowed("mixtral-tiny");
  windowed.config(R"({"sliding_window": 6})");
  Module module = imported(windowed);
  ASSERT_TRUE(module);
  for (ir::AttentionOp op : all<ir::AttentionOp>(*module))
    EXPECT_EQ(op.getMaskAttr(), ir::SlidingAttr::get(op.getContext(), 6));
  std::vector<float> all = full.logits(tokens), seen = windowed.logits(tokens);
  ASSERT_EQ(all.size(), seen.size());
  size_t vocab = all.size() / tokens.size();
  for (size_t row = 0; row < tokens.size(); ++row) {
    bool same =
        std::equal(all.begin() + row * vocab, all.begin() + (row + 1) * vocab,
                   seen.begin() + row * vocab);
    EXPECT_EQ(same, row < 6) << row;
  }
}

TEST(Mixtral, BiasesAreNoPartOfTheLayout) {
  EditedModel model("mixtral-tiny");
  model.config(R"({"attention_bias": true})");
  EXPECT_EQ(model.error(),
            "config.json: 'attention_bias' expects false, got true");
}
