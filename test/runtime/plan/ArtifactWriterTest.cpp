//===- ArtifactWriterTest.cpp - what is written comes back ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/ArtifactWriter.h"
#include "runtime/plan/PlanFile.h"
#include "test/runtime/plan/SamplePlan.h"
#include "test/runtime/storage/TempFolder.h"

#include <algorithm>

using namespace ingot;
using namespace ingot::test;
using storage::test::TempFolder;

namespace {

class ArtifactWriterTest : public testing::Test {
protected:
  Blob inMemory(const std::string &text) {
    return {.bytes = std::as_bytes(std::span(text))};
  }

  std::string write(std::vector<Blob> blobs) {
    return writeArtifact(path, plan, blobs).message();
  }

  std::string blobText(const PlanFile &file, uint64_t offset, uint64_t size) {
    auto bytes = file.blob(offset, size);
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
  }

  TempFolder folder;
  std::string path = folder.path("model.ingot");
  fb::PlanT plan = makeSamplePlan();
  std::string module = "module", bias = "sixteen bytes ..";
};

TEST_F(ArtifactWriterTest, BlobsComeBackAtPageAlignedOffsets) {
  module.assign(5000, 'm');
  ASSERT_EQ(write({inMemory(module), inMemory(bias)}), "");
  auto file = PlanFile::open(path);
  ASSERT_TRUE(file) << file.status().message();
  const fb::Module &read = *file->plan().modules()->Get(0);
  EXPECT_EQ(read.offset() % 4096, 0u);
  EXPECT_EQ(blobText(*file, read.offset(), read.size()), module);
  const fb::View &view = *file->plan().weights()->Get(Bias)->views()->Get(0);
  EXPECT_EQ(view.offset() % 4096, 0u);
  EXPECT_EQ(blobText(*file, view.offset(), view.size()), bias);
}

TEST_F(ArtifactWriterTest, EmbeddedWeightsStreamFromFiles) {
  Blob range{.path = folder.write("weights", "xx" + bias + "yy"),
             .offset = 2,
             .size = 16};
  ASSERT_EQ(write({inMemory(module), range}), "");
  auto file = PlanFile::open(path);
  ASSERT_TRUE(file) << file.status().message();
  const fb::View &view = *file->plan().weights()->Get(Bias)->views()->Get(0);
  EXPECT_EQ(blobText(*file, view.offset(), view.size()), bias);
}

TEST_F(ArtifactWriterTest, SameInputGivesSameBytes) {
  ASSERT_EQ(write({inMemory(module), inMemory(bias)}), "");
  std::string first = folder.read("model.ingot");
  plan = makeSamplePlan();
  ASSERT_EQ(write({inMemory(module), inMemory(bias)}), "");
  EXPECT_EQ(folder.read("model.ingot"), first);
}

TEST_F(ArtifactWriterTest, MissingBlob) {
  EXPECT_EQ(write({inMemory(module)}),
            path +
                ": plan expects 1 modules and 1 embedded views, got 1 blobs");
  EXPECT_EQ(folder.size(), 0u);
}

TEST_F(ArtifactWriterTest, ModuleFromAFile) {
  Blob range{.path = "m.so", .offset = 0, .size = 6};
  EXPECT_EQ(write({range, inMemory(bias)}),
            path + ": module 0 expects its bytes in memory, got file 'm.so'");
}

TEST_F(ArtifactWriterTest, EmbeddedViewOfAnotherSize) {
  EXPECT_EQ(write({inMemory(module), inMemory(module)}),
            path + ": embedded view 0 expects 16 bytes, got 6");
}

TEST_F(ArtifactWriterTest, RangeOutsideItsFileLeavesNothingBehind) {
  Blob range{.path = folder.write("weights", bias), .offset = 1, .size = 16};
  EXPECT_EQ(write({inMemory(module), range}),
            range.path + ": embedded weight expects 16 bytes at offset 1, got "
                         "a file of 16");
  EXPECT_EQ(folder.size(), 1u);
}

} // namespace
