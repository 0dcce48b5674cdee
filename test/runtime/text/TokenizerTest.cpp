//===- TokenizerTest.cpp - text to ids and back -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Tokenizer.h"
#include "test/runtime/text/TinySpec.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::text;
using namespace ingot::text::test;

namespace {

Tokenizer make(TokenizerSpec spec) {
  Result<Tokenizer> tokenizer = Tokenizer::create(std::move(spec));
  EXPECT_TRUE(tokenizer) << tokenizer.status().message();
  return *std::move(tokenizer);
}

Ids encode(const Tokenizer &tokenizer, std::string_view text,
           bool addSpecial = false) {
  Result<Ids> ids = tokenizer.encode(text, addSpecial);
  EXPECT_TRUE(ids) << ids.status().message();
  return ids ? *ids : Ids();
}

std::string refusal(TokenizerSpec spec) {
  return Tokenizer::create(std::move(spec)).status().message();
}

TEST(Tokenizer, MergesDoNotCrossPieces) {
  TokenizerSpec spec = byteSpec();
  addMerge(spec, 'a', ' ');
  EXPECT_EQ(encode(make(spec), "a a"), Ids({'a', ' ', 'a'}));
}

TEST(Tokenizer, AddedTokenIsFoundInsideAWord) {
  TokenizerSpec spec = byteSpec();
  int32_t end = addToken(spec, "<end>", true);
  EXPECT_EQ(encode(make(spec), "a<end>b"), Ids({'a', end, 'b'}));
}

// Tokens that are not normalized are cut out first, wherever they stand.
TEST(Tokenizer, NormalizedTokenIsFoundInWhatIsLeft) {
  TokenizerSpec spec = byteSpec();
  int32_t ab = addToken(spec, "ab", false), b = addToken(spec, "bc", false);
  spec.addedTokens[0].normalized = true;
  EXPECT_EQ(encode(make(spec), "abc"), Ids({'a', b}));
  EXPECT_EQ(encode(make(spec), "ab"), Ids({ab}));
}

TEST(Tokenizer, NormalizedTokenIsLookedForInNormalizedText) {
  TokenizerSpec spec = byteSpec();
  int32_t token = addToken(spec, "<x>", false);
  spec.normalizers = {{Rewrite::Kind::Replace, "[", "<"},
                      {Rewrite::Kind::Replace, "]", ">"}};
  EXPECT_EQ(encode(make(spec), "[x]"), Ids({'<', 'x', '>'}));
  spec.addedTokens[0].normalized = true;
  EXPECT_EQ(encode(make(spec), "[x]"), Ids({token}));
}

TEST(Tokenizer, NormalizedTokenComesBackNormalized) {
  TokenizerSpec spec = byteSpec();
  int32_t token = addToken(spec, "e\u0301", false);
  spec.addedTokens[0].normalized = true;
  spec.normalizers = {{Rewrite::Kind::Nfc, "", ""}};
  EXPECT_EQ(*make(spec).decode(Ids({token}), false), "\u00e9");
}

// An added token that spells a byte does not stand in for it inside words.
TEST(Tokenizer, AddedTokenIsNotTheByteItSpells) {
  TokenizerSpec spec = byteSpec();
  int32_t token = addToken(spec, "a", false);
  spec.addedTokens[0].singleWord = true;
  EXPECT_EQ(encode(make(spec), "a ba"), Ids({token, ' ', 'b', 'a'}));
}

TEST(Tokenizer, PreparesWhatIsSplit) {
  TokenizerSpec spec = byteSpec();
  int32_t token = addToken(spec, "<x>", false);
  spec.preparations = {{Rewrite::Kind::PrependToInputIfMissing, "", "_"}};
  EXPECT_EQ(encode(make(spec), "a<x>b"), Ids({'_', 'a', token, 'b'}));
}

TEST(Tokenizer, LongestAddedTokenWins) {
  TokenizerSpec spec = byteSpec();
  addToken(spec, "<e", false);
  int32_t end = addToken(spec, "<end>", false);
  EXPECT_EQ(encode(make(spec), "<end>"), Ids({end}));
}

TEST(Tokenizer, LeftmostAddedTokenWinsOverALongerOne) {
  TokenizerSpec spec = byteSpec();
  int32_t ab = addToken(spec, "ab", false);
  addToken(spec, "bcd", false);
  EXPECT_EQ(encode(make(spec), "abcd"), Ids({ab, 'c', 'd'}));
}

TEST(Tokenizer, SpecialIdsGoAround) {
  TokenizerSpec spec = byteSpec();
  spec.prefixIds = {1};
  spec.suffixIds = {2, 3};
  Tokenizer tokenizer = make(spec);
  EXPECT_EQ(encode(tokenizer, "a", true), Ids({1, 'a', 2, 3}));
  EXPECT_EQ(encode(tokenizer, "a", false), Ids({'a'}));
}

TEST(Tokenizer, WholePieceIsNotMerged) {
  TokenizerSpec spec = byteSpec();
  addMerge(spec, 'b', 'c');
  spec.pieces.push_back("abc"); // no merge leads to it
  EXPECT_EQ(encode(make(spec), "abc").size(), 2u);
  spec.wholePieceFirst = true;
  EXPECT_EQ(encode(make(spec), "abc"), Ids({257}));
}

TEST(Tokenizer, TextThatIsNotUtf8) {
  EXPECT_EQ(make(byteSpec()).encode("ab\xFF", false).status().message(),
            "text expects valid UTF-8, got a bad byte at offset 2");
}

TEST(Tokenizer, DecodesWithAndWithoutSpecialTokens) {
  TokenizerSpec spec = byteSpec();
  int32_t end = addToken(spec, "<end>", true);
  int32_t tool = addToken(spec, "<tool>", false);
  Tokenizer tokenizer = make(spec);
  Ids ids = {'a', tool, end};
  EXPECT_EQ(*tokenizer.decode(ids, false), "a<tool><end>");
  EXPECT_EQ(*tokenizer.decode(ids, true), "a<tool>");
}

TEST(Tokenizer, DecodesBytesThatAreNoTextAsReplacement) {
  Ids ids = {'a', 0xE4, 0xBD};
  EXPECT_EQ(*make(byteSpec()).decode(ids, false), "a\uFFFD");
}

TEST(Tokenizer, IdOutsideTheVocabulary) {
  Tokenizer tokenizer = make(byteSpec());
  EXPECT_EQ(tokenizer.decode(Ids({256}), false).status().message(),
            "tokenizer: token id 256 is outside the vocabulary of 256");
  EXPECT_EQ(tokenizer.decode(Ids({-1}), false).status().message(),
            "tokenizer: token id -1 is outside the vocabulary of 256");
}

TEST(Tokenizer, FindsIds) {
  TokenizerSpec spec = byteSpec();
  int32_t ab = addMerge(spec, 'a', 'b');
  int32_t end = addToken(spec, "<end>", true);
  Tokenizer tokenizer = make(spec);
  EXPECT_EQ(tokenizer.vocabSize(), 258);
  EXPECT_EQ(tokenizer.idOf("ab"), ab);
  EXPECT_EQ(tokenizer.idOf("<end>"), end);
  EXPECT_EQ(tokenizer.idOf("<en"), std::nullopt);
  EXPECT_EQ(tokenizer.idOf("<end>x"), std::nullopt);
}

TEST(Tokenizer, WithoutPiecesHasNoVocabulary) {
  EXPECT_EQ(make({}).vocabSize(), 0);
}

TEST(Tokenizer, PieceWithTwoIds) {
  TokenizerSpec spec = byteSpec();
  spec.pieces.push_back("a");
  EXPECT_EQ(refusal(spec), "tokenizer: piece 'a' has two ids, 97 and 256");
}

TEST(Tokenizer, PrefixOutsideTheVocabulary) {
  TokenizerSpec spec = byteSpec();
  spec.prefixIds = {256};
  EXPECT_EQ(refusal(spec),
            "tokenizer: prefix id 256 is outside the vocabulary of 256");
}

TEST(Tokenizer, SuffixOutsideTheVocabulary) {
  TokenizerSpec spec = byteSpec();
  spec.suffixIds = {-1};
  EXPECT_EQ(refusal(spec),
            "tokenizer: suffix id -1 is outside the vocabulary of 256");
}

TEST(Tokenizer, AddedTokenOutsideTheVocabulary) {
  TokenizerSpec spec = byteSpec();
  spec.addedTokens.push_back({.id = 256, .content = "<end>"});
  EXPECT_EQ(refusal(spec),
            "tokenizer: added token id 256 is outside the vocabulary of 256");
}

TEST(Tokenizer, AddedTokenWithThePlaceOfAPiece) {
  TokenizerSpec spec = byteSpec();
  spec.addedTokens.push_back({.id = 'a', .content = "<end>"});
  EXPECT_EQ(refusal(spec), "tokenizer: added token '<end>' has the id 97 of "
                           "the piece 'a'");
}

TEST(Tokenizer, RepeatedAddedToken) {
  TokenizerSpec spec = byteSpec();
  addToken(spec, "<end>", true);
  addToken(spec, "<end>", true);
  EXPECT_EQ(refusal(spec), "tokenizer: added token '<end>' is there twice");
}

TEST(Tokenizer, AddedTokensThatNormalizingMakesOne) {
  TokenizerSpec spec = byteSpec();
  addToken(spec, "A", false);
  addToken(spec, "B", false);
  for (AddedToken &token : spec.addedTokens)
    token.normalized = true;
  spec.normalizers = {{Rewrite::Kind::Replace, "B", "A"}};
  EXPECT_EQ(refusal(spec), "tokenizer: added token 'B' is another one once it "
                           "is normalized");
}

TEST(Tokenizer, ReplacementOfNothing) {
  TokenizerSpec spec = byteSpec();
  spec.normalizers = {{Rewrite::Kind::Replace, "", "a"}};
  EXPECT_EQ(refusal(spec), "tokenizer: a replacement of nothing by 'a'");
}

TEST(Tokenizer, ReplacementThatIsNotUtf8) {
  TokenizerSpec spec = byteSpec();
  spec.preparations = {{Rewrite::Kind::Prepend, "", "\xC3"}};
  EXPECT_EQ(refusal(spec),
            "tokenizer: a replacement expects valid UTF-8, got '\xC3'");
}

TEST(Tokenizer, DecodingThatPrepends) {
  TokenizerSpec spec = byteSpec();
  spec.decodings = {{Rewrite::Kind::Prepend, "", "a"}};
  EXPECT_EQ(refusal(spec), "tokenizer: a decoding expects to replace a text");
}

TEST(Tokenizer, StripsLessThanNothing) {
  TokenizerSpec spec = byteSpec();
  spec.strippedSpaces = -1;
  EXPECT_EQ(refusal(spec),
            "tokenizer: expects to strip at least 0 spaces, got -1");
}

TEST(Tokenizer, EmptyAddedToken) {
  TokenizerSpec spec = byteSpec();
  addToken(spec, "", true);
  EXPECT_EQ(refusal(spec), "tokenizer: added token 256 is empty");
}

TEST(Tokenizer, AddedTokenThatIsNotUtf8) {
  TokenizerSpec spec = byteSpec();
  addToken(spec, "\xC3", true);
  EXPECT_EQ(refusal(spec), "tokenizer: added token 256 is not valid UTF-8");
}

} // namespace
