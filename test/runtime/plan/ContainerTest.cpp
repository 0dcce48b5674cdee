//===- ContainerTest.cpp - damaged artifacts, by message ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Container.h"
#include "runtime/plan/PlanFile.h"
#include "test/runtime/plan/SamplePlan.h"
#include "test/runtime/storage/TempFolder.h"

#include <cstring>
#include <functional>

using namespace ingot;
using namespace ingot::test;
using storage::test::TempFolder;

namespace {

class ContainerTest : public testing::Test {
protected:
  ContainerTest() : path(writeSampleArtifact(folder.path(), makeSamplePlan())) {
    content = folder.read("model.ingot");
  }

  /// Changes the header and, unless told otherwise, makes the hash fit again.
  void editHeader(const std::function<void(ContainerHeader &)> &edit,
                  bool rehash = true) {
    ContainerHeader header;
    std::memcpy(&header, content.data(), sizeof(header));
    edit(header);
    if (rehash && header.hashedSize <= content.size())
      header.hash = hashArtifact(header, std::as_bytes(std::span(content)));
    std::memcpy(content.data(), &header, sizeof(header));
  }

  Status open() {
    folder.write("model.ingot", content);
    auto file = PlanFile::open(path);
    return file.status();
  }

  void expectRefused(const std::string &message,
                     StatusCode code = StatusCode::InvalidPlan) {
    Status status = open();
    EXPECT_EQ(status.code(), code);
    EXPECT_EQ(status.message(), path + ": " + message);
  }

  TempFolder folder;
  std::string path, content;
};

TEST_F(ContainerTest, UndamagedArtifactOpens) {
  auto file = PlanFile::open(path);
  ASSERT_TRUE(file) << file.status().message();
  EXPECT_EQ(file->plan().producer()->str(), "test");
  EXPECT_EQ(file->size(), content.size());
}

TEST_F(ContainerTest, FileShorterThanAHeader) {
  content.resize(63);
  expectRefused("artifact expects at least 64 bytes, got 63");
}

TEST_F(ContainerTest, AnotherKindOfFile) {
  content[0] = 'J';
  expectRefused("not an Ingot artifact: expects it to begin with 'INGOT'");
}

TEST_F(ContainerTest, AnotherVersionNamesBoth) {
  editHeader([](ContainerHeader &h) { h.version = 99; }, /*rehash=*/false);
  expectRefused("runtime expects plan version " + std::to_string(kPlanVersion) +
                    ", got 99; compile the checkpoint again",
                StatusCode::Incompatible);
}

TEST_F(ContainerTest, TruncatedFile) {
  std::string size = std::to_string(content.size());
  content.pop_back();
  expectRefused("header expects a file of " + size + " bytes, got " +
                std::to_string(content.size()));
}

TEST_F(ContainerTest, HashedPartLargerThanTheFile) {
  editHeader([](ContainerHeader &h) { h.hashedSize = ~0ull; });
  expectRefused("header expects hashed bytes of 64 to " +
                std::to_string(content.size()) + ", got 18446744073709551615");
}

TEST_F(ContainerTest, PlanOutsideTheHashedPart) {
  editHeader([](ContainerHeader &h) {
    h.hashedSize = 4096;
    h.planOffset = 128;
    h.planSize = 4000;
  });
  expectRefused("header expects the plan within the first 4096 bytes, got 4000 "
                "bytes at offset 128");
}

TEST_F(ContainerTest, OneFlippedBitAnywhereInTheHashedPart) {
  ContainerHeader header;
  std::memcpy(&header, content.data(), sizeof(header));
  for (uint64_t at :
       {header.planOffset, header.hashedSize / 2, header.hashedSize - 1}) {
    content[at] ^= 4;
    EXPECT_TRUE(
        open().message().starts_with(path + ": damaged: header expects hash "))
        << open().message();
    content[at] ^= 4;
  }
}

TEST_F(ContainerTest, PlanThatIsNoFlatbuffer) {
  std::memset(content.data() + 64, 0xff, 64);
  editHeader([](ContainerHeader &h) { h.planSize = 64; });
  expectRefused("plan expects a well-formed flatbuffer of type 'INGT', got 64 "
                "bytes that are not");
}

/// Offsets that the writer fills in, so that only damage can make them wrong.
class BlobOffsets : public ContainerTest {
protected:
  void editPlan(const std::function<void(fb::Plan &)> &edit) {
    edit(*flatbuffers::GetMutableRoot<fb::Plan>(content.data() + 64));
    editHeader([](ContainerHeader &) {});
  }

  /// Changes a field of module 0, which the writer has not left out.
  void setModule(flatbuffers::voffset_t field, uint64_t value) {
    editPlan([&](fb::Plan &plan) {
      auto &module = const_cast<fb::Module &>(*plan.modules()->Get(0));
      auto &table = reinterpret_cast<flatbuffers::Table &>(module);
      ASSERT_TRUE(table.SetField<uint64_t>(field, value, 0));
    });
  }

  uint64_t hashedSize() const {
    ContainerHeader header;
    std::memcpy(&header, content.data(), sizeof(header));
    return header.hashedSize;
  }

  uint64_t planEnd() const {
    ContainerHeader header;
    std::memcpy(&header, content.data(), sizeof(header));
    return header.planOffset + header.planSize;
  }
};

TEST_F(BlobOffsets, UnalignedModule) {
  setModule(fb::Module::VT_OFFSET, 4097);
  expectRefused("module 0 expects an offset aligned to 4096, got 4097");
}

TEST_F(BlobOffsets, ModuleOverThePlan) {
  setModule(fb::Module::VT_OFFSET, 0);
  expectRefused("module 0 expects a range within bytes " +
                std::to_string(planEnd()) + " to " +
                std::to_string(hashedSize()) + ", got 12 bytes at offset 0");
}

TEST_F(BlobOffsets, ModuleLargerThanTheHashedPart) {
  setModule(fb::Module::VT_SIZE, ~0ull);
  EXPECT_TRUE(
      open().message().ends_with(", got 18446744073709551615 bytes at offset " +
                                 std::to_string(hashedSize() - 12)))
      << open().message();
}

TEST_F(BlobOffsets, EmbeddedViewOverTheCode) {
  editPlan([&](fb::Plan &plan) {
    auto *view = plan.weights()->Get(Bias)->views()->Get(0);
    const_cast<fb::View &>(*view) = fb::View(kEmbedded, 4096, view->size());
  });
  expectRefused("weight 'bias' expects a view within bytes " +
                std::to_string(hashedSize()) + " to " +
                std::to_string(content.size()) +
                " of its file, got 16 bytes at offset 4096");
}

TEST_F(ContainerTest, AnyDamageBehindAFittingHashIsRefusedOrHarmless) {
  ContainerHeader header;
  std::memcpy(&header, content.data(), sizeof(header));
  const std::string original = content;
  // Whatever stands in the flatbuffer, opening must not read outside it
  // (sanitizers see that) nor take longer than the file is large.
  for (uint64_t at = 64; at < 64 + header.planSize; at += 13) {
    content = original;
    content[at] = char(content[at] + 0x81);
    editHeader([](ContainerHeader &) {});
    Status status = open();
    EXPECT_TRUE(status.ok() || status.message().starts_with(path + ": "))
        << status.message();
  }
}

} // namespace
