//===- StreamDecoderTest.cpp - decoding token by token ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/StreamDecoder.h"
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

TEST(StreamDecoder, HoldsBackAnIncompleteCharacter) {
  Tokenizer tokenizer = make(byteSpec());
  StreamDecoder stream(tokenizer, false);
  EXPECT_EQ(*stream.push('a'), "a");
  EXPECT_EQ(*stream.push(0xC3), "");
  EXPECT_EQ(*stream.push(0xA9), "é");
  EXPECT_EQ(stream.finish(), "");
}

TEST(StreamDecoder, CharacterThatNeverCompletes) {
  Tokenizer tokenizer = make(byteSpec());
  StreamDecoder stream(tokenizer, false);
  EXPECT_EQ(*stream.push(0xF0), "");
  EXPECT_EQ(*stream.push(0x9F), "");
  EXPECT_EQ(stream.finish(), "\uFFFD");
  EXPECT_EQ(stream.finish(), "");
}

TEST(StreamDecoder, SkipsSpecialTokens) {
  TokenizerSpec spec = byteSpec();
  int32_t end = addToken(spec, "<end>", true);
  Tokenizer tokenizer = make(spec);
  EXPECT_EQ(*StreamDecoder(tokenizer, true).push(end), "");
  EXPECT_EQ(*StreamDecoder(tokenizer, false).push(end), "<end>");
}

TEST(StreamDecoder, IdOutsideTheVocabularyChangesNothing) {
  Tokenizer tokenizer = make(byteSpec());
  StreamDecoder stream(tokenizer, false);
  EXPECT_EQ(*stream.push(0xC3), "");
  EXPECT_EQ(stream.push(256).status().message(),
            "tokenizer: token id 256 is outside the vocabulary of 256");
  EXPECT_EQ(*stream.push(0xA9), "é");
}

// Every pair of bytes between two letters: what comes out in parts is what
// decode gives of the whole.
TEST(StreamDecoder, PartsMakeUpTheWhole) {
  Tokenizer tokenizer = make(byteSpec());
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      Ids ids = {'a', first, second, 'b', first};
      StreamDecoder stream(tokenizer, false);
      std::string text;
      for (int32_t id : ids)
        text += *stream.push(id);
      text += stream.finish();
      ASSERT_EQ(text, *tokenizer.decode(ids, false));
    }
}

} // namespace
