//===- SplitSyntaxTest.cpp - patterns of one syntax in another ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/SplitSyntax.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::compiler;

static std::string spelled(std::string_view pattern) {
  auto result = spellForPcre2(pattern);
  return result ? *result : result.status().message();
}

static std::string refused(std::string_view part, int offset) {
  return "has '" + std::string(part) + "' at offset " + std::to_string(offset) +
         ", which is not supported";
}

TEST(SplitSyntax, MostStaysAsItIs) {
  for (const char *pattern :
       {"\\p{N}{1,3}", "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+", "[一-龥぀-ゟ]+",
        "a|b*?|c++", "(?i:'re|'ve|'ll)", "(?:x)(?=y)(?!z)(?<=u)(?<!v)(?>w)(t)",
        "\\Aa\\z", "[&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]", "[\\P{^L}\\t\\f]",
        "x{2,}", "\\.\\*\\[ \\/#", "]}"})
    EXPECT_EQ(spelled(pattern), pattern);
}

// PCRE2's \s has U+180E, which lost White_Space in Unicode 6.3.
TEST(SplitSyntax, WhiteSpaceIsSpelledOut) {
  EXPECT_EQ(spelled("\\s+"), "[\\t-\\r\\x{85}\\p{Z}]+");
  EXPECT_EQ(spelled("\\S"), "[^\\t-\\r\\x{85}\\p{Z}]");
  EXPECT_EQ(spelled("[^\\s\\p{L}]"), "[^\\t-\\r\\x{85}\\p{Z}\\p{L}]");
}

TEST(SplitSyntax, DigitsAreDecimal) {
  EXPECT_EQ(spelled("\\d\\D[\\d]"), "\\p{Nd}\\P{Nd}[\\p{Nd}]");
}

TEST(SplitSyntax, VerticalTabIsOneCharacter) {
  EXPECT_EQ(spelled("\\v[\\v]"), "\\x0b[\\x0b]");
}

TEST(SplitSyntax, CodePointsAreNumbers) {
  EXPECT_EQ(spelled("[\\u4e00-\\u9FA5]"), "[\\x{4e00}-\\x{9FA5}]");
  EXPECT_EQ(spelled("\\u4e0"), refused("\\u", 0));
}

// Oniguruma's anchors are those of lines, and only a line feed ends one.
TEST(SplitSyntax, AnchorsAreThoseOfLines) {
  EXPECT_EQ(spelled("\\s$"), "[\\t-\\r\\x{85}\\p{Z}](?=\\n|\\z)");
  EXPECT_EQ(spelled("^a"), "(?:\\A|(?<=\\n)(?!\\z))a");
  EXPECT_EQ(spelled("."), "[^\\n]");
}

TEST(SplitSyntax, IntervalWithoutALowerBoundStartsAtZero) {
  EXPECT_EQ(spelled("a{,3}"), "a{0,3}");
}

TEST(SplitSyntax, RepeatedRepetition) {
  EXPECT_EQ(spelled("a{2}?"), refused("?", 4));
  EXPECT_EQ(spelled("a{2}+"), refused("+", 4));
  EXPECT_EQ(spelled("a**"), refused("*", 2));
  EXPECT_EQ(spelled("*a"), refused("*", 0));
  EXPECT_EQ(spelled("a|?"), refused("?", 2));
}

TEST(SplitSyntax, BraceThatRepeatsNothing) {
  EXPECT_EQ(spelled("a{b}"), refused("{", 1));
  EXPECT_EQ(spelled("a{,}"), refused("{", 1));
  EXPECT_EQ(spelled("a{1"), refused("{", 1));
  EXPECT_EQ(spelled("a{1,2,3}"), refused("{", 1));
}

TEST(SplitSyntax, OtherEscapes) {
  EXPECT_EQ(spelled("a\\wb"), refused("\\w", 1));
  EXPECT_EQ(spelled("\\b"), refused("\\b", 0));
  EXPECT_EQ(spelled("(a)\\1"), refused("\\1", 3));
  EXPECT_EQ(spelled("\\x41"), refused("\\x", 0));
  EXPECT_EQ(spelled("[\\S]"), refused("\\S", 1));
  EXPECT_EQ(spelled("[\\A]"), refused("\\A", 1));
  EXPECT_EQ(spelled("\\é"), refused("\\é", 0));
  EXPECT_EQ(spelled("a\\"), refused("\\", 1));
}

TEST(SplitSyntax, OtherProperties) {
  EXPECT_EQ(spelled("\\p{Han}"), refused("\\p{Han}", 0));
  EXPECT_EQ(spelled("\\pL"), refused("\\p", 0));
  EXPECT_EQ(spelled("\\p{L"), refused("\\p", 0));
  EXPECT_EQ(spelled("\\p"), refused("\\p", 0));
}

TEST(SplitSyntax, OtherGroups) {
  EXPECT_EQ(spelled("(?i)a"), refused("(?i", 0));
  EXPECT_EQ(spelled("(?m:a)"), refused("(?m", 0));
  EXPECT_EQ(spelled("(?<n>a)"), refused("(?<", 0));
  EXPECT_EQ(spelled("(*LF)a"), refused("(*L", 0));
}

TEST(SplitSyntax, SetsWithinSets) {
  EXPECT_EQ(spelled("[a[b]]"), refused("[b", 2));
  EXPECT_EQ(spelled("[[:alpha:]]"), refused("[:", 1));
  EXPECT_EQ(spelled("[a&&b]"), refused("&&", 2));
  EXPECT_EQ(spelled("[]a]"), refused("[]", 0));
  EXPECT_EQ(spelled("[^]a]"), refused("[^]", 0));
  EXPECT_EQ(spelled("x[a"), refused("[", 1));
}

// A ligature is the same as its letters to a pattern that ignores case.
TEST(SplitSyntax, LettersThatALigatureFoldsTo) {
  EXPECT_EQ(spelled("(?i:ss)"), refused("s", 5));
  EXPECT_EQ(spelled("(?i:(?:xFI))"), refused("I", 9));
  EXPECT_EQ(spelled("(?i:é)"), refused("é", 4));
  EXPECT_EQ(spelled("(?i:s|s)ss"), "(?i:s|s)ss");
}

TEST(SplitSyntax, LiteralTextIsEscaped) {
  EXPECT_EQ(matchLiterally("a.b ü"), "a\\.b\\ ü");
}
