//===- RandomCheckpointTest.cpp - checkpoints of drawn weights ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/pack/RandomCheckpoint.h"
#include "runtime/plan/ArtifactWriter.h"
#include "runtime/plan/Container.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace ingot::test {
namespace {

/// The sample plan without files.
class RandomCheckpointTest : public SampleModel {
protected:
  RandomCheckpointTest() {
    plan.files.clear();
    for (auto &weight : plan.weights) {
      uint64_t offset = 0;
      for (fb::View &view : weight->views) {
        view = fb::View(kNoFile, offset, view.size());
        offset += view.size();
      }
    }
    plan.weights[Unembed]->name = "unembed.{e}";
    options.seed = 5;
    options.folder = folder.path() + "/packed";
    std::filesystem::create_directory(options.folder);
  }
  std::string write() {
    std::string path = folder.path() + "/bare.ingot";
    const std::string code = readSampleKernels();
    Blob blob{.bytes = std::as_bytes(std::span(code))};
    EXPECT_TRUE(writeArtifact(path, plan, {&blob, 1}).ok());
    return path;
  }
  static std::vector<float> logits(const std::string &path,
                                   const LoadOptions &options) {
    auto model = Model::load(path, options);
    EXPECT_TRUE(model) << model.status().message();
    auto session = Session::create(*model, {.threads = 1});
    EXPECT_TRUE(session);
    std::vector<int32_t> tokens = {1, 2, 3};
    return toVector(
        stepOne(*session, *session->addSequence(), tokens, LogitRows::All)
            .logits);
  }

  RandomCheckpointOptions options;
};

TEST_F(RandomCheckpointTest, ComputesWhatDrawnWeightsDo) {
  const std::string bare = write();
  auto written = writeRandomCheckpoint(bare, options);
  ASSERT_TRUE(written) << written.status().message();
  // A table, a bias, and a matrix in 8 parts.
  EXPECT_EQ(written->tensors, 10u);
  EXPECT_EQ(written->bytes, 128u + 16 + 128);
  EXPECT_EQ(written->files, 1u);
  EXPECT_EQ(logits(written->artifact, {}), logits(bare, {.randomSeed = 5}));
}

TEST_F(RandomCheckpointTest, ShardsEndWithTheTensorThatFillsThem) {
  options.shardBytes = 130;
  const std::string bare = write();
  auto written = writeRandomCheckpoint(bare, options);
  ASSERT_TRUE(written) << written.status().message();
  // The table and one part; the other parts; the bias would be too much for it.
  EXPECT_EQ(written->files, 2u);
  EXPECT_TRUE(std::filesystem::exists(options.folder +
                                      "/model-00002-of-00002.safetensors"));
  EXPECT_EQ(logits(written->artifact, {}), logits(bare, {.randomSeed = 5}));
}

TEST_F(RandomCheckpointTest, PlanWithWeightsOfItsOwn) {
  plan = makeSamplePlan(folder.path());
  std::string path =
      writeSampleArtifact(folder.path(), plan, readSampleKernels());
  auto written = writeRandomCheckpoint(path, options);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.status().code(), StatusCode::InvalidInput);
  EXPECT_EQ(written.status().message(),
            path + ": expects an artifact that was compiled without weights "
                   "(ingotc --config-only)");
}

TEST_F(RandomCheckpointTest, FolderThatIsNotThere) {
  options.folder = folder.path() + "/nowhere";
  auto written = writeRandomCheckpoint(write(), options);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.status().code(), StatusCode::NotFound)
      << written.status().message();
}

} // namespace
} // namespace ingot::test
