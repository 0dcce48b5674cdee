//===- TokenizerVocabularyTest.cpp - Pieces, merges and their faults ------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/checkpoint/TinyTokenizer.h"

using namespace ingot;
using namespace ingot::compiler::test;
using nlohmann::json;

TEST(TokenizerVocabulary, PiecesAreRawBytes) {
  auto spec = importTiny(tinyTokenizer());
  ASSERT_TRUE(spec) << spec.status().message();
  ASSERT_EQ(spec->pieces.size(), 259u);
  for (unsigned byte = 0; byte < 256; ++byte)
    EXPECT_EQ(spec->pieces[byte], std::string(1, static_cast<char>(byte)));
  EXPECT_EQ(spec->pieces[257], "abc");
  EXPECT_EQ(spec->pieces[258], "<s>");
}

TEST(TokenizerVocabulary, MergesAreReadInBothSpellings) {
  auto spec = importTiny(tinyTokenizer());
  ASSERT_TRUE(spec);
  ASSERT_EQ(spec->merges.size(), 2u);
  EXPECT_EQ(spec->merges[0].left, 'a');
  EXPECT_EQ(spec->merges[0].right, 'b');
  EXPECT_EQ(spec->merges[0].result, 256);
  EXPECT_EQ(spec->merges[1].left, 256);
  EXPECT_EQ(spec->merges[1].result, 257);
}

TEST(TokenizerVocabulary, HolesGetEmptyPieces) {
  json tokenizer = tinyTokenizer();
  tokenizer["added_tokens"].push_back({{"id", 300}, {"content", "<far>"}});
  auto spec = importTiny(tokenizer);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->pieces.size(), 301u);
  EXPECT_EQ(spec->pieces[280], "");
  EXPECT_EQ(spec->pieces[300], "<far>");
  EXPECT_FALSE(spec->addedTokens[1].special);
}

TEST(TokenizerVocabulary, AddedTokenMayStandInTheVocabulary) {
  json tokenizer = tinyTokenizer();
  tokenizer["added_tokens"][0]["content"] = "<｜s｜>";
  tokenizer["model"]["vocab"]["<｜s｜>"] = 258;
  auto spec = importTiny(tokenizer);
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->pieces[258], "<｜s｜>");
}

TEST(TokenizerVocabulary, AddedTokensMayBeMissing) {
  json tokenizer = tinyTokenizer();
  tokenizer.erase("added_tokens");
  tokenizer.erase("post_processor");
  auto spec = importTiny(tokenizer);
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->pieces.size(), 258u);
  EXPECT_TRUE(spec->addedTokens.empty());
}

TEST(TokenizerVocabulary, IgnoreMergesTakesWholePiecesFirst) {
  json tokenizer = tinyTokenizer();
  EXPECT_FALSE(importTiny(tokenizer)->wholePieceFirst);
  tokenizer["model"]["ignore_merges"] = true;
  EXPECT_TRUE(importTiny(tokenizer)->wholePieceFirst);
}

TEST(TokenizerVocabulary, SettingsWithoutEffectAreAccepted) {
  EXPECT_EQ(errorAfter("/model/unk_token", "<unk>"), "no error");
  EXPECT_EQ(errorAfter("/model/continuing_subword_prefix", ""), "no error");
  EXPECT_EQ(errorAfter("/model/dropout", 0.0), "no error");
  EXPECT_EQ(errorAfter("/model/byte_fallback", false), "no error");
}

TEST(TokenizerVocabulary, SettingsThatWouldChangeTheIdsAreRefused) {
  const std::string unset = " expects to be unset: it is not supported, got ";
  EXPECT_EQ(errorAfter("/model/dropout", 0.1),
            "'model.dropout'" + unset + "number 0.1");
  EXPECT_EQ(errorAfter("/model/continuing_subword_prefix", "##"),
            "'model.continuing_subword_prefix'" + unset + "string '##'");
  EXPECT_EQ(errorAfter("/model/end_of_word_suffix", "</w>"),
            "'model.end_of_word_suffix'" + unset + "string '</w>'");
}

TEST(TokenizerVocabulary, AddedTokenHasItsFlags) {
  auto flagsAfter = [](const char *key) {
    json tokenizer = tinyTokenizer();
    tokenizer["added_tokens"][0]["special"] = false;
    tokenizer["added_tokens"][0][key] = true;
    return importTiny(tokenizer)->addedTokens[0];
  };
  EXPECT_TRUE(flagsAfter("special").special);
  EXPECT_TRUE(flagsAfter("normalized").normalized);
  EXPECT_TRUE(flagsAfter("single_word").singleWord);
  EXPECT_TRUE(flagsAfter("lstrip").stripLeft);
  EXPECT_TRUE(flagsAfter("rstrip").stripRight);
  EXPECT_FALSE(flagsAfter("special").normalized);
  EXPECT_EQ(errorAfter("/added_tokens/0/lstrip", 1),
            "'added_tokens[0].lstrip' expects a boolean, got number 1");
}

TEST(TokenizerVocabulary, OtherModels) {
  EXPECT_EQ(errorAfter("/model/type", "Unigram"),
            "'model.type' expects 'BPE', got string 'Unigram'");
  EXPECT_EQ(errorAfter("/model", nullptr),
            "'model.type' expects a string, got none");
}

