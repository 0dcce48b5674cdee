//===- ActivationsTest.cpp - models whose products round their inputs -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The goldens of deepseek-v3-tiny hold, apart, logits of another library with
// inputs rounded to E4M3 in runs of 128 before every FP8 product but that of
// kv_b_proj, which is what ingot-quantize-activations does.
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/InterpretedModel.h"
#include "compiler/models/Import.h"
#include "dialects/Ingot/IngotDialect.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"
#include "runtime/eval/Logits.h"
#include "runtime/storage/SafeTensors.h"
#include "test/end-to-end/CompiledModel.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::compiler;
using passes::ActivationFormat;

namespace {

class NarrowActivations : public testing::Test {
protected:
  void SetUp() override {
    std::string folder = test::checkpointFolder("deepseek-v3-tiny");
    auto opened = storage::Checkpoint::open(folder);
    auto config = ConfigFile::open(folder + "/config.json");
    auto file = storage::SafeTensors::open(folder + "/golden.safetensors");
    ASSERT_TRUE(opened && config && file);
    checkpoint = std::move(*opened);
    golden = std::move(*file);
    auto imported = importModel(context, *checkpoint, *config);
    ASSERT_TRUE(bool(imported));
    module = std::move(*imported);
    // @step as a function for prompts.
    for (auto function : module->getOps<mlir::func::FuncOp>())
      function->setAttr(ir::IngotDialect::kBucketAttr,
                        ir::BucketAttr::get(&context, 256, 256, 4, 256, 1024));
  }

  /// KL of logits `name` in the golden file from the model's at each position
  /// of the prompts, the nearest first.
  std::vector<double> divergences(ActivationFormat format, const char *name) {
    mlir::OwningOpRef<mlir::ModuleOp> rounded = module->clone();
    mlir::PassManager manager(&context);
    manager.addPass(passes::createQuantizeActivationsPass(format));
    EXPECT_TRUE(mlir::succeeded(manager.run(*rounded)));
    auto model = InterpretedModel<double>::create(
        *rounded, checkpointWeights<double>(*checkpoint));
    EXPECT_TRUE(model) << model.status().message();
    std::vector<int32_t> ids = values<int32_t>("prompt_ids");
    std::vector<float> wanted = values<float>(name);
    int64_t vocab = (*model)->vocabSize();
    std::vector<double> kl;
    for (size_t at = 0; at < ids.size(); at += kPromptTokens) {
      auto result = (*model)->run(std::span(ids).subspan(at, kPromptTokens),
                                  kPromptTokens, /*taps=*/false);
      EXPECT_TRUE(result) << result.status().message();
      for (size_t row = 0; row < kPromptTokens; ++row) {
        eval::LogitComparison comparison;
        comparison.add(std::span(wanted).subspan((at + row) * vocab, vocab),
                       std::span(result->logits).subspan(row * vocab, vocab),
                       vocab);
        kl.push_back(comparison.agreement().meanKl);
      }
    }
    std::sort(kl.begin(), kl.end());
    return kl;
  }

  template <typename T>
  std::vector<T> values(const char *name) {
    std::span<const std::byte> bytes = golden->data(*golden->find(name));
    std::vector<T> result(bytes.size() / sizeof(T));
    std::memcpy(result.data(), bytes.data(), bytes.size());
    return result;
  }

  static constexpr size_t kPromptTokens = 48;

  mlir::MLIRContext context;
  std::optional<storage::Checkpoint> checkpoint;
  std::optional<storage::SafeTensors> golden;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

} // namespace

// A value near the middle between two codes may be rounded up by one library
// and down by the other; from there on a sequence goes its own way, and a
// router may even choose another expert. Until then the two agree as closely as
// float32 does, where a model whose inputs are not rounded is nowhere near.
TEST_F(NarrowActivations, InE4M3AreRoundedAsByAnotherLibrary) {
  auto same = divergences(ActivationFormat::FP8, "w8a8_prompt_logits");
  EXPECT_LT(same[same.size() / 4], 1e-8);
  auto unrounded = divergences(ActivationFormat::F32, "w8a8_prompt_logits");
  EXPECT_GT(unrounded[unrounded.size() / 4], 1e-4);
}

// E4M3 keeps 3 bits behind the leading one and bf16 7. An error 2^-4 times as
// large makes a KL 2^-8 times as large.
TEST_F(NarrowActivations, InBF16CostHundredthsOfThoseInE4M3) {
  auto e4m3 = divergences(ActivationFormat::FP8, "prompt_logits");
  auto bf16 = divergences(ActivationFormat::BF16, "prompt_logits");
  size_t middle = bf16.size() / 2;
  EXPECT_GT(bf16[middle], e4m3[middle] / 1000);
  EXPECT_LT(bf16[middle], e4m3[middle] / 50);
}
