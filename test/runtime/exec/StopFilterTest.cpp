//===- StopFilterTest.cpp - text ends where it should ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/StopFilter.h"

#include <gtest/gtest.h>

using namespace ingot;

namespace {

TEST(StopFilter, WithoutStopsEverythingPasses) {
  StopFilter filter({});
  EXPECT_EQ(filter.push("abc"), "abc");
  EXPECT_EQ(filter.finish(), "");
  EXPECT_FALSE(filter.stopped());
}

TEST(StopFilter, TextEndsBeforeTheStopString) {
  StopFilter filter({"END"});
  EXPECT_EQ(filter.push("so ENDs"), "so ");
  EXPECT_TRUE(filter.stopped());
  EXPECT_EQ(filter.push("more"), "");
  EXPECT_EQ(filter.finish(), "");
}

TEST(StopFilter, StopStringInPiecesIsHeldBack) {
  StopFilter filter({"\nUser:"});
  EXPECT_EQ(filter.push("Hi\nUs"), "Hi");
  EXPECT_EQ(filter.push("er"), "");
  EXPECT_EQ(filter.push(": x"), "");
  EXPECT_TRUE(filter.stopped());
}

TEST(StopFilter, FalseAlarmComesOutWhole) {
  StopFilter filter({"aab"});
  EXPECT_EQ(filter.push("aa"), "");
  EXPECT_EQ(filter.push("a"), "a");
  EXPECT_EQ(filter.push("c"), "aac");
  EXPECT_FALSE(filter.stopped());
}

TEST(StopFilter, OverlappingBeginningsFindTheStop) {
  StopFilter filter({"aab"});
  EXPECT_EQ(filter.push("aaa"), "a");
  EXPECT_EQ(filter.push("b"), "");
  EXPECT_TRUE(filter.stopped());
}

TEST(StopFilter, EarliestOfSeveralStopsWins) {
  StopFilter filter({"c", "bc"});
  EXPECT_EQ(filter.push("abcd"), "a");
}

TEST(StopFilter, HeldBackTextComesOutAtTheEnd) {
  StopFilter filter({"END"});
  EXPECT_EQ(filter.push("x EN"), "x ");
  EXPECT_EQ(filter.finish(), "EN");
}

TEST(StopFilter, EmptyStopStopsNothing) {
  StopFilter filter({""});
  EXPECT_EQ(filter.push("abc"), "abc");
  EXPECT_FALSE(filter.stopped());
}

} // namespace