TEST(TokenizerVocabulary, SettingsOfTheWrongKind) {
  EXPECT_EQ(errorAfter("/model/byte_fallback", 1),
            "'model.byte_fallback' expects a boolean, got number 1");
  EXPECT_EQ(errorAfter("/model/ignore_merges", 1),
            "'model.ignore_merges' expects a boolean, got number 1");
  EXPECT_EQ(errorAfter("/model/vocab", 1),
            "'model.vocab' expects an object, got number 1");
  EXPECT_EQ(errorAfter("/model/merges", 1),
            "'model.merges' expects an array, got number 1");
  EXPECT_EQ(errorAfter("/added_tokens", 1),
            "'added_tokens' expects an array, got number 1");
}

TEST(TokenizerVocabulary, IdOutOfRange) {
  const std::string expected =
      "'model.vocab' piece 'x' expects an id from 0 to 4194303, got ";
  EXPECT_EQ(errorAfter("/model/vocab/x", 4194304), expected + "number 4194304");
  EXPECT_EQ(errorAfter("/model/vocab/x", -1), expected + "number -1");
  EXPECT_EQ(errorAfter("/model/vocab/x", "1"), expected + "string '1'");
}

TEST(TokenizerVocabulary, IdOfTwoPieces) {
  EXPECT_EQ(errorAfter("/model/vocab/abcd", 256),
            "'model.vocab' piece 'abcd' has the id 256 of another piece");
}

TEST(TokenizerVocabulary, EmptyPiece) {
  EXPECT_EQ(errorAfter("/model/vocab/", 300),
            "'model.vocab' has an empty piece");
}

TEST(TokenizerVocabulary, PieceOutsideTheAlphabet) {
  EXPECT_EQ(errorAfter("/model/vocab/▁a", 300),
            "'model.vocab' piece '▁a' has a character outside the byte "
            "alphabet");
}

// No character of UTF-8 has it, so some published vocabularies leave it out.
TEST(TokenizerVocabulary, ByteOfNoTextMayBeMissing) {
  for (unsigned byte : {0xC0, 0xC1, 0xF5, 0xFF}) {
    json tokenizer = tinyTokenizer();
    tokenizer["model"]["vocab"].erase(spell(byte));
    EXPECT_EQ(errorOf(tokenizer), "no error") << byte;
  }
}

TEST(TokenizerVocabulary, ByteWithoutAPiece) {
  json tokenizer = tinyTokenizer();
  tokenizer["model"]["vocab"].erase("z");
  EXPECT_EQ(importTiny(tokenizer).status().message(),
            "tokenizer.json: 'model.vocab' expects a piece for every byte, got "
            "none for 122");
}

TEST(TokenizerVocabulary, AddedTokenOutOfRange) {
  EXPECT_EQ(errorAfter("/added_tokens/0/id", 1 << 22),
            "'added_tokens[0].id' expects an integer from 0 to 4194303, got "
            "number 4194304");
}

TEST(TokenizerVocabulary, AddedTokenWithoutText) {
  EXPECT_EQ(errorAfter("/added_tokens/0/content", ""),
            "'added_tokens[0].content' expects some text, got string ''");
  EXPECT_EQ(errorAfter("/added_tokens/0/content", 1),
            "'added_tokens[0].content' expects a string, got number 1");
}

TEST(TokenizerVocabulary, AddedTokenOfTheWrongKind) {
  EXPECT_EQ(errorAfter("/added_tokens/0/special", 1),
            "'added_tokens[0].special' expects a boolean, got number 1");
}

TEST(TokenizerVocabulary, AddedTokensWithOneId) {
  EXPECT_EQ(errorAfter("/added_tokens/1", {{"id", 258}, {"content", "<t>"}}),
            "'added_tokens[1]' has the id 258 of an earlier added token");
}

TEST(TokenizerVocabulary, AddedTokensWithOneText) {
  EXPECT_EQ(errorAfter("/added_tokens/1", {{"id", 259}, {"content", "<s>"}}),
            "'added_tokens[1]' repeats the added token '<s>'");
}

TEST(TokenizerVocabulary, AddedTokenOnTheIdOfAPiece) {
  EXPECT_EQ(errorAfter("/added_tokens/0/id", 256),
            "'model.vocab' added token '<s>' has the id 256 of another piece");
}

TEST(TokenizerVocabulary, AddedTokenWithAnotherIdInTheVocabulary) {
  EXPECT_EQ(errorAfter("/model/vocab/<s>", 300),
            "'model.vocab' piece '<s>' expects the id 258 of the added token, "
            "got 300");
}

TEST(TokenizerVocabulary, MergeThatIsNoPair) {
  for (const json &merge : {json("ab"), json("a b c"), json(3)})
    EXPECT_EQ(errorAfter("/model/merges/0", merge).substr(0, 36),
              "'model.merges[0]' expects two pieces");
  EXPECT_EQ(errorAfter("/model/merges/0", json::array({"a"})),
            "'model.merges[0]' expects two pieces, got array");
}

TEST(TokenizerVocabulary, MergeOfUnknownPieces) {
  EXPECT_EQ(errorAfter("/model/merges/0", "xy z"),
            "'model.merges[0]' expects 'xy' to be in the vocabulary");
  EXPECT_EQ(errorAfter("/model/merges/0", "z xy"),
            "'model.merges[0]' expects 'xy' to be in the vocabulary");
}

TEST(TokenizerVocabulary, MergeIntoAnUnknownPiece) {
  EXPECT_EQ(errorAfter("/model/merges/0", "y z"),
            "'model.merges[0]' expects 'yz' to be in the vocabulary");
}

TEST(TokenizerVocabulary, MergeListedTwice) {
  EXPECT_EQ(errorAfter("/model/merges/2", "a b"),
            "'model.merges[2]' repeats the merge of 'a' and 'b'");
}
