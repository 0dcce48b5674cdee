//===- JsonTest.cpp - JSON that readers could disagree about --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Json.h"

#include "test/runtime/storage/TempFolder.h"

#include <nlohmann/json.hpp>

using namespace ingot;
using namespace ingot::storage;
using ingot::storage::test::TempFolder;

static std::string errorOf(std::string_view text, size_t maxDepth = 32) {
  auto json = parseJson(text, "f", maxDepth);
  return json ? "no error" : json.status().message();
}

TEST(Json, BuildsTheSameDocumentAsTheLibrary) {
  constexpr const char *text =
      R"({"a": [1, -2, 3.5, [], {}], "b": {"c": null, "d": [true, "x"]}, "e": 18446744073709551615})";
  auto json = parseJson(text, "f");
  ASSERT_TRUE(json);
  EXPECT_EQ(*json, nlohmann::json::parse(text));
}

TEST(Json, DuplicateKeyIsRefused) {
  EXPECT_EQ(errorOf(R"({"x": {"a": 1, "b": 2, "a": 1}})"),
            "f: key 'a' stands twice in one object");
}

TEST(Json, SameKeyInDifferentObjectsIsFine) {
  EXPECT_TRUE(parseJson(R"([{"a": 1}, {"a": {"a": 2}}])", "f"));
}

TEST(Json, DepthIsLimited) {
  EXPECT_EQ(errorOf("[[1]]", 2), "no error");
  EXPECT_EQ(errorOf("[[[1]]]", 2),
            "f: expects at most 2 nested levels of JSON, got more");
  EXPECT_EQ(errorOf(std::string(10'000'000, '[')),
            "f: expects at most 32 nested levels of JSON, got more");
}

TEST(Json, MalformedTextSaysWhere) {
  EXPECT_EQ(errorOf(R"({"a": tru})"),
            "f: malformed JSON at byte 10, near '\"a\": tru}'");
  EXPECT_EQ(errorOf(""), "f: malformed JSON at byte 1, near ''");
  EXPECT_EQ(errorOf("{} {}"), "f: malformed JSON at byte 4, near '{} {'");
}

TEST(Json, InvalidUtf8IsMalformed) {
  EXPECT_EQ(errorOf("[\"\xff\"]").substr(0, 27), "f: malformed JSON at byte 3");
}

TEST(Json, NumberTooLargeForADoubleIsMalformed) {
  EXPECT_EQ(errorOf("[1e999]").substr(0, 17), "f: malformed JSON");
}

TEST(Json, ReadNamesTheFile) {
  TempFolder folder;
  std::string path = folder.write("c.json", "[1");
  auto json = readJson(path);
  ASSERT_FALSE(json);
  EXPECT_EQ(json.status().message(),
            path + ": malformed JSON at byte 3, near '1'");
}

TEST(Json, HugeFileIsRefusedBeforeItIsParsed) {
  TempFolder folder;
  std::string path = folder.write("c.json", "");
  // Sparse: takes no room on the disk.
  std::filesystem::resize_file(path, maxJsonBytes + 1);
  auto json = readJson(path);
  ASSERT_FALSE(json);
  EXPECT_EQ(json.status().message(),
            path + ": expects at most 268435456 bytes of JSON, got 268435457");
}

TEST(Json, DescribeQuotesWhatIsShort) {
  EXPECT_EQ(describe("x"), "string 'x'");
  EXPECT_EQ(describe(3), "number 3");
  EXPECT_EQ(describe(0.5), "number 0.5");
  EXPECT_EQ(describe(true), "true");
  EXPECT_EQ(describe(nullptr), "null");
  EXPECT_EQ(describe(nlohmann::json::array({1})), "array");
  EXPECT_EQ(describe(nlohmann::json::object()), "object");
}
