//===- ByteAlphabetTest.cpp - Undoing the printable alphabet --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/ByteAlphabet.h"

#include <gtest/gtest.h>

using ingot::compiler::undoByteAlphabet;

TEST(ByteAlphabet, PrintableBytesStandForThemselves) {
  EXPECT_EQ(undoByteAlphabet("the"), "the");
  EXPECT_EQ(undoByteAlphabet(""), "");
}

TEST(ByteAlphabet, SpaceAndNewlineAreShifted) {
  // Byte 0x20 is the 33rd that does not print: U+0120.
  EXPECT_EQ(undoByteAlphabet("Ġthe"), " the");
  EXPECT_EQ(undoByteAlphabet("ĊĀ"), std::string("\n\0", 2));
}

TEST(ByteAlphabet, Latin1CharactersAreSingleBytes) {
  EXPECT_EQ(undoByteAlphabet("Ã©"), "é");
  // The soft hyphen does not print and comes last: U+0143.
  EXPECT_EQ(undoByteAlphabet("Ń"), "\xad");
}

TEST(ByteAlphabet, OtherCharactersAreRefused) {
  EXPECT_FALSE(undoByteAlphabet("a b"));
  EXPECT_FALSE(undoByteAlphabet("ń")); // U+0144, one past the end
  EXPECT_FALSE(undoByteAlphabet("▁a"));
  EXPECT_FALSE(undoByteAlphabet("\xc4")); // cut in the middle
}
