//===- Utf8Test.cpp - UTF-8, well-formed and not ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Utf8.h"

#include <gtest/gtest.h>

using namespace ingot::text;

namespace {

std::string replaced(std::string_view bytes) {
  std::string text;
  EXPECT_EQ(appendLossyUtf8(bytes, /*keepCutOff=*/false,
                            /*replaceEachByte=*/false, text),
            bytes.size());
  return text;
}

TEST(Utf8, ReadsEachLength) {
  std::string text = "a\u00E9\u4F60\U0001F680";
  EXPECT_EQ(readUtf8(text, 0).codePoint, 0x61u);
  EXPECT_EQ(readUtf8(text, 1).codePoint, 0xE9u);
  EXPECT_EQ(readUtf8(text, 3).codePoint, 0x4F60u);
  EXPECT_EQ(readUtf8(text, 6).codePoint, 0x1F680u);
  EXPECT_EQ(readUtf8(text, 6).length, 4u);
}

TEST(Utf8, AppendsWhatItReads) {
  for (uint32_t codePoint :
       {0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xFFFFu, 0x10000u, 0x10FFFFu}) {
    std::string text;
    appendUtf8(codePoint, text);
    EXPECT_EQ(readUtf8(text, 0).codePoint, codePoint);
    EXPECT_EQ(readUtf8(text, 0).length, text.size());
  }
}

TEST(Utf8, SurrogateIsNoCharacter) {
  std::string text;
  appendUtf8(0xD800, text);
  EXPECT_EQ(text, "\uFFFD");
  EXPECT_FALSE(readUtf8("\xED\xA0\x80", 0).valid);
}

TEST(Utf8, OverlongFormIsInvalid) {
  EXPECT_EQ(findInvalidUtf8("ab\xC0\xAF"), 2u);
  EXPECT_EQ(findInvalidUtf8("\xE0\x80\xAF"), 0u);
}

TEST(Utf8, CodePointOverTheLastIsInvalid) {
  EXPECT_EQ(findInvalidUtf8("\xF4\x90\x80\x80"), 0u);
}

TEST(Utf8, ValidTextHasNoInvalidByte) {
  EXPECT_EQ(findInvalidUtf8("naïve 你好"), std::string_view::npos);
}

// The expected texts are what Python's bytes.decode(errors="replace") gives.
TEST(Utf8, ReplacesEachMaximalPart) {
  EXPECT_EQ(replaced("a\xE4\xBD"), "a\uFFFD");
  EXPECT_EQ(replaced("\xE4\xBDz"), "\uFFFDz");
  EXPECT_EQ(replaced("\xF0\x9F\x9A\xF0\x9F"), "\uFFFD\uFFFD");
  EXPECT_EQ(replaced("\x80\x80"), "\uFFFD\uFFFD");
  EXPECT_EQ(replaced("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
}

TEST(Utf8, ReplacesEachByteIfAskedTo) {
  std::string text;
  EXPECT_EQ(appendLossyUtf8("\xE4\xBDz\xFF", /*keepCutOff=*/false,
                            /*replaceEachByte=*/true, text),
            4u);
  EXPECT_EQ(text, "\uFFFD\uFFFDz\uFFFD");
}

TEST(Utf8, KeepsACharacterThatTheEndCutsOff) {
  std::string text;
  EXPECT_EQ(appendLossyUtf8("a\xF0\x9F", /*keepCutOff=*/true,
                            /*replaceEachByte=*/false, text),
            1u);
  EXPECT_EQ(text, "a");
}

} // namespace
