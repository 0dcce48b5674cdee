//===- SafeTensorsHeaderTest.cpp - Every lie a header can tell ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/SafeTensorsHeader.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::storage;

/// The message for `header` over a data section of `dataBytes` bytes.
static std::string errorOf(std::string_view header, uint64_t dataBytes = 8) {
  auto parsed = parseSafeTensorsHeader(header, "f", 100, 100 + dataBytes);
  return parsed ? "no error" : parsed.status().message();
}

TEST(SafeTensorsHeader, OffsetsCountFromTheStartOfTheFile) {
  auto header = parseSafeTensorsHeader(
      R"({"b": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [4, 8]},
          "a": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]},
          "__metadata__": {"format": "pt"}})",
      "f", 100, 108);
  ASSERT_TRUE(header) << header.status().message();
  ASSERT_EQ(header->tensors.size(), 2u);
  const TensorInfo &a = header->tensors[0], &b = header->tensors[1];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.type, ElementType::F32);
  EXPECT_TRUE(a.shape.empty());
  EXPECT_EQ(a.fileOffset, 100u);
  EXPECT_EQ(b.name, "b");
  EXPECT_EQ(b.shape, (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(b.fileOffset, 104u);
  EXPECT_EQ(b.bytes, 4u);
  EXPECT_EQ(header->metadata.at("format"), "pt");
}

TEST(SafeTensorsHeader, EmptyTensorsTakeNoRoom) {
  EXPECT_EQ(errorOf(
                R"({"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
              "b": {"dtype": "F32", "shape": [0, 5], "data_offsets": [0, 0]},
              "c": {"dtype": "F32", "shape": [0], "data_offsets": [8, 8]}})"),
            "no error");
  EXPECT_EQ(errorOf("{}", 0), "no error");
}

TEST(SafeTensorsHeader, HeaderThatIsNoObject) {
  EXPECT_EQ(errorOf("[]"), "f: header expects an object, got array");
}

TEST(SafeTensorsHeader, DuplicateName) {
  EXPECT_EQ(
      errorOf(R"({"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
                  "a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}})"),
      "f: key 'a' stands twice in one object");
}

TEST(SafeTensorsHeader, NestingDeeperThanTheFormat) {
  EXPECT_EQ(errorOf(R"({"a": {"shape": [[1]]}})"),
            "f: expects at most 3 nested levels of JSON, got more");
}

TEST(SafeTensorsHeader, TensorThatIsNoObject) {
  EXPECT_EQ(errorOf(R"({"a": 3})"),
            "f: tensor 'a' expects an object, got number 3");
}

TEST(SafeTensorsHeader, MissingType) {
  EXPECT_EQ(errorOf(R"({"a": {"shape": [1], "data_offsets": [0, 8]}})"),
            "f: tensor 'a' expects a string dtype, got null");
}

TEST(SafeTensorsHeader, UnknownType) {
  EXPECT_EQ(errorOf(R"({"a": {"dtype": "F7"}})"),
            "f: tensor 'a' has unknown dtype 'F7'");
}

TEST(SafeTensorsHeader, ShapeThatIsNoArray) {
  EXPECT_EQ(errorOf(R"({"a": {"dtype": "F32", "shape": 2}})"),
            "f: tensor 'a' expects a shape array, got number 2");
}

TEST(SafeTensorsHeader, ExtentsThatAreNoCounts) {
  for (const char *extent : {"-1", "1.5", "9223372036854775808"})
    EXPECT_EQ(errorOf(std::string(R"({"a": {"dtype": "F32", "shape": [)") +
                      extent + "]}}"),
              std::string("f: tensor 'a' expects extents from 0 to 2^63 - 1, "
                          "got number ") +
                  (extent[0] == '9' ? "9223372036854775808" : extent));
}

TEST(SafeTensorsHeader, SizeThatOverflows) {
  // 4 * 2^32 * 2^32 is 0 in 64 bits.
  EXPECT_EQ(
      errorOf(
          R"({"a": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]}})"),
      "f: tensor 'a' has a shape whose size overflows");
}

TEST(SafeTensorsHeader, OffsetsThatAreNotTwoCounts) {
  auto message = [](const char *offsets) {
    return errorOf(
        std::string(
            R"({"a": {"dtype": "F64", "shape": [1], "data_offsets": )") +
        offsets + "}}");
  };
  const std::string expected =
      "f: tensor 'a' expects data_offsets of two byte counts, got ";
  EXPECT_EQ(message("[0]"), expected + "'[0]'");
  EXPECT_EQ(message("[-8, 0]"), expected + "'[-8,0]'");
  EXPECT_EQ(message("[0, 8, 16]"), expected + "'[0,8,16]'");
  EXPECT_EQ(message("8"), expected + "number 8");
}

TEST(SafeTensorsHeader, OffsetsOutsideTheData) {
  EXPECT_EQ(
      errorOf(
          R"({"a": {"dtype": "F64", "shape": [1], "data_offsets": [8, 16]}})"),
      "f: tensor 'a' expects data_offsets within [0, 8], got [8, 16]");
  EXPECT_EQ(
      errorOf(
          R"({"a": {"dtype": "F64", "shape": [1], "data_offsets": [8, 0]}})"),
      "f: tensor 'a' expects data_offsets within [0, 8], got [8, 0]");
}

TEST(SafeTensorsHeader, SizeThatDiffersFromTheShape) {
  EXPECT_EQ(
      errorOf(
          R"({"a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}})"),
      "f: tensor 'a' expects 12 bytes, got 8");
}

TEST(SafeTensorsHeader, OverlappingTensors) {
  EXPECT_EQ(
      errorOf(R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
                  "b": {"dtype": "U8", "shape": [6], "data_offsets": [2, 8]}})"),
      "f: tensor 'b' overlaps tensor 'a'");
}

TEST(SafeTensorsHeader, HoleBetweenTensors) {
  EXPECT_EQ(
      errorOf(R"({"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},
                  "b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}})"),
      "f: tensor 'b' expects to begin at byte 1 of the data, got 4");
}

TEST(SafeTensorsHeader, BytesBehindTheLastTensor) {
  EXPECT_EQ(
      errorOf(
          R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}})"),
      "f: expects 4 bytes of data, got 8");
}

TEST(SafeTensorsHeader, MetadataMapsTextToText) {
  EXPECT_EQ(errorOf(R"({"__metadata__": []})"),
            "f: __metadata__ expects an object, got array");
  EXPECT_EQ(errorOf(R"({"__metadata__": {"k": 1}})"),
            "f: __metadata__ 'k' expects a string, got number 1");
}

TEST(SafeTensorsHeader, NamesAreEscapedInMessages) {
  EXPECT_EQ(errorOf("{\"\\u001b[2J\": 1}"),
            "f: tensor '\\x1b[2J' expects an object, got number 1");
}
