//===- MappedFileTest.cpp - Mapping files, and what cannot be mapped ------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/MappedFile.h"

#include "test/runtime/storage/TempFolder.h"

#include <array>
#include <sys/stat.h>
#include <unistd.h>

using namespace ingot;
using namespace ingot::storage;
using ingot::storage::test::TempFolder;

TEST(MappedFile, ShowsTheBytes) {
  TempFolder folder;
  auto file = MappedFile::open(folder.write("f", "abc"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 3u);
  EXPECT_EQ(file->text(), "abc");
  EXPECT_EQ(file->bytes()[2], std::byte('c'));
  EXPECT_EQ(file->path(), folder.path("f"));
}

TEST(MappedFile, EmptyFileIsFine) {
  TempFolder folder;
  auto file = MappedFile::open(folder.write("f", ""));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->size(), 0u);
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, BytesStayWhenTheObjectMoves) {
  TempFolder folder;
  auto first = MappedFile::open(folder.write("f", "abc"));
  auto second = MappedFile::open(folder.write("g", "xyz"));
  ASSERT_TRUE(first && second);
  const std::byte *before = first->bytes().data();
  *second = *std::move(first);
  EXPECT_EQ(second->bytes().data(), before);
  EXPECT_EQ(second->text(), "abc");
  // What is left behind maps nothing. NOLINTNEXTLINE(bugprone-use-after-move)
  EXPECT_EQ(first->size(), 0u);
}

TEST(MappedFile, MissingFileIsNotFound) {
  TempFolder folder;
  auto file = MappedFile::open(folder.path("none"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.status().code(), StatusCode::NotFound);
  EXPECT_EQ(file.status().message(), "cannot open '" + folder.path("none") +
                                         "': No such file or directory");
}

TEST(MappedFile, FolderIsRefused) {
  TempFolder folder;
  auto file = MappedFile::open(folder.path());
  ASSERT_FALSE(file);
  EXPECT_EQ(file.status().message(),
            "cannot map '" + folder.path() + "': expects a regular file");
}

TEST(MappedFile, PipeIsRefusedWithoutWaitingForAWriter) {
  TempFolder folder;
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  auto file = MappedFile::open(folder.path("pipe"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.status().code(), StatusCode::InvalidInput);
}

TEST(MappedFile, ReleasedPagesAreReadAgain) {
  TempFolder folder;
  std::string content(5 * 4096 + 100, 'x');
  content[2 * 4096] = 'y';
  folder.write("f", content);
  auto file = MappedFile::open(folder.path("f"));
  ASSERT_TRUE(file);
  ASSERT_EQ(file->text(), content);
  // From the middle of a page to the middle of another, and within one.
  releasePages(file->bytes().subspan(10, 4 * 4096));
  releasePages(file->bytes().subspan(7, 20));
  releasePages({});
  EXPECT_EQ(file->text(), content);
}

TEST(MappedFile, RangesAreRead) {
  TempFolder folder;
  auto file = MappedFile::open(folder.write("f", "abcdef"));
  ASSERT_TRUE(file);
  std::string got(3, ' ');
  ASSERT_TRUE(file->read(2, std::as_writable_bytes(std::span(got))).ok());
  EXPECT_EQ(got, "cde");
  EXPECT_TRUE(file->read(6, {}).ok());
}

TEST(MappedFile, FileThatBecameShorterIsNoFault) {
  TempFolder folder;
  auto file = MappedFile::open(folder.write("f", "abcdef"));
  ASSERT_TRUE(file);
  ASSERT_EQ(truncate(folder.path("f").c_str(), 4), 0);
  std::array<std::byte, 3> got;
  Status status = file->read(2, got);
  EXPECT_EQ(status.code(), StatusCode::Device);
  EXPECT_EQ(status.message(),
            "cannot read '" + folder.path("f") + "': expects 6 bytes, got 4");
}

TEST(MappedFile, ReadThatTheSystemRefuses) {
  TempFolder folder;
  auto file = MappedFile::open(folder.write("f", "abcdef"));
  ASSERT_TRUE(file);
  std::array<std::byte, 3> got;
  EXPECT_EQ(file->read(~uint64_t(0), got).message(),
            "cannot read '" + folder.path("f") + "': Invalid argument");
}
