//===- DiffTest.cpp - a planted fault is found at its step ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Diff.h"
#include "runtime/storage/Checkpoint.h"
#include "test/end-to-end/CompiledModel.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace ingot;

namespace {

constexpr const char *kModel = "deepseek-v3-tiny";
constexpr int32_t kPrompt[] = {2043, 522, 479, 482, 378, 1070, 11};

Session open(const std::string &path) {
  auto session = Session::create(test::load(path), {.threads = 2});
  EXPECT_TRUE(session) << session.status().message();
  return std::move(*session);
}

diff::DiffReport compare(const std::string &a, const std::string &b) {
  Session left = open(a), right = open(b);
  auto report = diff::compare(left, right, kPrompt, {});
  EXPECT_TRUE(report) << report.status().message();
  return report ? *report : diff::DiffReport();
}

/// Path of the artifact of a copy of the checkpoint in which byte `index` of a
/// tensor has another sign bit.
std::string flipped(const std::string &tensor, uint64_t index) {
  const std::string folder = test::scratchFolder() / ("flipped-" + tensor);
  std::filesystem::copy(test::checkpointFolder(kModel), folder);
  auto original = storage::Checkpoint::open(test::checkpointFolder(kModel));
  EXPECT_TRUE(original) << original.status().message();
  const storage::CheckpointTensor *found = original->find(tensor);
  EXPECT_NE(found, nullptr);
  std::fstream file(folder + "/" + original->files()[found->file].name,
                    std::ios::binary | std::ios::in | std::ios::out);
  const auto at = std::streamoff(found->info.fileOffset + index);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(char(byte ^ 0x80));
  file.close();

  compiler::CompileOptions options;
  options.checkpoint = folder;
  options.output = folder + ".ingot";
  Status status = test::compileQuietly(options);
  EXPECT_TRUE(status.ok()) << status.message();
  return options.output;
}

} // namespace

TEST(Diff, EqualArtifactsDoNotDiffer) {
  diff::DiffReport report =
      compare(test::artifact(kModel), test::artifact(kModel));
  EXPECT_FALSE(report.first);
  EXPECT_EQ(report.tokens, 11);
  for (const diff::StepDifference &step : report.steps)
    EXPECT_EQ(step.distance.maxAbsDiff, 0) << step.name;
  // All but the launches that append to the cache, one a layer.
  EXPECT_GT(report.steps.size(), report.launchesA * 3 / 4);
}

// Other vectors sum in another order.
TEST(Diff, OtherProcessorLevelsDifferByLessThanTheTolerance) {
  compiler::CompileOptions options;
  options.checkpoint = test::checkpointFolder(kModel);
  options.output = test::scratchFolder() / "diff-v3.ingot";
  options.cpu = "x86-64-v3";
  Status status = test::compileQuietly(options);
  ASSERT_TRUE(status.ok()) << status.message();
  diff::DiffReport report = compare(test::artifact(kModel), options.output);
  EXPECT_FALSE(report.first) << report.first->name;
}

// [256, 256] in FP8: one byte an element, so byte 5 * 256 + 9 is in row 5,
// which makes column 5 of the result.
TEST(Diff, FlippedWeightIsFoundAtItsStep) {
  diff::DiffReport report =
      compare(test::artifact(kModel),
              flipped("model.layers.2.self_attn.o_proj.weight", 5 * 256 + 9));
  ASSERT_TRUE(report.first);
  EXPECT_EQ(report.first->name, "layers.2.self_attn.o_proj");
  EXPECT_TRUE(report.first->coordinate.ends_with(", 5]"))
      << report.first->coordinate;
  EXPECT_EQ(report.first->firstPosition, 0);
  EXPECT_EQ(report.first->lastPosition, 6);
}

TEST(Diff, DifferentModelsAreRefused) {
  Session left = open(test::artifact(kModel));
  Session right = open(test::artifact("deepseek-v2-tiny"));
  auto report = diff::compare(left, right, kPrompt, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.status().message(),
            "the artifacts are of different models: expects a hidden size of "
            "256, got 128");
}
