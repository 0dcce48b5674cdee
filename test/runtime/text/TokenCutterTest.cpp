//===- TokenCutterTest.cpp - added tokens and their flags -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/TokenCutter.h"

#include <gtest/gtest.h>

#include <chrono>

using namespace ingot::text;

namespace {

/// Stretches of `text`, tokens as "#ID".
std::vector<std::string> cut(const std::vector<AddedToken> &tokens,
                             std::string_view text) {
  TokenCutter cutter;
  for (const AddedToken &token : tokens)
    EXPECT_TRUE(cutter.insert(token.content, token));
  std::vector<std::string> parts;
  for (const TextSection &section : cutter.cut(text))
    parts.push_back(section.id < 0 ? std::string(section.text)
                                   : "#" + std::to_string(section.id));
  return parts;
}

using Parts = std::vector<std::string>;
const AddedToken plain{.id = 1, .content = "<x>"};
const AddedToken word{.id = 2, .content = "an", .singleWord = true};
const AddedToken left{.id = 3, .content = "<l>", .stripLeft = true};
const AddedToken right{.id = 4, .content = "<r>", .stripRight = true};

TEST(TokenCutter, TextWithoutTokensIsOneSection) {
  EXPECT_EQ(cut({plain}, "a <x"), Parts({"a <x"}));
  EXPECT_EQ(cut({plain}, ""), Parts());
}

TEST(TokenCutter, TokensSideBySideHaveNothingBetween) {
  EXPECT_EQ(cut({plain}, "<x><x>a"), Parts({"#1", "#1", "a"}));
}

TEST(TokenCutter, PlainTokensKeepTheSpaceAround) {
  EXPECT_EQ(cut({plain}, "a <x> b"), Parts({"a ", "#1", " b"}));
}

TEST(TokenCutter, StripsTheSpaceOfItsSide) {
  EXPECT_EQ(cut({left}, "a \t\u3000<l> b"), Parts({"a", "#3", " b"}));
  EXPECT_EQ(cut({right}, "a <r> \n\u00a0b"), Parts({"a ", "#4", "b"}));
}

TEST(TokenCutter, SpaceBetweenTokensIsTakenOnce) {
  EXPECT_EQ(cut({left, right}, "<r>  <l>"), Parts({"#4", "#3"}));
}

TEST(TokenCutter, TokenInsideTheSpaceOfAnother) {
  AddedToken tab{.id = 5, .content = "\t"};
  EXPECT_EQ(cut({right, tab}, "<r> \ta"), Parts({"#4", "#5", "a"}));
}

TEST(TokenCutter, SingleWordStandsAlone) {
  EXPECT_EQ(cut({word}, "an"), Parts({"#2"}));
  EXPECT_EQ(cut({word}, "(an) an-"), Parts({"(", "#2", ") ", "#2", "-"}));
}

TEST(TokenCutter, PartOfAWordIsNoSingleWord) {
  for (const char *text : {"ant", "can", "an_", "an1", "éan", "an\u0301",
                           "an\u200d", "an\u24b6", "an你"})
    EXPECT_EQ(cut({word}, text), Parts({text}));
}

// What was no word is passed over as a whole: "n" is not looked for in it.
TEST(TokenCutter, RefusedWordHidesWhatItCovers) {
  AddedToken inner{.id = 6, .content = "n"};
  EXPECT_EQ(cut({word, inner}, "xan"), Parts({"xan"}));
}

TEST(TokenCutter, RepeatedPattern) {
  TokenCutter cutter;
  EXPECT_TRUE(cutter.insert("a", plain));
  EXPECT_FALSE(cutter.insert("a", word));
}

// A token of one space that strips to its right finds all the rest each time.
TEST(TokenCutter, ManyTokensInSpaceTakeNoQuadraticTime) {
  AddedToken space{
      .id = 7, .content = " ", .stripLeft = true, .stripRight = true};
  auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(cut({space}, std::string(200000, ' ')).size(), 200000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

} // namespace
