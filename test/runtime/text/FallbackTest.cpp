//===- FallbackTest.cpp - characters with bytes to fall back on -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/StreamDecoder.h"
#include "runtime/text/Tokenizer.h"
#include "test/runtime/text/TinySpec.h"

#include <gtest/gtest.h>

#include <chrono>

using namespace ingot;
using namespace ingot::text;
using namespace ingot::text::test;

namespace {

constexpr int32_t mark = 256, a = 257, b = 258, eAcute = 259;

Tokenizer make(TokenizerSpec spec) {
  Result<Tokenizer> tokenizer = Tokenizer::create(std::move(spec));
  EXPECT_TRUE(tokenizer) << tokenizer.status().message();
  return *std::move(tokenizer);
}

Ids encode(const TokenizerSpec &spec, std::string_view text) {
  Result<Ids> ids = make(spec).encode(text, /*addSpecial=*/false);
  EXPECT_TRUE(ids) << ids.status().message();
  return ids ? *ids : Ids();
}

/// The characters, with "▁" for a space that is stripped at the start.
TokenizerSpec markedSpec() {
  TokenizerSpec spec = characterSpec();
  spec.normalizers = {{Rewrite::Kind::Prepend, "", "▁"},
                      {Rewrite::Kind::Replace, " ", "▁"}};
  spec.decodings = {{Rewrite::Kind::Replace, "▁", " "}};
  spec.strippedSpaces = 1;
  return spec;
}

std::string decode(const TokenizerSpec &spec, const Ids &ids) {
  return *make(spec).decode(ids, /*skipSpecial=*/false);
}

TEST(Fallback, StartsFromCharacters) {
  EXPECT_EQ(encode(characterSpec(), "aéb"), Ids({a, eAcute, b}));
}

TEST(Fallback, CharacterThatIsNoPieceIsItsBytes) {
  EXPECT_EQ(encode(characterSpec(), "a你"), Ids({a, 0xE4, 0xBD, 0xA0}));
  EXPECT_EQ(encode(characterSpec(), "c\n"), Ids({'c', '\n'}));
}

TEST(Fallback, MergesPiecesOfCharacters) {
  TokenizerSpec spec = characterSpec();
  int32_t pair = addMerge(spec, a, eAcute);
  EXPECT_EQ(encode(spec, "aéaé你"), Ids({pair, pair, 0xE4, 0xBD, 0xA0}));
}

TEST(Fallback, ByteIsNotTheCharacterItSpells) {
  EXPECT_EQ(make(characterSpec()).idOf("a"), a);
  EXPECT_EQ(encode(characterSpec(), "a"), Ids({a}));
}

TEST(Fallback, SpacesBecomeMarksAndComeBack) {
  Ids ids = encode(markedSpec(), "a  b");
  EXPECT_EQ(ids, Ids({mark, a, mark, mark, b}));
  EXPECT_EQ(decode(markedSpec(), ids), "a  b");
}

TEST(Fallback, OneSpaceIsStrippedAtTheStartAlone) {
  EXPECT_EQ(decode(markedSpec(), {mark, mark, a, mark}), " a ");
  EXPECT_EQ(decode(markedSpec(), {a, mark}), "a ");
  EXPECT_EQ(decode(markedSpec(), {mark}), "");
}

TEST(Fallback, StreamStripsOnce) {
  Tokenizer tokenizer = make(markedSpec());
  StreamDecoder stream(tokenizer, /*skipSpecial=*/false);
  EXPECT_EQ(*stream.push(mark), "");
  EXPECT_EQ(*stream.push(mark), " ");
  EXPECT_EQ(*stream.push(a), "a");
  EXPECT_EQ(stream.finish(), "");
  EXPECT_EQ(*stream.push(mark), ""); // as new
}

TEST(Fallback, StreamHoldsBytesUntilTheyAreACharacter) {
  Tokenizer tokenizer = make(characterSpec());
  StreamDecoder stream(tokenizer, /*skipSpecial=*/false);
  EXPECT_EQ(*stream.push(0xE4), "");
  EXPECT_EQ(*stream.push(0xBD), "");
  EXPECT_EQ(*stream.push(0xA0), "你");
  EXPECT_EQ(*stream.push(0xE4), "");
  EXPECT_EQ(*stream.push(a), "\uFFFDa");
}

// One for each byte, as the tokenizers library has it; but a character that is
// whole stays, where that library gives up the bytes beside it too.
TEST(Fallback, EveryMalformedByteIsReplaced) {
  EXPECT_EQ(decode(characterSpec(), {0xE4, 0xBD}), "\uFFFD\uFFFD");
  EXPECT_EQ(decode(characterSpec(), {0xE4, 0xBD, 0xA0, 0xFF}), "你\uFFFD");
}

TEST(Fallback, DecodingLeavesBytesAlone) {
  TokenizerSpec spec = characterSpec();
  spec.decodings = {{Rewrite::Kind::Replace, "a", "b"}};
  EXPECT_EQ(decode(spec, {a, 'a'}), "ba");
}

TEST(Fallback, TooFewBytes) {
  TokenizerSpec spec = characterSpec();
  spec.byteFallbackIds.pop_back();
  EXPECT_EQ(Tokenizer::create(spec).status().message(),
            "tokenizer: expects ids of 256 bytes or none, got 255");
}

TEST(Fallback, IdOfAnotherByte) {
  for (int32_t id : {-1, 66, 256, 1000}) {
    TokenizerSpec spec = characterSpec();
    spec.byteFallbackIds[65] = id;
    EXPECT_EQ(Tokenizer::create(spec).status().message(),
              "tokenizer: id " + std::to_string(id) +
                  " expects the piece of the byte 65");
  }
}

// Without splits all of a text is one piece: 17 rounds of merges over it.
TEST(Fallback, LongTextTakesNoQuadraticTime) {
  TokenizerSpec spec = characterSpec();
  int32_t pair = addMerge(spec, a, a);
  for (int i = 0; i < 16; ++i)
    pair = addMerge(spec, pair, pair);
  Tokenizer tokenizer = make(spec);
  auto start = std::chrono::steady_clock::now();
  Result<Ids> ids = tokenizer.encode(std::string(1 << 17, 'a'), false);
  EXPECT_EQ(*ids, Ids({pair}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

} // namespace
