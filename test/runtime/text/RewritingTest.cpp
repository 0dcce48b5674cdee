//===- RewritingTest.cpp - changes to a text before it is split -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Rewriting.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::text;
using Kind = Rewrite::Kind;

namespace {

std::string rewritten(const std::vector<Rewrite> &rewrites,
                      std::string_view text, bool opensInput = true) {
  Result<std::string> result = applyRewrites(rewrites, text, opensInput);
  return result ? *result : result.status().message();
}

TEST(Rewriting, GoesThroughTheListInOrder) {
  const Rewrite prepend{Kind::Prepend, "", "a"},
      replace{Kind::Replace, "a", "b"};
  EXPECT_EQ(rewritten({prepend, replace}, "x"), "bx");
  EXPECT_EQ(rewritten({replace, prepend}, "x"), "ax");
}

TEST(Rewriting, ReplacesEveryOccurrence) {
  EXPECT_EQ(rewritten({{Kind::Replace, "aa", "b"}}, "aaa aa"), "ba b");
  EXPECT_EQ(rewritten({{Kind::Replace, " ", "▁"}}, " a  b "), "▁a▁▁b▁");
}

TEST(Rewriting, EmptyTextStaysEmpty) {
  EXPECT_EQ(rewritten({{Kind::Prepend, "", "▁"}}, ""), "");
  EXPECT_EQ(rewritten({{Kind::PrependIfMissing, "", "▁"}}, ""), "");
}

TEST(Rewriting, PrependsWhatIsThereOnlyIfToldTo) {
  EXPECT_EQ(rewritten({{Kind::Prepend, "", "▁"}}, "▁a"), "▁▁a");
  EXPECT_EQ(rewritten({{Kind::PrependIfMissing, "", "▁"}}, "▁a"), "▁a");
  EXPECT_EQ(rewritten({{Kind::PrependIfMissing, "", "▁"}}, "a", false), "▁a");
}

TEST(Rewriting, PrependsToTheInputAlone) {
  const std::vector<Rewrite> first = {{Kind::PrependToInputIfMissing, "", "▁"}};
  EXPECT_EQ(rewritten(first, "a", true), "▁a");
  EXPECT_EQ(rewritten(first, "a", false), "a");
  EXPECT_EQ(rewritten(first, "▁a", true), "▁a");
}

TEST(Rewriting, ComposesCharacters) {
  EXPECT_EQ(rewritten({{Kind::Nfc, "", ""}}, "e\u0301"), "\u00e9");
}

// Ten replacements of one letter by two would make a thousand of it.
TEST(Rewriting, TextThatGrowsWithoutBound) {
  std::vector<Rewrite> doublings(10, Rewrite{Kind::Replace, "a", "aa"});
  EXPECT_EQ(rewritten(doublings, "a"),
            "tokenizer: normalizing 1 bytes gives more than 64");
  EXPECT_EQ(rewritten({{Kind::Prepend, "", std::string(64, 'a')}}, "b"),
            "tokenizer: normalizing 1 bytes gives more than 64");
}

} // namespace
