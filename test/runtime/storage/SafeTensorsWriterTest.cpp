//===- SafeTensorsWriterTest.cpp - What is written reads back -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/SafeTensorsWriter.h"

#include "runtime/storage/SafeTensors.h"
#include "test/runtime/storage/TempFolder.h"

#include <algorithm>

using namespace ingot;
using namespace ingot::storage;
using ingot::storage::test::TempFolder;

static std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text));
}

TEST(SafeTensorsWriter, WhatIsWrittenReadsBack) {
  TempFolder folder;
  std::string path = folder.path("f");
  const TensorToWrite tensors[] = {
      {{"z", ElementType::F32, {1, 2}}, bytesOf("12345678")},
      {{"a \"quoted\" ü", ElementType::F8_E4M3, {3}}, bytesOf("abc")},
      {{"empty", ElementType::I64, {0}}, {}},
  };
  ASSERT_TRUE(writeSafeTensors(path, tensors, {{"k", "v"}}).ok());
  EXPECT_EQ(folder.size(), 1u);

  auto file = SafeTensors::open(path);
  ASSERT_TRUE(file) << file.status().message();
  EXPECT_EQ(file->metadata().at("k"), "v");
  EXPECT_EQ(file->tensors().size(), 3u);
  for (const TensorToWrite &tensor : tensors) {
    const TensorInfo *info = file->find(tensor.declaration.name);
    ASSERT_NE(info, nullptr) << tensor.declaration.name;
    EXPECT_EQ(info->type, tensor.declaration.type);
    EXPECT_EQ(info->shape, tensor.declaration.shape);
    EXPECT_TRUE(std::ranges::equal(file->data(*info), tensor.data));
  }
  EXPECT_EQ(file->find("z")->fileOffset % 8, 0u) << "data is not aligned";
}

TEST(SafeTensorsWriter, FileWithoutTensors) {
  TempFolder folder;
  ASSERT_TRUE(writeSafeTensors(folder.path("f"), {}).ok());
  auto file = SafeTensors::open(folder.path("f"));
  ASSERT_TRUE(file) << file.status().message();
  EXPECT_TRUE(file->tensors().empty());
}

TEST(SafeTensorsWriter, PiecesMayCrossTensors) {
  TempFolder folder;
  auto writer = SafeTensorsWriter::create(
      folder.path("f"),
      {{"a", ElementType::U8, {2}}, {"b", ElementType::U8, {2}}});
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(bytesOf("1")).ok());
  ASSERT_TRUE(writer->write(bytesOf("234")).ok());
  ASSERT_TRUE(writer->finish().ok());
  auto file = SafeTensors::open(folder.path("f"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->data(*file->find("b"))[0], std::byte('3'));
}

TEST(SafeTensorsWriter, TooManyBytesAreRefused) {
  TempFolder folder;
  auto writer = SafeTensorsWriter::create(folder.path("f"),
                                          {{"a", ElementType::U8, {2}}});
  ASSERT_TRUE(writer);
  EXPECT_EQ(writer->write(bytesOf("123")).message(),
            folder.path("f") + ": expects 2 more bytes of data, got 3");
}

TEST(SafeTensorsWriter, MissingBytesLeaveNoFile) {
  TempFolder folder;
  {
    auto writer = SafeTensorsWriter::create(folder.path("f"),
                                            {{"a", ElementType::U8, {2}}});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(bytesOf("1")).ok());
    EXPECT_EQ(writer->finish().message(),
              folder.path("f") + ": 1 declared bytes of data were not written");
  }
  EXPECT_EQ(folder.size(), 0u);
}

static std::string
errorOf(const std::vector<TensorDeclaration> &tensors,
        const std::map<std::string, std::string> &metadata = {}) {
  TempFolder folder;
  auto writer = SafeTensorsWriter::create(folder.path("f"), tensors, metadata);
  EXPECT_EQ(folder.size(), writer ? 1u : 0u);
  if (writer)
    return "no error";
  return writer.status().message().substr(folder.path("f").size());
}

static TensorDeclaration byteNamed(std::string name) {
  return {std::move(name), ElementType::U8, {1}};
}

TEST(SafeTensorsWriter, DuplicateName) {
  EXPECT_EQ(errorOf({byteNamed("a"), byteNamed("a")}),
            ": tensor 'a' is declared twice");
}

TEST(SafeTensorsWriter, ReservedName) {
  EXPECT_EQ(errorOf({byteNamed("__metadata__")}),
            ": tensor '__metadata__' has a reserved name");
}

TEST(SafeTensorsWriter, NameThatIsNotUtf8) {
  EXPECT_EQ(errorOf({byteNamed("\xff")}),
            ": tensor '\xff' expects a name in UTF-8");
}

TEST(SafeTensorsWriter, MetadataThatIsNotUtf8) {
  EXPECT_EQ(errorOf({}, {{"k", "\xff"}}), ": metadata 'k' expects UTF-8");
}

TEST(SafeTensorsWriter, ShapeWithoutASize) {
  const std::string expected =
      ": tensor 'a' has a negative extent or too large a size";
  EXPECT_EQ(errorOf({{"a", ElementType::U8, {-1}}}), expected);
  EXPECT_EQ(errorOf({{"a", ElementType::F64, {int64_t(1) << 61}}}), expected);
}

TEST(SafeTensorsWriter, DataOfTheWrongSize) {
  TempFolder folder;
  const TensorToWrite tensor = {{"a", ElementType::F32, {2}}, bytesOf("1234")};
  EXPECT_EQ(writeSafeTensors(folder.path("f"), {&tensor, 1}).message(),
            folder.path("f") + ": tensor 'a' expects 8 bytes, got 4");
  EXPECT_EQ(folder.size(), 0u);
}
