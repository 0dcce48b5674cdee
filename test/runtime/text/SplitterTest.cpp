//===- SplitterTest.cpp - cutting a text by patterns ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Splitter.h"

#include <gtest/gtest.h>

using namespace ingot;
using ingot::text::SplitPattern;
using ingot::text::Splitter;

namespace {

std::vector<std::string> split(const std::vector<SplitPattern> &patterns,
                               std::string_view text) {
  Result<Splitter> splitter = Splitter::create(patterns);
  if (!splitter)
    return {splitter.status().message()};
  Result<std::vector<std::string_view>> pieces = splitter->split(text);
  if (!pieces)
    return {pieces.status().message()};
  return {pieces->begin(), pieces->end()};
}

using Pieces = std::vector<std::string>;

TEST(Splitter, NoPatternLeavesTheTextWhole) {
  EXPECT_EQ(split({}, "a b"), Pieces({"a b"}));
}

TEST(Splitter, EmptyTextHasNoPieces) {
  EXPECT_EQ(split({{"a"}}, ""), Pieces());
}

TEST(Splitter, IsolatesMatchesAndKeepsWhatLiesBetween) {
  EXPECT_EQ(split({{"\\p{N}{1,3}"}}, "a12345b"),
            Pieces({"a", "123", "45", "b"}));
}

TEST(Splitter, KeepsMatchesOnlyWhereAskedTo) {
  EXPECT_EQ(split({{"\\d+", true}}, "a12b3c"), Pieces({"12", "3"}));
}

TEST(Splitter, LaterPatternCutsThePiecesOfTheFirst) {
  EXPECT_EQ(split({{"\\d"}, {"[ab]"}}, "ab1b"), Pieces({"a", "b", "1", "b"}));
}

// As in "a 1": the piece "a " ends with a blank, and the look-ahead must not
// see the 1 that follows in the text.
TEST(Splitter, LookAheadStopsAtThePiece) {
  EXPECT_EQ(split({{"\\d"}, {"\\s+(?!\\S)|\\s+"}}, "a  1"),
            Pieces({"a", "  ", "1"}));
}

TEST(Splitter, ClassesAreUnicode) {
  EXPECT_EQ(split({{"\\p{L}+"}}, "né—你"), Pieces({"né", "—", "你"}));
  EXPECT_EQ(split({{"\\s"}}, "a\u3000b"), Pieces({"a", "\u3000", "b"}));
}

TEST(Splitter, EmptyMatchCutsWithoutUsingText) {
  EXPECT_EQ(split({{"(?=é)"}}, "aéé"), Pieces({"a", "é", "é"}));
}

TEST(Splitter, PatternThatDoesNotCompile) {
  EXPECT_EQ(split({{"a("}}, "a")[0],
            "tokenizer: split pattern 'a(' fails at 2: missing closing "
            "parenthesis");
}

TEST(Splitter, MessageEscapesControlCharacters) {
  EXPECT_EQ(split({{"\n("}}, "a"),
            Pieces({"tokenizer: split pattern '\\x0a(' fails at 2: missing "
                    "closing parenthesis"}));
}

TEST(Splitter, PatternThatBacktracksWithoutEnd) {
  std::string message = split({{"(a+)+$"}}, std::string(40, 'a') + "b")[0];
  EXPECT_EQ(message, "tokenizer: split pattern '(a+)+$' fails on a text of 41 "
                     "bytes: match limit exceeded");
}

TEST(Splitter, PatternThatMatchesBackwards) {
  EXPECT_NE(split({{"(?=ab\\K)"}}, "ab")[0].find("fails at"),
            std::string::npos);
}

TEST(Splitter, PatternThatCutsInsideACharacter) {
  EXPECT_NE(split({{"\\C"}}, "é")[0].find("fails at 2"), std::string::npos);
}

} // namespace
