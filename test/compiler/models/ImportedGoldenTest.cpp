//===- ImportedGoldenTest.cpp - An imported model computes the goldens ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/InterpretedModel.h"
#include "compiler/models/Import.h"
#include "runtime/eval/Golden.h"

#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::compiler;

class ImportedModel : public testing::TestWithParam<const char *> {};

// Every choice that an import makes shows here: an epsilon, a scale, a layout,
// the order of a concatenation. The goldens are float32 themselves; another
// order of summation moves a logit by some 1e-5.
TEST_P(ImportedModel, ComputesTheGoldens) {
  std::string folder = std::string(INGOT_TEST_MODELS "/") + GetParam();
  auto checkpoint = storage::Checkpoint::open(folder);
  ASSERT_TRUE(checkpoint) << checkpoint.status().message();
  auto config = ConfigFile::open(folder + "/config.json");
  ASSERT_TRUE(config) << config.status().message();
  auto golden = storage::SafeTensors::open(folder + "/golden.safetensors");
  ASSERT_TRUE(golden) << golden.status().message();

  mlir::MLIRContext context;
  auto module = importModel(context, *checkpoint, *config);
  ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
  auto model = InterpretedModel<float>::create(
      **module, checkpointWeights<float>(*checkpoint));
  ASSERT_TRUE(model) << model.status().message();
  eval::GoldenOptions options;
  options.hidden = true;
  auto report = eval::compareWithGolden(**model, *golden, options, {});
  ASSERT_TRUE(report) << report.status().message();

  EXPECT_LT(report->prompt.maxAbsDiff, 1e-4);
  EXPECT_LT(report->longContext.maxAbsDiff, 1e-4);
  EXPECT_EQ(report->draft.has_value(), (*model)->hasDraft());
  if (report->draft)
    EXPECT_LT(report->draft->maxAbsDiff, 1e-4);
  EXPECT_EQ(report->greedy.steps, 128);
  EXPECT_EQ(report->greedy.mismatchesBeyondMargin, 0);
  // The taps bear the golden's names, so a difference would be placed.
  ASSERT_TRUE(report->hidden);
  EXPECT_EQ(report->hidden->firstDifference(), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Bundled, ImportedModel,
                         testing::Values("deepseek-v2-tiny",
                                         "deepseek-v2-lite-tiny",
                                         "deepseek-v3-tiny", "llama3-tiny",
                                         "llama4-tiny", "mixtral-tiny",
                                         "olmo2-tiny", "qwen3-moe-tiny"));
