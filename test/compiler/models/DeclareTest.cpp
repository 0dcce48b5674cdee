//===- DeclareTest.cpp - models of which there is only the config ---------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Import.h"
#include "dialects/Ingot/IngotDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/SymbolTable.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::compiler;

namespace {

/// The published config of DeepSeek-V3.
class Declare : public testing::Test {
protected:
  void declare(int64_t layers = 0) {
    auto config = ConfigFile::open(INGOT_TEST_CONFIGS "/deepseek-v3.json");
    ASSERT_TRUE(config) << config.status().message();
    auto declared = declareModel(context, *config, layers);
    if (declared)
      module = std::move(*declared);
    else
      error = llvm::toString(declared.takeError());
  }

  /// The type of a weight, as text; empty if there is none.
  std::string typeOf(llvm::StringRef name) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    if (auto weight = mlir::SymbolTable(*module).lookup<ir::WeightOp>(name))
      weight.getTensorType().print(stream);
    return text;
  }

  int64_t countWeights() {
    auto weights = module->getOps<ir::WeightOp>();
    return std::distance(weights.begin(), weights.end());
  }

  bool hasFunction(llvm::StringRef name) {
    return mlir::SymbolTable(*module).lookup<mlir::func::FuncOp>(name) !=
           nullptr;
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string error;
};

} // namespace

TEST_F(Declare, PublishedSizeHasEveryWeightAndTheDraft) {
  declare();
  ASSERT_TRUE(module) << error;
  // Attention and norms have 9, a dense network 3, a routed one 8, a draft 4
  // beside its layer; embedding, norm and head are shared with the draft.
  EXPECT_EQ(countWeights(), 3 * (9 + 3) + 59 * (9 + 8) + 4 + 3);
  EXPECT_TRUE(hasFunction("draft"));
}

TEST_F(Declare, ProjectionsAreFp8InBlocks) {
  declare(4);
  ASSERT_TRUE(module) << error;
  std::string type = typeOf("model.layers.3.self_attn.q_a_proj.weight");
  EXPECT_NE(type.find("1536x7168x!ingot.scaled<f8E4M3FN"), std::string::npos)
      << type;
  type = typeOf("model.layers.3.mlp.experts.{e}.down_proj.weight");
  EXPECT_NE(type.find("256x7168x2048x!ingot.scaled<f8E4M3FN"),
            std::string::npos)
      << type;
}

TEST_F(Declare, EmbeddingHeadRouterAndNormsAreBf16) {
  declare();
  ASSERT_TRUE(module) << error;
  EXPECT_EQ(typeOf("model.embed_tokens.weight"), "tensor<129280x7168xbf16>");
  EXPECT_EQ(typeOf("lm_head.weight"), "tensor<129280x7168xbf16>");
  EXPECT_EQ(typeOf("model.layers.3.mlp.gate.weight"), "tensor<256x7168xbf16>");
  EXPECT_EQ(typeOf("model.norm.weight"), "tensor<7168xbf16>");
  EXPECT_EQ(typeOf("model.layers.61.eh_proj.weight"),
            "tensor<7168x14336xbf16>");
}

TEST_F(Declare, BiasOfTheRouterIsF32) {
  declare(4);
  ASSERT_TRUE(module) << error;
  EXPECT_EQ(typeOf("model.layers.3.mlp.gate.e_score_correction_bias"),
            "tensor<256xf32>");
}

TEST_F(Declare, FewerLayersDropTheDraft) {
  declare(4);
  ASSERT_TRUE(module) << error;
  EXPECT_EQ(countWeights(), 3 * (9 + 3) + 1 * (9 + 8) + 3);
  EXPECT_FALSE(hasFunction("draft"));
}

TEST_F(Declare, AllLayersByNumberKeepTheDraft) {
  declare(61);
  ASSERT_TRUE(module) << error;
  EXPECT_TRUE(hasFunction("draft"));
}

TEST_F(Declare, OnlyDenseLayersAreRefused) {
  declare(3);
  EXPECT_EQ(error, INGOT_TEST_CONFIGS
            "/deepseek-v3.json: expects more layers than the 3 leading dense "
            "ones, so that one is routed, got 3");
}

TEST_F(Declare, MoreLayersThanTheModelHasAreRefused) {
  declare(62);
  EXPECT_EQ(error, INGOT_TEST_CONFIGS
            "/deepseek-v3.json: expects at most the model's 61 layers, got 62");
}
