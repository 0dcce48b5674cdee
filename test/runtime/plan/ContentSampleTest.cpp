//===- ContentSampleTest.cpp - changes that must be noticed ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/ContentSample.h"
#include "runtime/storage/SafeTensors.h"
#include "test/runtime/storage/TempFolder.h"

#include <vector>

using namespace ingot;
using storage::test::TempFolder;

namespace {

TEST(ContentSample, EveryByteOfASmallFileCounts) {
  std::vector<std::byte> file(1000, std::byte(7));
  uint64_t hash = sampleContent(file);
  EXPECT_EQ(sampleContent(file), hash);
  for (size_t i : {0u, 500u, 999u}) {
    file[i] ^= std::byte(1);
    EXPECT_NE(sampleContent(file), hash) << "byte " << i;
    file[i] ^= std::byte(1);
  }
}

TEST(ContentSample, EmptyFileHasAHash) { EXPECT_NE(sampleContent({}), 0u); }

TEST(ContentSample, LargeFileIsSampledInEvery64thOfIt) {
  // 64 KiB of each 100,000 bytes are read: a change of that size is seen.
  const size_t part = 100000;
  std::vector<std::byte> file(64 * part, std::byte(7));
  uint64_t hash = sampleContent(file);
  for (size_t i : {0u, 31u, 63u}) {
    std::fill_n(file.begin() + i * part, part, std::byte(8));
    EXPECT_NE(sampleContent(file), hash) << "part " << i;
    std::fill_n(file.begin() + i * part, part, std::byte(7));
  }
}

TEST(ContentSample, PlacesAreTheSameOnEveryMachine) {
  std::vector<std::byte> file(5 << 20);
  for (size_t i = 0; i < file.size(); ++i)
    file[i] = std::byte(i * 2654435761u >> 24);
  EXPECT_EQ(sampleContent(file), 8275627983347502993u);
}

TEST(ContentHash, IsThatOfThePartsTogether) {
  std::vector<std::byte> file(1000, std::byte(7));
  std::span<const std::byte> all = file;
  std::span<const std::byte> parts[] = {all.first(1), all.subspan(1, 0),
                                        all.subspan(1)};
  EXPECT_EQ(hashContent(parts), hashContent({&all, 1}));
  uint64_t hash = hashContent(parts);
  file[999] ^= std::byte(1);
  EXPECT_NE(hashContent(parts), hash);
}

TEST(HeaderHash, IsThatOfTheReader) {
  TempFolder folder;
  std::string content = storage::test::safeTensorsFile(
      R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})",
      "1234");
  auto file = storage::SafeTensors::open(folder.write("f", content));
  ASSERT_TRUE(file) << file.status().message();
  EXPECT_EQ(hashSafeTensorsHeader(std::as_bytes(std::span(content))),
            file->headerHash());
}

TEST(HeaderHash, FileTooShortForItsHeaderHasNone) {
  std::string content = storage::test::safeTensorsFile("{}", "");
  content.pop_back();
  EXPECT_FALSE(hashSafeTensorsHeader(std::as_bytes(std::span(content))));
  EXPECT_FALSE(
      hashSafeTensorsHeader(std::as_bytes(std::span(content)).first(7)));
}

} // namespace
