//===- WeightFilesTest.cpp - weights moved or changed ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/WeightFiles.h"
#include "runtime/plan/PlanFile.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <filesystem>

using namespace ingot;
using namespace ingot::test;

namespace {

/// The artifact lies in folder/out, the weights in folder.
class WeightFilesTest : public SampleModel {
protected:
  WeightFilesTest() : out(folder.path("out")) {
    std::filesystem::create_directory(out);
    plan.checkpoint = "..";
  }

  Result<std::shared_ptr<const Model>>
  tryLoad(const LoadOptions &options = {}) {
    std::string path = writeSampleArtifact(out, plan, readSampleKernels());
    return Model::load(path, options);
  }

  /// Replaces one byte of the weights.
  void change(size_t fromEnd) {
    std::string content = folder.read("model.safetensors");
    content[content.size() - fromEnd] ^= 1;
    folder.write("model.safetensors", content);
  }

  std::string weights() const { return folder.path("model.safetensors"); }

  std::string out;
};

TEST_F(WeightFilesTest, FoundWhereThePlanSaysRelativeToTheArtifact) {
  EXPECT_TRUE(tryLoad());
}

TEST_F(WeightFilesTest, FoundAtAnAbsolutePath) {
  plan.checkpoint = folder.path();
  EXPECT_TRUE(tryLoad());
}

TEST_F(WeightFilesTest, FoundBesideTheArtifact) {
  std::filesystem::rename(weights(), out + "/model.safetensors");
  EXPECT_TRUE(tryLoad());
}

TEST_F(WeightFilesTest, FoundInTheFolderGiven) {
  plan.checkpoint = "gone";
  EXPECT_TRUE(tryLoad({.weightsDirectory = folder.path()}));
}

TEST_F(WeightFilesTest, MissingEverywhereNamesWhatWasTried) {
  plan.checkpoint = "../gone";
  auto model = tryLoad();
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().code(), StatusCode::NotFound);
  EXPECT_EQ(model.status().message(),
            "weights 'model.safetensors' not found in '" + folder.path("gone") +
                "', '" + out +
                "'; the weights directory must be the checkpoint's folder");
}

TEST_F(WeightFilesTest, FolderGivenIsTheOnlyOneTried) {
  auto model = tryLoad({.weightsDirectory = out});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().message(),
            "weights 'model.safetensors' not found in '" + out +
                "'; the weights directory must be the checkpoint's folder");
}

TEST_F(WeightFilesTest, ChangedSizeIsRefused) {
  uint64_t size = folder.read("model.safetensors").size();
  folder.write("model.safetensors", folder.read("model.safetensors") + "x");
  auto model = tryLoad();
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().code(), StatusCode::Incompatible);
  EXPECT_EQ(model.status().message(),
            weights() + ": changed since it was compiled: plan expects size " +
                std::to_string(size) + ", got " + std::to_string(size + 1));
}

TEST_F(WeightFilesTest, ChangedHeaderIsRefused) {
  change(folder.read("model.safetensors").size() - 20);
  auto model = tryLoad();
  ASSERT_FALSE(model);
  EXPECT_NE(model.status().message().find("plan expects header hash "),
            std::string::npos)
      << model.status().message();
}

TEST_F(WeightFilesTest, FileWithoutAHeaderIsRefused) {
  std::string content = folder.read("model.safetensors");
  content[7] = '\xff'; // the header's length
  folder.write("model.safetensors", content);
  auto model = tryLoad();
  ASSERT_FALSE(model);
  EXPECT_TRUE(model.status().message().ends_with("got no header"))
      << model.status().message();
}

TEST_F(WeightFilesTest, FineTuneWithTheSameHeaderIsRefused) {
  change(1);
  auto model = tryLoad();
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().code(), StatusCode::Incompatible);
  EXPECT_NE(model.status().message().find("plan expects content sample "),
            std::string::npos)
      << model.status().message();
}

} // namespace
