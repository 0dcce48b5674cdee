//===- IntegrityTest.cpp - changes that only a full look finds ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One byte of the weights is flipped where the sample does not look: 64 pieces
// of 64 KiB are a third of these files. Only the full hash sees it, or the
// golden check if the byte matters.
//
//===----------------------------------------------------------------------===//

#include "runtime/integrity/Integrity.h"
#include "runtime/plan/ContentSample.h"
#include "test/end-to-end/CompiledModel.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

using namespace ingot;

namespace {

constexpr const char *kCheckpoint = "deepseek-v3-tiny";

std::string read(const std::filesystem::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path &path, const std::string &bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

uint64_t sampleOf(const std::string &bytes) {
  return sampleContent(std::as_bytes(std::span(bytes)));
}

class Integrity : public testing::Test {
protected:
  /// Compiles with `options` into a file of the test's own.
  std::string compile(const std::string &name,
                      compiler::CompileOptions options) {
    options.checkpoint = test::checkpointFolder(kCheckpoint);
    options.output = folder / (name + ".ingot");
    Status status = test::compileQuietly(options);
    EXPECT_TRUE(status.ok()) << status.message();
    return options.output;
  }

  /// A folder with the checkpoint's weights, one byte flipped where the sample
  /// of the file does not look.
  std::string changedWeights() {
    std::string bytes =
        read(std::filesystem::path(test::checkpointFolder(kCheckpoint)) /
             "model.safetensors");
    uint64_t sample = sampleOf(bytes);
    for (size_t at = bytes.size() / 2;; at += 4096) {
      bytes[at] ^= 1;
      if (sampleOf(bytes) == sample)
        break;
      bytes[at] ^= 1;
    }
    std::filesystem::path changed = folder / "changed";
    std::filesystem::create_directories(changed);
    write(changed / "model.safetensors", bytes);
    return changed;
  }

  std::filesystem::path folder = test::scratchFolder();
};

} // namespace

TEST_F(Integrity, FullHashSeesWhatTheSampleDoesNot) {
  compiler::CompileOptions options;
  options.hashWeights = true;
  auto file = PlanFile::open(compile("hashed", options));
  ASSERT_TRUE(file) << file.status().message();
  for (bool full : {false, true}) {
    auto weights = checkWeights(*file, "", full);
    ASSERT_TRUE(weights) << weights.status().message();
    ASSERT_EQ(weights->size(), 1u);
    EXPECT_EQ((*weights)[0].name, "model.safetensors");
  }
  std::string changed = changedWeights();
  EXPECT_TRUE(checkWeights(*file, changed, /*full=*/false));
  auto full = checkWeights(*file, changed, /*full=*/true);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.status().code(), StatusCode::Incompatible);
  EXPECT_TRUE(full.status().message().starts_with(
      changed + "/model.safetensors: changed since it was compiled: plan "
                "expects content hash "))
      << full.status().message();
}

TEST_F(Integrity, EmbeddedWeightsAreHashedToo) {
  compiler::CompileOptions options;
  options.embedWeights = options.hashWeights = true;
  std::string path = compile("embedded", options);
  auto whole = PlanFile::open(path);
  ASSERT_TRUE(whole) << whole.status().message();
  auto weights = checkWeights(*whole, "", /*full=*/true);
  ASSERT_TRUE(weights) << weights.status().message();
  ASSERT_EQ(weights->size(), 1u);
  EXPECT_EQ((*weights)[0].name, "embedded weights");

  std::string bytes = read(path);
  bytes.back() ^= 1; // the last weight's last byte
  std::string damaged = folder / "damaged.ingot";
  write(damaged, bytes);
  auto file = PlanFile::open(damaged);
  ASSERT_TRUE(file) << "the header's hash ends before the weights";
  EXPECT_TRUE(checkWeights(*file, "", /*full=*/false));
  auto full = checkWeights(*file, "", /*full=*/true);
  ASSERT_FALSE(full);
  EXPECT_TRUE(full.status().message().starts_with(
      damaged + ": embedded weights: changed since it was compiled"))
      << full.status().message();
}

TEST_F(Integrity, FullNeedsAStoredHash) {
  auto file = PlanFile::open(test::artifact(kCheckpoint));
  ASSERT_TRUE(file) << file.status().message();
  auto full = checkWeights(*file, "", /*full=*/true);
  ASSERT_FALSE(full);
  EXPECT_TRUE(full.status().message().ends_with(
      "model.safetensors: expects a hash of all bytes in the plan to verify it "
      "in full; ingotc --hash-weights stores one"))
      << full.status().message();
}

TEST_F(Integrity, GoldenCheckPassesAsCompiledAndNotWithOtherWeights) {
  compiler::CompileOptions options;
  options.goldenCheck =
      test::checkpointFolder(kCheckpoint) + "/golden.safetensors";
  std::string path = compile("golden", options);
  auto outcomeWith = [&](const LoadOptions &options) {
    auto session = Session::create(test::load(path, options), {.threads = 2});
    EXPECT_TRUE(session) << session.status().message();
    auto outcome = checkGolden(*session);
    EXPECT_TRUE(outcome) << outcome.status().message();
    return **outcome;
  };
  GoldenOutcome right = outcomeWith({});
  EXPECT_TRUE(right.passed()) << right.agreement.meanKl;
  EXPECT_EQ(right.agreement.positions, 3);
  EXPECT_EQ(right.agreement.top1Agreement, 1);
  GoldenOutcome drawn = outcomeWith({.randomSeed = 1});
  EXPECT_FALSE(drawn.passed()) << drawn.agreement.meanKl;
}

TEST_F(Integrity, NoGoldenCheckIsNoOutcome) {
  auto session =
      Session::create(test::load(test::artifact(kCheckpoint)), {.threads = 2});
  ASSERT_TRUE(session) << session.status().message();
  auto outcome = checkGolden(*session);
  ASSERT_TRUE(outcome) << outcome.status().message();
  EXPECT_FALSE(outcome->has_value());
}
