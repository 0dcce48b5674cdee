//===- MessagesTest.cpp - What may reach a terminal -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Messages.h"

#include <gtest/gtest.h>

#include <cerrno>

using namespace ingot;
using namespace ingot::storage;

TEST(Messages, QuoteKeepsUtf8) { EXPECT_EQ(quote("a.ü"), "'a.ü'"); }

TEST(Messages, QuoteEscapesControlCharacters) {
  EXPECT_EQ(quote("a\x1b[2J\n"), "'a\\x1b[2J\\x0a'");
}

TEST(Messages, EscapeCutsNothing) {
  EXPECT_EQ(escape(std::string(500, '\r') + "'ü'").size(), 500 * 4 + 4);
}

TEST(Messages, QuoteCutsLongText) {
  EXPECT_EQ(quote(std::string(500, 'x')), "'" + std::string(120, 'x') + "...'");
}

TEST(Messages, OsErrorTellsAMissingFileFromOthers) {
  EXPECT_EQ(osError("open", "f", ENOENT).code(), StatusCode::NotFound);
  Status full = osError("write", "f", ENOSPC);
  EXPECT_EQ(full.code(), StatusCode::Device);
  EXPECT_EQ(full.message(), "cannot write 'f': No space left on device");
}
