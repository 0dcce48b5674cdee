//===- SafeTensorsTest.cpp - Opening safetensors files --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/SafeTensors.h"

#include "test/runtime/storage/TempFolder.h"

#include <cmath>
#include <cstring>

using namespace ingot;
using namespace ingot::storage;
using ingot::storage::test::safeTensorsFile;
using ingot::storage::test::TempFolder;

constexpr const char *oneTensor =
    R"({"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}})";

TEST(SafeTensors, ReadsAPublishedLayout) {
  auto file = SafeTensors::open(INGOT_TEST_MODELS
                                "/deepseek-v3-tiny/model.safetensors");
  ASSERT_TRUE(file) << file.status().message();
  const TensorInfo *norm = file->find("model.norm.weight");
  ASSERT_NE(norm, nullptr);
  EXPECT_EQ(norm->type, ElementType::BF16);
  EXPECT_EQ(norm->shape, std::vector<int64_t>{256});
  EXPECT_EQ(file->data(*norm).size(), 512u);
  const TensorInfo *quantized =
      file->find("model.layers.0.self_attn.q_a_proj.weight");
  ASSERT_NE(quantized, nullptr);
  EXPECT_EQ(quantized->type, ElementType::F8_E4M3);
  EXPECT_EQ(file->find("model.norm"), nullptr);
  EXPECT_EQ(file->tensors().back().fileOffset + file->tensors().back().bytes,
            file->file().size());
}

TEST(SafeTensors, DataIsWhereTheHeaderSays) {
  auto file = SafeTensors::open(INGOT_TEST_MODELS
                                "/deepseek-v3-tiny/golden.safetensors");
  ASSERT_TRUE(file) << file.status().message();
  const TensorInfo *margins = file->find("greedy0_margin");
  ASSERT_NE(margins, nullptr);
  std::span<const std::byte> data = file->data(*margins);
  ASSERT_EQ(data.size(), 32 * sizeof(float));
  // The gap between the best and the second logit: positive by definition.
  for (size_t i = 0; i < 32; ++i) {
    float margin;
    std::memcpy(&margin, data.data() + i * sizeof(float), sizeof(float));
    EXPECT_TRUE(std::isfinite(margin) && margin > 0) << margin;
  }
}

TEST(SafeTensors, PointersSurviveAMove) {
  TempFolder folder;
  auto file =
      SafeTensors::open(folder.write("f", safeTensorsFile(oneTensor, "xy")));
  ASSERT_TRUE(file);
  const TensorInfo *info = file->find("a");
  SafeTensors moved = *std::move(file);
  EXPECT_EQ(moved.find("a"), info);
  EXPECT_EQ(moved.data(*info)[1], std::byte('y'));
}

TEST(SafeTensors, HashCoversTheHeaderAndNotTheData) {
  TempFolder folder;
  auto hash = [&](std::string_view header, std::string_view data) {
    auto file =
        SafeTensors::open(folder.write("f", safeTensorsFile(header, data)));
    return file ? file->headerHash() : 0;
  };
  EXPECT_EQ(hash(oneTensor, "xy"), hash(oneTensor, "zz"));
  EXPECT_NE(hash(oneTensor, "xy"), hash(std::string(oneTensor) + " ", "xy"));
  // Plans store this value: another hash function or seed would orphan them.
  EXPECT_EQ(hash("{}", ""), 0x1349cde127705c16u);
}

TEST(SafeTensors, ForeignTensorGetsNoBytes) {
  TempFolder folder;
  auto file =
      SafeTensors::open(folder.write("f", safeTensorsFile(oneTensor, "xy")));
  ASSERT_TRUE(file);
  TensorInfo foreign = *file->find("a");
  foreign.bytes += 1;
  EXPECT_TRUE(file->data(foreign).empty());
  foreign.fileOffset = ~uint64_t(0);
  EXPECT_TRUE(file->data(foreign).empty());
}

static std::string errorOf(const std::string &content) {
  TempFolder folder;
  std::string path = folder.write("f", content);
  auto file = SafeTensors::open(path);
  if (file)
    return "no error";
  std::string message = file.status().message();
  return message.compare(0, path.size(), path) == 0
             ? message.substr(path.size())
             : message;
}

TEST(SafeTensors, FileWithoutRoomForALength) {
  EXPECT_EQ(errorOf("1234567"), ": expects at least 8 bytes, got 7");
}

TEST(SafeTensors, HeaderLongerThanTheFile) {
  EXPECT_EQ(errorOf(std::string("\x03\0\0\0\0\0\0\0{}", 10)),
            ": header of 3 bytes does not fit in a file of 10");
}

TEST(SafeTensors, HeaderLongerThanTheFormatAllows) {
  EXPECT_EQ(errorOf(std::string(8, '\xff')),
            ": expects a header of at most 100000000 bytes, got "
            "18446744073709551615");
}

TEST(SafeTensors, TruncatedData) {
  EXPECT_EQ(errorOf(safeTensorsFile(oneTensor, "x")),
            ": tensor 'a' expects data_offsets within [0, 1], got [0, 2]");
}

TEST(SafeTensors, MissingFile) {
  TempFolder folder;
  EXPECT_EQ(SafeTensors::open(folder.path("none")).status().code(),
            StatusCode::NotFound);
}
