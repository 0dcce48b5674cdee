//===- SequenceTableTest.cpp - pages are owned once -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/SequenceTable.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

using namespace ingot;

namespace {

/// Pages of four tokens, 1 to 6; two sequences.
class SequenceTableTest : public testing::Test {
protected:
  SequenceTable table{4, 7, 2};
};

TEST_F(SequenceTableTest, LowestFreeIdComesFirst) {
  EXPECT_EQ(*table.add(), 0);
  EXPECT_EQ(*table.add(), 1);
  table.remove(0);
  EXPECT_FALSE(table.isLive(0));
  EXPECT_EQ(*table.add(), 0);
}

TEST_F(SequenceTableTest, OneSequenceTooMany) {
  ASSERT_TRUE(table.add());
  ASSERT_TRUE(table.add());
  auto third = table.add();
  ASSERT_FALSE(third);
  EXPECT_EQ(third.status().code(), StatusCode::OutOfMemory);
  EXPECT_EQ(third.status().message(),
            "session expects at most 2 live sequences, got one more");
}

TEST_F(SequenceTableTest, NumbersThatAreNoSequencesAreNotLive) {
  EXPECT_FALSE(table.isLive(-1));
  EXPECT_FALSE(table.isLive(0));
  EXPECT_FALSE(table.isLive(99));
}

TEST_F(SequenceTableTest, PagesAreTakenAsTokensNeedThem) {
  int s = *table.add();
  EXPECT_EQ(table.missingPages(s, 0), 0);
  EXPECT_EQ(table.missingPages(s, 4), 1);
  EXPECT_EQ(table.missingPages(s, 5), 2);
  table.reserve(s, 5);
  EXPECT_EQ(table.missingPages(s, 8), 0);
  EXPECT_EQ(table.freePages(), 4);
}

TEST_F(SequenceTableTest, NoPageHasTwoOwnersAndPageZeroHasNone) {
  int a = *table.add(), b = *table.add();
  // Interleaved, with pages going back in between.
  table.reserve(a, 4);
  table.reserve(b, 8);
  table.setLength(b, Track::Main, 8);
  table.reserve(a, 12);
  ASSERT_TRUE(table.truncate(b, 2).ok());
  table.reserve(a, 16);
  table.reserve(b, 8);
  std::multiset<int32_t> owned(table.pages(a).begin(), table.pages(a).end());
  owned.insert(table.pages(b).begin(), table.pages(b).end());
  EXPECT_EQ(owned, (std::multiset<int32_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(table.freePages(), 0);
}

TEST_F(SequenceTableTest, SlotIsPageTimesSizePlusOffset) {
  int a = *table.add(), b = *table.add();
  table.reserve(a, 4); // page 1
  table.reserve(b, 4); // page 2
  table.reserve(a, 8); // page 3
  EXPECT_EQ(table.slot(a, 0), 4);
  EXPECT_EQ(table.slot(a, 3), 7);
  EXPECT_EQ(table.slot(b, 1), 9);
  EXPECT_EQ(table.slot(a, 6), 14);
}

TEST_F(SequenceTableTest, TracksHaveLengthsOfTheirOwn) {
  int s = *table.add();
  table.reserve(s, 6);
  table.setLength(s, Track::Main, 6);
  table.setLength(s, Track::Draft, 5);
  EXPECT_EQ(table.length(s, Track::Main), 6);
  EXPECT_EQ(table.length(s, Track::Draft), 5);
  ASSERT_TRUE(table.truncate(s, 5).ok());
  EXPECT_EQ(table.length(s, Track::Draft), 5);
  ASSERT_TRUE(table.truncate(s, 3).ok());
  EXPECT_EQ(table.length(s, Track::Main), 3);
  EXPECT_EQ(table.length(s, Track::Draft), 3);
  EXPECT_EQ(table.freePages(), 5);
}

TEST_F(SequenceTableTest, TruncateOutsideTheSequence) {
  int s = *table.add();
  EXPECT_EQ(table.truncate(s, 1).message(),
            "sequence 0 expects a length of 0 to 0, got 1");
  EXPECT_EQ(table.truncate(s, -1).message(),
            "sequence 0 expects a length of 0 to 0, got -1");
}

} // namespace
