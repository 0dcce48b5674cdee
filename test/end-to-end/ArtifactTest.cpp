//===- ArtifactTest.cpp - what an artifact is and which one is refused ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/end-to-end/CompiledModel.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace ingot;
namespace fs = std::filesystem;

namespace {

constexpr const char *kModel = "deepseek-v3-tiny";

std::string bytesOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

compiler::CompileOptions optionsFor(const std::string &output) {
  compiler::CompileOptions options;
  options.checkpoint = test::checkpointFolder(kModel);
  options.output = test::scratchFolder() / output;
  return options;
}

/// A copy of the checkpoint that a test may damage.
std::string copyCheckpoint(const std::string &name) {
  fs::path folder = test::scratchFolder() / name;
  fs::copy(test::checkpointFolder(kModel), folder);
  for (const auto &entry : fs::directory_iterator(folder))
    fs::permissions(entry, fs::perms::owner_write, fs::perm_options::add);
  return folder;
}

/// Logits of the last token of a short prompt.
std::vector<float> lastLogits(std::shared_ptr<const Model> model) {
  auto session = Session::create(std::move(model), {.threads = 1});
  EXPECT_TRUE(session);
  std::vector<int32_t> prompt = {2043, 1006, 259, 1598};
  Rows rows{*session->addSequence(), prompt, LogitRows::Last};
  auto output = session->prefill({&rows, 1});
  EXPECT_TRUE(output) << output.status().message();
  return {output->logits.begin(), output->logits.end()};
}

std::string loadError(const std::string &path, const std::string &weights) {
  auto model = Model::load(path, {.weightsDirectory = weights});
  EXPECT_FALSE(model);
  return model.status().message();
}

} // namespace

TEST(Artifact, WithoutWeightsIsSmall) {
  EXPECT_LT(fs::file_size(test::artifact(kModel)), 5u << 20);
}

TEST(Artifact, SameInputGivesSameBytes) {
  compiler::CompileOptions options = optionsFor("again.ingot");
  ASSERT_TRUE(test::compileQuietly(options).ok());
  EXPECT_TRUE(bytesOf(options.output) == bytesOf(test::artifact(kModel)));
}

TEST(Artifact, MapsWeightsAndHoldsFewBytesBesideThem) {
  auto session = Session::create(test::load(test::artifact(kModel)), {});
  ASSERT_TRUE(session);
  MemoryUse use = session->memoryUse();
  // The checkpoint has 12.9 MB of tensors, of which the draft's embedding and
  // head (1 MB each) equal the main model's and are stored once.
  EXPECT_GT(use.mappedWeights, 10u << 20);
  EXPECT_LT(use.workspace + use.io + use.kvCache, 300u << 20);
}

TEST(Artifact, WithEmbeddedWeightsNeedsNoCheckpoint) {
  std::string folder = copyCheckpoint("embedded");
  compiler::CompileOptions options = optionsFor("embedded.ingot");
  options.checkpoint = folder;
  options.embedWeights = true;
  Status status = test::compileQuietly(options);
  ASSERT_TRUE(status.ok()) << status.message();
  fs::remove_all(folder);
  auto model = test::load(options.output);
  ASSERT_TRUE(model);
  EXPECT_EQ(lastLogits(model), lastLogits(test::load(test::artifact(kModel))));
}

TEST(Artifact, FindsAMovedCheckpointByItsFolder) {
  std::string folder = copyCheckpoint("before");
  compiler::CompileOptions options = optionsFor("moved.ingot");
  options.checkpoint = folder;
  ASSERT_TRUE(test::compileQuietly(options).ok());
  fs::path moved = test::scratchFolder() / "after";
  fs::rename(folder, moved);
  EXPECT_NE(loadError(options.output, "").find("model.safetensors"),
            std::string::npos);
  EXPECT_TRUE(test::load(options.output, {.weightsDirectory = moved}));
}

TEST(Artifact, RefusesACheckpointWithOtherValues) {
  std::string folder = copyCheckpoint("other-values");
  std::string path = folder + "/model.safetensors";
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  // Same header, other values: what a fine-tune would look like.
  file.seekp(static_cast<std::streamoff>(fs::file_size(path) / 2));
  file.write(std::string(1 << 20, '\x11').data(), 1 << 20);
  file.close();
  std::string message = loadError(test::artifact(kModel), folder);
  EXPECT_NE(message.find("model.safetensors"), std::string::npos) << message;
}

TEST(Artifact, ForAvx2AgreesWithTheOneForThisMachine) {
  compiler::CompileOptions options = optionsFor("v3.ingot");
  options.cpu = "x86-64-v3";
  Status status = test::compileQuietly(options);
  ASSERT_TRUE(status.ok()) << status.message();
  std::vector<float> ours = lastLogits(test::load(options.output));
  std::vector<float> native = lastLogits(test::load(test::artifact(kModel)));
  ASSERT_EQ(ours.size(), native.size());
  // Other vector widths sum in another order: equal up to float32 rounding.
  for (size_t i = 0; i < ours.size(); ++i)
    EXPECT_NEAR(ours[i], native[i], 1e-4);
}

TEST(Artifact, ChunksOfAPromptGiveTheLogitsOfTheWhole) {
  auto model = test::load(test::artifact(kModel));
  auto session = Session::create(model, {.threads = 2});
  ASSERT_TRUE(session);
  std::vector<int32_t> prompt = {2043, 1006, 259, 1598};
  int sequence = *session->addSequence();
  std::vector<float> last;
  for (int32_t &token : prompt) {
    Rows rows{sequence, {&token, 1}, LogitRows::Last};
    auto output = session->prefill({&rows, 1});
    ASSERT_TRUE(output) << output.status().message();
    last.assign(output->logits.begin(), output->logits.end());
  }
  // A row's sums do not depend on the rows beside it, so these are the same
  // bits.
  EXPECT_EQ(last, lastLogits(model));
}
