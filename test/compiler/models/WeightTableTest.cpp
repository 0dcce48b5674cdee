//===- WeightTableTest.cpp - Tensors that are not as the model needs them -===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/models/EditedModel.h"

using ingot::compiler::test::EditedModel;
using ingot::storage::ElementType;

TEST(WeightTable, MissingTensor) {
  EditedModel model;
  model.remove("model.layers.1.input_layernorm.weight");
  EXPECT_EQ(model.error(), "DIR: expects tensors that are missing (1): "
                           "'model.layers.1.input_layernorm.weight'");
}

TEST(WeightTable, MissingScales) {
  EditedModel model;
  model.remove("model.layers.1.mlp.experts.3.up_proj.weight_scale_inv");
  EXPECT_EQ(model.error(),
            "DIR: expects tensors that are missing (1): "
            "'model.layers.1.mlp.experts.3.up_proj.weight_scale_inv'");
}

// A layer of 16 experts lacks 3 tensors each; naming all would help nobody.
TEST(WeightTable, ManyMissingTensorsAreCounted) {
  EditedModel model;
  model.remove("model.layers.1.mlp.experts.");
  std::string error = model.error();
  EXPECT_TRUE(
      error.starts_with("DIR: expects tensors that are missing (48): "
                        "'model.layers.1.mlp.experts.0.gate_proj.weight', "
                        "'model.layers.1.mlp.experts.1.gate_proj.weight', "))
      << error;
  EXPECT_TRUE(error.ends_with(
      "'model.layers.1.mlp.experts.9.gate_proj.weight' and 38 more"))
      << error;
}

TEST(WeightTable, UnexpectedTensor) {
  EditedModel model;
  model.put("model.layers.0.self_attn.q_proj.bias", ElementType::BF16, {384});
  EXPECT_EQ(model.error(), "DIR: has tensors that the model does not use (1): "
                           "'model.layers.0.self_attn.q_proj.bias'");
}

TEST(WeightTable, ScalesOfAWeightThatIsNotFp8AreUnexpected) {
  EditedModel model;
  model.put("model.layers.0.self_attn.o_proj.weight", ElementType::BF16,
            {256, 256});
  EXPECT_EQ(model.error(),
            "DIR: has tensors that the model does not use (1): "
            "'model.layers.0.self_attn.o_proj.weight_scale_inv'");
}

TEST(WeightTable, WrongShape) {
  EditedModel model;
  model.put("model.layers.0.self_attn.o_proj.weight", ElementType::F8_E4M3,
            {256, 128});
  EXPECT_EQ(
      model.error(),
      "model.safetensors: tensor 'model.layers.0.self_attn.o_proj.weight' "
      "expects shape [256, 256], got [256, 128]");
}

TEST(WeightTable, WrongElementTypeOfAMatrix) {
  EditedModel model;
  model.put("model.layers.0.self_attn.o_proj.weight", ElementType::I8,
            {256, 256});
  model.remove("model.layers.0.self_attn.o_proj.weight_scale_inv");
  EXPECT_EQ(
      model.error(),
      "model.safetensors: tensor 'model.layers.0.self_attn.o_proj.weight' "
      "expects BF16, F16, F32 or F8_E4M3, got I8");
}

TEST(WeightTable, WrongElementTypeOfAVector) {
  EditedModel model;
  model.put("model.norm.weight", ElementType::F8_E4M3, {256});
  EXPECT_EQ(model.error(), "model.safetensors: tensor 'model.norm.weight' "
                           "expects BF16, F16 or F32, got F8_E4M3");
}

TEST(WeightTable, WrongElementTypeOfScales) {
  EditedModel model;
  model.put("model.layers.0.self_attn.o_proj.weight_scale_inv",
            ElementType::BF16, {2, 2});
  EXPECT_EQ(model.error(), "model.safetensors: tensor "
                           "'model.layers.0.self_attn.o_proj.weight_scale_inv' "
                           "expects F32, got BF16");
}

// kv_a_proj has 160 rows: one whole block of 128 and a partial one.
TEST(WeightTable, ScalesMustCoverThePartialBlock) {
  EditedModel model;
  model.put("model.layers.0.self_attn.kv_a_proj_with_mqa.weight_scale_inv",
            ElementType::F32, {1, 2});
  EXPECT_EQ(model.error(),
            "model.safetensors: tensor "
            "'model.layers.0.self_attn.kv_a_proj_with_mqa.weight_scale_inv' "
            "expects shape [2, 2], got [1, 2]");
}

TEST(WeightTable, ExpertsOfDifferentElementTypes) {
  EditedModel model;
  model.put("model.layers.1.mlp.experts.3.up_proj.weight", ElementType::BF16,
            {128, 256});
  model.remove("model.layers.1.mlp.experts.3.up_proj.weight_scale_inv");
  EXPECT_EQ(model.error(),
            "model.safetensors: tensor "
            "'model.layers.1.mlp.experts.3.up_proj.weight' expects the element "
            "type of expert 0's tensor, got BF16");
}

TEST(WeightTable, Fp8WithoutAQuantizationConfig) {
  EditedModel model;
  model.config(R"({"quantization_config": null})");
  std::string error = model.error();
  EXPECT_TRUE(error.starts_with(
      "model.safetensors: tensor 'model.layers.0.self_attn.q_a_proj.weight' is "
      "F8_E4M3, but config.json has no 'quantization_config'\n"))
      << error;
}

// The matrices of 16 experts in 4 layers; 10 of them are named.
TEST(WeightTable, ManyWrongTensorsAreCounted) {
  EditedModel model;
  model.config(R"({"moe_intermediate_size": 64, "n_shared_experts": 2})");
  std::string error = model.error();
  EXPECT_TRUE(error.ends_with("\nDIR: 182 more tensors are not as expected"))
      << error;
}
