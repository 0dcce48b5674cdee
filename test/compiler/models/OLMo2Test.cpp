//===- OLMo2Test.cpp - What sets OLMo 2 apart -----------------------------===//
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

TEST(OLMo2, ReadsThePublishedConfig) {
  EXPECT_EQ(published("olmo-2-7b.json").kvHeads, 32);
}

// h += RMS(attn(h)); h += RMS(mlp(h)): attention takes the residual stream as
// it is, and what is added to it has been normalised.
TEST(OLMo2, NormsStandBehindAttentionAndNetwork) {
  EditedModel model("olmo2-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  mlir::Value stream = all<ir::EmbedOp>(*module)[0];
  EXPECT_EQ(named<ir::LinearOp>(module, "layers.0.self_attn.q_proj").getX(),
            stream);
  auto sum = named<ir::AddOp>(module, "layers.0.self_attn.add");
  EXPECT_EQ(sum.getLhs(), stream);
  auto norm = sum.getRhs().getDefiningOp<ir::RMSNormOp>();
  ASSERT_TRUE(norm);
  EXPECT_EQ(weightOf(norm.getWeight()),
            "model.layers.0.post_attention_layernorm.weight");
  EXPECT_EQ(named<ir::LinearOp>(module, "layers.0.mlp.gate_proj").getX(),
            sum.getResult());
  auto last = named<ir::AddOp>(module, "layers.0.add")
                  .getRhs()
                  .getDefiningOp<ir::RMSNormOp>();
  ASSERT_TRUE(last);
  EXPECT_EQ(weightOf(last.getWeight()),
            "model.layers.0.post_feedforward_layernorm.weight");
}

TEST(OLMo2, QueriesAndKeysAreNormalisedOverTheirWholeWidthBeforeTheyTurn) {
  EditedModel model("olmo2-tiny");
  Module module = imported(model);
  ASSERT_TRUE(module);
  for (ir::RopeOp rope : all<ir::RopeOp>(*module)) {
    auto norm = rope.getX().getDefiningOp<ir::RMSNormOp>();
    ASSERT_TRUE(norm);
    EXPECT_EQ(norm.getHeads(), 1u);
    EXPECT_EQ(text(norm.getWeight().getType()), "tensor<128xbf16>");
  }
}

TEST(OLMo2, ClippedProjectionsAreNotSupported) {
  EditedModel model("olmo2-tiny");
  model.config(R"({"clip_qkv": 8.0})");
  EXPECT_EQ(model.error(), "config.json: 'clip_qkv' is not supported");
}
