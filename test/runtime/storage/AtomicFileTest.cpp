//===- AtomicFileTest.cpp - A file appears whole or not at all ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/AtomicFile.h"

#include "test/runtime/storage/TempFolder.h"

#include <csignal>
#include <limits>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ingot;
using namespace ingot::storage;
using ingot::storage::test::TempFolder;

TEST(AtomicFile, CommitReplacesTheOldFile) {
  TempFolder folder;
  std::string path = folder.write("f", "old");
  auto file = AtomicFile::create(path);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("new content").ok());
  EXPECT_EQ(folder.read("f"), "old");
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(folder.read("f"), "new content");
  EXPECT_EQ(folder.size(), 1u);
}

TEST(AtomicFile, WithoutCommitNothingIsLeft) {
  TempFolder folder;
  {
    auto file = AtomicFile::create(folder.path("f"));
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("half").ok());
    EXPECT_EQ(folder.size(), 1u);
  }
  EXPECT_EQ(folder.size(), 0u);
}

TEST(AtomicFile, PaddingReadsAsZerosEvenAtTheEnd) {
  TempFolder folder;
  auto file = AtomicFile::create(folder.path("f"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->padTo(4).ok());
  EXPECT_EQ(file->position(), 0u);
  ASSERT_TRUE(file->write("a").ok());
  ASSERT_TRUE(file->padTo(4).ok());
  EXPECT_EQ(file->position(), 4u);
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(folder.read("f"), std::string("a\0\0\0", 4));
}

TEST(AtomicFile, SeekGoesBackToFillIn) {
  TempFolder folder;
  auto file = AtomicFile::create(folder.path("f"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->seek(2).ok());
  ASSERT_TRUE(file->write("body").ok());
  ASSERT_TRUE(file->seek(0).ok());
  ASSERT_TRUE(file->write("h:").ok());
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(folder.read("f"), "h:body");
}

TEST(AtomicFile, SeekBeyondAnyFileIsRefused) {
  TempFolder folder;
  auto file = AtomicFile::create(folder.path("f"));
  ASSERT_TRUE(file);
  Status s = file->seek(std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(s.message(), "cannot seek in '" + folder.path("f") +
                             "' to 18446744073709551615: beyond the largest "
                             "file size");
}

TEST(AtomicFile, LeftoverOfACrashIsNoObstacle) {
  TempFolder folder;
  std::string leftover = "f.tmp-" + std::to_string(getpid());
  folder.write(leftover, "crashed");
  auto file = AtomicFile::create(folder.path("f"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("x").ok());
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(folder.read("f"), "x");
  EXPECT_EQ(folder.read(leftover), "crashed");
}

TEST(AtomicFile, MissingFolderIsNotFound) {
  TempFolder folder;
  auto file = AtomicFile::create(folder.path("none/f"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.status().code(), StatusCode::NotFound);
  EXPECT_EQ(file.status().message(),
            "cannot create '" + folder.path("none/f.tmp-") +
                std::to_string(getpid()) + "': No such file or directory");
}

TEST(AtomicFile, FolderIsNotReplaced) {
  TempFolder folder;
  folder.write("f/inner", "");
  auto file = AtomicFile::create(folder.path("f"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.status().message(),
            "cannot replace '" + folder.path("f") +
                "': expects a file or nothing there, got a folder");
}

// A rename would put a file where the device was, for everybody.
TEST(AtomicFile, DeviceIsNotReplaced) {
  auto file = AtomicFile::create("/dev/null");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.status().message(),
            "cannot replace '/dev/null': expects a file or nothing there, got "
            "a device");
}

TEST(AtomicFile, PipeIsNotReplaced) {
  TempFolder folder;
  ASSERT_EQ(mkfifo(folder.path("pipe").c_str(), 0600), 0);
  auto file = AtomicFile::create(folder.path("pipe"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.status().message(),
            "cannot replace '" + folder.path("pipe") +
                "': expects a file or nothing there, got a pipe or socket");
}

/// A limit on file sizes stands in for a full disk: write and ftruncate fail in
/// the same way.
class FullDisk {
public:
  explicit FullDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before);
    previous = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {bytes, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, previous);
  }

private:
  rlimit before;
  void (*previous)(int);
};

TEST(AtomicFile, FullDiskIsAStatusAndLeavesNothing) {
  TempFolder folder;
  {
    auto file = AtomicFile::create(folder.path("f"));
    ASSERT_TRUE(file);
    FullDisk full(2);
    Status s = file->write("abc");
    EXPECT_EQ(s.code(), StatusCode::Device);
    EXPECT_EQ(s.message(), "cannot write '" + folder.path("f.tmp-") +
                               std::to_string(getpid()) + "': File too large");
  }
  EXPECT_EQ(folder.size(), 0u);
}

TEST(AtomicFile, FullDiskIsSeenByTheFinalPaddingToo) {
  TempFolder folder;
  auto file = AtomicFile::create(folder.path("f"));
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->seek(4096).ok());
  FullDisk full(2);
  EXPECT_EQ(file->commit().message(),
            "cannot extend '" + folder.path("f.tmp-") +
                std::to_string(getpid()) + "': File too large");
}
