//===- TokenizerFallbackTest.cpp - characters with bytes to fall back on --===//
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

using Kind = text::Rewrite::Kind;

/// The tokenizer after `pre_tokenizer` is replaced by a Metaspace with
/// `fields`.
static json withMetaspace(json fields) {
  json tokenizer = tinyCharacterTokenizer();
  fields["type"] = "Metaspace";
  tokenizer["pre_tokenizer"] = fields;
  return tokenizer;
}

TEST(TokenizerFallback, ReadsPiecesAsTheyAreSpelled) {
  auto spec = importTiny(tinyCharacterTokenizer());
  ASSERT_TRUE(spec) << spec.status().message();
  ASSERT_EQ(spec->byteFallbackIds.size(), 256u);
  EXPECT_EQ(spec->byteFallbackIds[0xE4], 0xE4);
  EXPECT_EQ(spec->pieces[0xE4], "\xE4");
  EXPECT_EQ(spec->pieces[256], "▁");
  ASSERT_EQ(spec->merges.size(), 1u);
  EXPECT_EQ(spec->merges[0].result, 259);
}

TEST(TokenizerFallback, ReadsStepsAroundTheMerges) {
  auto spec = importTiny(tinyCharacterTokenizer());
  ASSERT_TRUE(spec);
  ASSERT_EQ(spec->normalizers.size(), 2u);
  EXPECT_TRUE(spec->preparations.empty());
  EXPECT_TRUE(spec->splitPatterns.empty());
  ASSERT_EQ(spec->decodings.size(), 1u);
  EXPECT_EQ(spec->decodings[0].from, "▁");
  EXPECT_EQ(spec->decodings[0].text, " ");
  EXPECT_EQ(spec->strippedSpaces, 1);
}

TEST(TokenizerFallback, MetaspacePreparesTheText) {
  auto spec = importTiny(withMetaspace(
      {{"replacement", "▁"}, {"prepend_scheme", "first"}, {"split", false}}));
  ASSERT_TRUE(spec) << spec.status().message();
  ASSERT_EQ(spec->preparations.size(), 2u);
  EXPECT_EQ(spec->preparations[0].kind, Kind::Replace);
  EXPECT_EQ(spec->preparations[1].kind, Kind::PrependToInputIfMissing);
  EXPECT_EQ(spec->preparations[1].text, "▁");
  EXPECT_TRUE(spec->splitPatterns.empty());
}

TEST(TokenizerFallback, MetaspaceSplitsUnlessToldNotTo) {
  auto spec = importTiny(withMetaspace({{"replacement", "▁"}}));
  ASSERT_TRUE(spec);
  ASSERT_EQ(spec->splitPatterns.size(), 1u);
  EXPECT_EQ(spec->splitPatterns[0].source, "▁[^▁]*");
}

TEST(TokenizerFallback, MetaspacePrependsByItsScheme) {
  auto prepending = [](json fields) {
    fields["replacement"] = "▁";
    auto spec = importTiny(withMetaspace(fields));
    EXPECT_TRUE(spec) << spec.status().message();
    return spec->preparations.size() == 2 ? spec->preparations[1].kind
                                          : Kind::Nfc;
  };
  EXPECT_EQ(prepending(json::object()), Kind::PrependIfMissing);
  EXPECT_EQ(prepending({{"prepend_scheme", "always"}}), Kind::PrependIfMissing);
  EXPECT_EQ(prepending({{"add_prefix_space", true}}), Kind::PrependIfMissing);
  EXPECT_EQ(prepending({{"prepend_scheme", "never"}}), Kind::Nfc);
  EXPECT_EQ(prepending({{"add_prefix_space", false}}), Kind::Nfc);
}

TEST(TokenizerFallback, MetaspaceOfTheWrongKind) {
  EXPECT_EQ(errorOf(withMetaspace({{"replacement", "__"}})),
            "'pre_tokenizer.replacement' expects one character, got string "
            "'__'");
  EXPECT_EQ(errorOf(withMetaspace({})),
            "'pre_tokenizer.replacement' expects a string, got none");
  EXPECT_EQ(errorOf(withMetaspace(
                {{"replacement", "▁"}, {"prepend_scheme", "last"}})),
            "'pre_tokenizer.prepend_scheme' expects 'always', 'first' or "
            "'never', got string 'last'");
  EXPECT_EQ(
      errorOf(withMetaspace({{"replacement", "▁"}, {"prepend_scheme", 1}})),
      "'pre_tokenizer.prepend_scheme' expects a string, got number 1");
  EXPECT_EQ(
      errorOf(withMetaspace({{"replacement", "▁"}, {"add_prefix_space", 1}})),
      "'pre_tokenizer.add_prefix_space' expects a boolean, got number 1");
  EXPECT_EQ(errorOf(withMetaspace({{"replacement", "▁"}, {"split", 1}})),
            "'pre_tokenizer.split' expects a boolean, got number 1");
}

