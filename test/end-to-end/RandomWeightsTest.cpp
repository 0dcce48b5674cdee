//===- RandomWeightsTest.cpp - models that have no checkpoint -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Tokenizer.h"
#include "test/end-to-end/CompiledModel.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace ingot;

namespace {

constexpr const char *kModel = "deepseek-v3-tiny";

/// The tiny model, compiled from its config alone.
const std::string &bareArtifact() {
  static std::string path;
  if (!path.empty())
    return path;
  path = test::scratchFolder() / "bare.ingot";
  compiler::CompileOptions options;
  options.config = test::checkpointFolder(kModel) + "/config.json";
  options.output = path;
  Status status = test::compileQuietly(options);
  EXPECT_TRUE(status.ok()) << status.message();
  return path;
}

/// Logits of every token of a short prompt.
std::vector<float> logits(const std::string &path, uint64_t seed, int threads) {
  auto model = test::load(path, {.randomSeed = seed, .threads = threads});
  auto session = Session::create(std::move(model), {.threads = 1});
  EXPECT_TRUE(session);
  std::vector<int32_t> prompt = {2043, 1006, 259, 1598};
  Rows rows{*session->addSequence(), prompt, LogitRows::All};
  auto output = session->prefill({&rows, 1});
  EXPECT_TRUE(output) << output.status().message();
  return {output->logits.begin(), output->logits.end()};
}

} // namespace

TEST(RandomWeights, SeedDecidesTheLogits) {
  std::vector<float> first = logits(bareArtifact(), 1, 1);
  EXPECT_EQ(first, logits(bareArtifact(), 1, 1));
  EXPECT_NE(first, logits(bareArtifact(), 2, 1));
}

TEST(RandomWeights, NumberOfThreadsThatDrawDoesNotMatter) {
  EXPECT_EQ(logits(bareArtifact(), 1, 1), logits(bareArtifact(), 1, 3));
}

TEST(RandomWeights, LogitsAreFiniteAndOfTheSizeOfTrainedOnes) {
  double sum = 0;
  std::vector<float> values = logits(bareArtifact(), 1, 1);
  for (float value : values) {
    ASSERT_TRUE(std::isfinite(value));
    sum += double(value) * value;
  }
  // A head of deviation 1/sqrt(n) behind a norm gives deviation 1.
  EXPECT_NEAR(std::sqrt(sum / double(values.size())), 1, 0.2);
}

TEST(RandomWeights, CompiledWithACheckpointOrWithoutGiveTheSame) {
  EXPECT_EQ(logits(test::artifact(kModel), 1, 1), logits(bareArtifact(), 1, 1));
}

TEST(RandomWeights, ModelWithoutWeightsNeedsASeed) {
  auto model = Model::load(bareArtifact(), {});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().message(),
            bareArtifact() + ": was compiled without weights; it runs with "
                             "--weights random:SEED only");
}

TEST(RandomWeights, CountAsDrawnNotAsMapped) {
  auto session =
      Session::create(test::load(bareArtifact(), {.randomSeed = 1}), {});
  ASSERT_TRUE(session);
  EXPECT_EQ(session->memoryUse().mappedWeights, 0u);
  EXPECT_GT(session->memoryUse().drawnWeights, 10u << 20);
}

TEST(RandomWeights, ModelWithoutACheckpointHasNoTokenizer) {
  auto model = test::load(bareArtifact(), {.randomSeed = 1});
  ASSERT_TRUE(model);
  EXPECT_EQ(model->tokenizer().vocabSize(), 0);
  EXPECT_EQ(model->chatTemplate(), nullptr);
}

TEST(RandomWeights, FewerLayersRun) {
  compiler::CompileOptions options;
  options.config = test::checkpointFolder(kModel) + "/config.json";
  options.layers = 2;
  options.output = test::scratchFolder() / "two-layers.ingot";
  Status status = test::compileQuietly(options);
  ASSERT_TRUE(status.ok()) << status.message();
  std::vector<float> values = logits(options.output, 1, 1);
  EXPECT_NE(values, logits(bareArtifact(), 1, 1));
  for (float value : values)
    ASSERT_TRUE(std::isfinite(value));
}
