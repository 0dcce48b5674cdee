//===- BytePairsTest.cpp - merging bytes by rank ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/BytePairs.h"
#include "test/runtime/text/TinySpec.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace ingot;
using namespace ingot::text;
using namespace ingot::text::test;

namespace {

Ids encode(const TokenizerSpec &spec, std::string_view piece) {
  Result<BytePairs> pairs = BytePairs::create(spec);
  EXPECT_TRUE(pairs) << pairs.status().message();
  Ids ids;
  EXPECT_TRUE(pairs->encode(piece, ids).ok());
  return ids;
}

std::string refusal(const TokenizerSpec &spec) {
  return BytePairs::create(spec).status().message();
}

TEST(BytePairs, BestRankGoesFirst) {
  TokenizerSpec spec = byteSpec();
  int32_t bc = addMerge(spec, 'b', 'c');
  addMerge(spec, 'a', 'b');
  EXPECT_EQ(encode(spec, "abc"), Ids({'a', bc}));
}

TEST(BytePairs, OfOneRankTheLeftmostGoesFirst) {
  TokenizerSpec spec = byteSpec();
  int32_t aa = addMerge(spec, 'a', 'a');
  EXPECT_EQ(encode(spec, "aaa"), Ids({aa, 'a'}));
}

TEST(BytePairs, MergesMerges) {
  TokenizerSpec spec = byteSpec();
  int32_t ab = addMerge(spec, 'a', 'b');
  int32_t abab = addMerge(spec, ab, ab);
  EXPECT_EQ(encode(spec, "ababab"), Ids({abab, ab}));
}

// The textbook way, every step searching the whole piece, as the reference.
TEST(BytePairs, AgreesWithTheQuadraticAlgorithm) {
  TokenizerSpec spec = byteSpec();
  uint32_t state = 1;
  auto next = [&](uint32_t bound) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % bound;
  };
  std::vector<int32_t> usable = {'a', 'b', 'c'};
  while (spec.merges.size() < 60) {
    int32_t left = usable[next(usable.size())];
    int32_t right = usable[next(usable.size())];
    std::string joined = spec.pieces[left] + spec.pieces[right];
    if (std::find(spec.pieces.begin(), spec.pieces.end(), joined) ==
        spec.pieces.end())
      usable.push_back(addMerge(spec, left, right));
  }
  for (int round = 0; round < 200; ++round) {
    std::string piece;
    for (uint32_t i = 0, length = 1 + next(40); i < length; ++i)
      piece += char('a' + next(3));
    Ids expected(piece.begin(), piece.end());
    for (bool merged = true; merged;) {
      merged = false;
      for (const TokenizerSpec::Merge &merge : spec.merges) {
        for (size_t i = 0; i + 1 < expected.size() && !merged; ++i)
          if (expected[i] == merge.left && expected[i + 1] == merge.right) {
            expected[i] = merge.result;
            expected.erase(expected.begin() + i + 1);
            merged = true;
          }
        if (merged)
          break;
      }
    }
    EXPECT_EQ(encode(spec, piece), expected) << piece;
  }
}

// A quadratic algorithm takes minutes here.
TEST(BytePairs, LongPieceIsNotQuadratic) {
  TokenizerSpec spec = byteSpec();
  int32_t two = addMerge(spec, 'x', 'x');
  int32_t four = addMerge(spec, two, two);
  EXPECT_EQ(encode(spec, std::string(1'000'000, 'x')), Ids(250'000, four));
}

TEST(BytePairs, ByteWithoutAPiece) {
  TokenizerSpec spec;
  spec.pieces = {"a"};
  Result<BytePairs> pairs = BytePairs::create(spec);
  ASSERT_TRUE(pairs);
  Ids ids;
  EXPECT_EQ(pairs->encode("ab", ids).message(),
            "tokenizer: no piece stands for the byte 98");
}

TEST(BytePairs, MergeOutsideTheVocabulary) {
  TokenizerSpec spec = byteSpec();
  spec.merges.push_back({'a', 256, 'b'});
  EXPECT_EQ(refusal(spec), "tokenizer: merge 0 (97, 256 -> 98) expects ids "
                           "under the vocabulary size 256");
}

TEST(BytePairs, MergeWithTheWrongResult) {
  TokenizerSpec spec = byteSpec();
  spec.merges.push_back({'a', 'b', 'c'});
  EXPECT_EQ(refusal(spec), "tokenizer: merge 0 (97, 98 -> 99) expects the "
                           "piece 'ab', got 'c'");
}

TEST(BytePairs, RepeatedMerge) {
  TokenizerSpec spec = byteSpec();
  int32_t ab = addMerge(spec, 'a', 'b');
  spec.merges.push_back({'a', 'b', ab});
  EXPECT_EQ(refusal(spec), "tokenizer: merge 1 (97, 98 -> 256) repeats the "
                           "pair of an earlier merge");
}

} // namespace