TEST(TokenizerFallback, MetaspaceThatContradictsItself) {
  EXPECT_EQ(errorOf(withMetaspace({{"replacement", "▁"},
                                   {"add_prefix_space", false},
                                   {"prepend_scheme", "first"}})),
            "'pre_tokenizer.prepend_scheme' expects 'never', as "
            "add_prefix_space is false, got string 'first'");
}

TEST(TokenizerFallback, MetaspaceBehindAnotherStep) {
  EXPECT_EQ(characterErrorAfter("/pre_tokenizer", json::parse(R"(
      {"type": "Sequence", "pretokenizers": [
        {"type": "Digits", "individual_digits": true},
        {"type": "Metaspace", "replacement": "▁"}]})")),
            "'pre_tokenizer.pretokenizers[1]' expects Metaspace to be the "
            "first step");
}

TEST(TokenizerFallback, SplitsAndDigitsAreSteps) {
  json tokenizer = tinyCharacterTokenizer();
  tokenizer["pre_tokenizer"] = json::parse(R"(
      {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "pattern": {"String": "a"}, "behavior": "Isolated"},
        {"type": "Digits", "individual_digits": true}]})");
  auto spec = importTiny(tokenizer);
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->splitPatterns.size(), 2u);
}

TEST(TokenizerFallback, ByteLevelBesideByteFallback) {
  EXPECT_EQ(
      characterErrorAfter("/pre_tokenizer",
                          {{"type", "ByteLevel"}, {"add_prefix_space", false}}),
      "'pre_tokenizer.type' expects 'Metaspace', 'Split' or 'Digits' "
      "beside byte_fallback, got string 'ByteLevel'");
}

TEST(TokenizerFallback, ByteWithoutAPiece) {
  json tokenizer = tinyCharacterTokenizer();
  tokenizer["model"]["vocab"].erase("<0xE4>");
  EXPECT_EQ(errorOf(tokenizer), "'model.vocab' expects a piece for every byte, "
                                "got none for '<0xE4>'");
}

TEST(TokenizerFallback, ByteThatIsAnAddedToken) {
  EXPECT_EQ(characterErrorAfter("/added_tokens/1",
                                {{"id", 65}, {"content", "<0x41>"}}),
            "'model.vocab' piece '<0x41>' expects to be no added token");
}

TEST(TokenizerFallback, MergeOfAByte) {
  json tokenizer = tinyCharacterTokenizer();
  tokenizer["model"]["vocab"]["<0x41>a"] = 261;
  tokenizer["model"]["merges"].push_back("<0x41> a");
  EXPECT_EQ(errorOf(tokenizer),
            "'model.merges[1]' expects no piece that stands "
            "for a byte, got '<0x41>'");
}

static const std::string wrongDecoder =
    "'decoder' expects the steps ByteFallback, Fuse and perhaps Strip after "
    "those that replace, got ";

TEST(TokenizerFallback, DecoderWithoutAStrip) {
  json tokenizer = tinyCharacterTokenizer();
  tokenizer["decoder"]["decoders"].erase(3);
  EXPECT_EQ(importTiny(tokenizer)->strippedSpaces, 0);
}

TEST(TokenizerFallback, DecoderOfOtherSteps) {
  EXPECT_EQ(characterErrorAfter("/decoder", {{"type", "ByteLevel"}}),
            wrongDecoder + "ByteLevel");
  EXPECT_EQ(characterErrorAfter("/decoder/decoders", json::array()),
            wrongDecoder + "none");
  json tokenizer = tinyCharacterTokenizer();
  tokenizer["decoder"]["decoders"].erase(2);
  EXPECT_EQ(errorOf(tokenizer), wrongDecoder + "ByteFallback, Strip");
}

TEST(TokenizerFallback, DecoderThatReplacesLate) {
  json tokenizer = tinyCharacterTokenizer();
  json &steps = tokenizer["decoder"]["decoders"];
  std::swap(steps[0], steps[2]);
  EXPECT_EQ(errorOf(tokenizer),
            wrongDecoder + "Fuse, ByteFallback, Replace, Strip");
}

TEST(TokenizerFallback, DecoderThatReplacesPartsOfBytes) {
  EXPECT_EQ(characterErrorAfter("/decoder/decoders/0/pattern/String", "0x"),
            "'decoder.decoders[0].pattern' expects a character that no "
            "spelling of a byte has");
}

TEST(TokenizerFallback, StripOfOtherThings) {
  const std::string step = "'decoder.decoders[3].";
  EXPECT_EQ(characterErrorAfter("/decoder/decoders/3/content", "_"),
            step + "content' expects a space, got string '_'");
  EXPECT_EQ(characterErrorAfter("/decoder/decoders/3/stop", 1),
            step + "stop' expects 0, got number 1");
  EXPECT_EQ(characterErrorAfter("/decoder/decoders/3/start", -1),
            step + "start' expects an integer from 0 to 1024, got number -1");
}
