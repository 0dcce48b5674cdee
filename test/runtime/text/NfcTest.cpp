//===- NfcTest.cpp - composed characters ----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Nfc.h"

#include <gtest/gtest.h>

#include <chrono>

using ingot::text::composeNfc;

namespace {

TEST(Nfc, ComposesLetterAndMark) {
  EXPECT_EQ(composeNfc("cafe\u0301"), "caf\u00e9");
}

TEST(Nfc, ComposedTextStays) {
  for (const char *text :
       {"", "abc", "caf\u00e9", "\u4f60\u597d", "\u0e01\u0e34"})
    EXPECT_EQ(composeNfc(text), text);
}

TEST(Nfc, OrdersMarksByClass) {
  EXPECT_EQ(composeNfc("q\u0307\u0323"), "q\u0323\u0307");
  EXPECT_EQ(composeNfc("a\u0301\u0327"), "\u00e1\u0327");
}

// The first of two marks of one class is nearer to the letter.
TEST(Nfc, MarksOfOneClassKeepTheirOrder) {
  EXPECT_EQ(composeNfc("q\u0301\u0300"), "q\u0301\u0300");
}

TEST(Nfc, ReplacesSingletons) {
  EXPECT_EQ(composeNfc("\u212b"), "\u00c5"); // the unit angstrom
}

TEST(Nfc, LeavesExcludedCompositionsApart) {
  EXPECT_EQ(composeNfc("\u0958"), "\u0915\u093c"); // Devanagari qa
}

TEST(Nfc, ComposesHangul) {
  EXPECT_EQ(composeNfc("\u1100\u1161\u11a8"), "\uac01");
}

// Compatibility forms are not canonical ones.
TEST(Nfc, KeepsLigatures) { EXPECT_EQ(composeNfc("\ufb01"), "\ufb01"); }

// Ordering by neighbours would take 10^10 steps.
TEST(Nfc, ManyMarksTakeNoQuadraticTime) {
  std::string text = "a", ordered = "a";
  for (int i = 0; i < 100000; ++i)
    text += i % 2 ? "\u0323" : "\u0307";
  for (int i = 0; i < 100000; ++i)
    ordered += i < 50000 ? "\u0323" : "\u0307";
  auto start = std::chrono::steady_clock::now();
  // The first of the marks below joins the letter.
  EXPECT_EQ(composeNfc(text), "\u1ea1" + ordered.substr(3));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

} // namespace
