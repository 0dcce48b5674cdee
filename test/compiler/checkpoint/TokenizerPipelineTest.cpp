//===- TokenizerPipelineTest.cpp - Steps taken and steps refused ----------===//
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

using Patterns = std::vector<std::string>;
using Ids = std::vector<int32_t>;
using Kind = text::Rewrite::Kind;

/// The split patterns after `pre_tokenizer` is replaced by `text`.
static Patterns patternsOf(std::string_view text) {
  json tokenizer = tinyTokenizer();
  tokenizer["pre_tokenizer"] = json::parse(text);
  auto spec = importTiny(tokenizer);
  if (!spec)
    return {spec.status().message()};
  Patterns patterns;
  for (const text::SplitPattern &pattern : spec->splitPatterns)
    patterns.push_back(pattern.source);
  return patterns;
}

TEST(TokenizerPipeline, RegexIsTakenAsItIs) {
  EXPECT_EQ(patternsOf(R"({"type": "Sequence", "pretokenizers": [
      {"type": "Split", "pattern": {"Regex": "\\p{L}+"},
       "behavior": "Isolated", "invert": false},
      {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]})"),
            Patterns{"\\p{L}+"});
}

TEST(TokenizerPipeline, StringIsEscaped) {
  EXPECT_EQ(patternsOf(R"({"type": "Sequence", "pretokenizers": [
      {"type": "Split", "pattern": {"String": "a.b ü"},
       "behavior": "Isolated"},
      {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]})"),
            Patterns{"a\\.b\\ ü"});
}

TEST(TokenizerPipeline, DigitsBecomeAPattern) {
  EXPECT_EQ(patternsOf(R"({"type": "Sequence", "pretokenizers": [
      {"type": "Digits", "individual_digits": true},
      {"type": "Digits", "individual_digits": false},
      {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]})"),
            (Patterns{"\\p{N}", "\\p{N}+"}));
}

TEST(TokenizerPipeline, ByteLevelBringsItsOwnPatternUnlessToldNotTo) {
  const Patterns gpt2 = {
      R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\t-\r\x{85}\p{Z}\p{L}\p{N}]+)"
      R"(|[\t-\r\x{85}\p{Z}]+(?![^\t-\r\x{85}\p{Z}])|[\t-\r\x{85}\p{Z}]+)"};
  EXPECT_EQ(patternsOf(R"({"type": "ByteLevel", "add_prefix_space": false,
                           "use_regex": true})"),
            gpt2);
  EXPECT_EQ(patternsOf(R"({"type": "ByteLevel", "add_prefix_space": false})"),
            gpt2);
}

TEST(TokenizerPipeline, PrefixSpaceIsRefused) {
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/1/add_prefix_space", true),
            "'pre_tokenizer.pretokenizers[1].add_prefix_space' expects false, "
            "got true");
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/1/add_prefix_space", 1),
            "'pre_tokenizer.pretokenizers[1].add_prefix_space' expects a "
            "boolean, got number 1");
}

TEST(TokenizerPipeline, UseRegexOfTheWrongKind) {
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/1/use_regex", 1),
            "'pre_tokenizer.pretokenizers[1].use_regex' expects a boolean, got "
            "number 1");
}

TEST(TokenizerPipeline, RemovingAllButMatchesKeepsMatchesOnly) {
  json tokenizer = tinyTokenizer();
  json &split = tokenizer["pre_tokenizer"]["pretokenizers"][0];
  split["invert"] = true;
  // Isolated both ways round: matches and what lies between are kept.
  EXPECT_FALSE(importTiny(tokenizer)->splitPatterns[0].matchesOnly);
  split["behavior"] = "Removed";
  EXPECT_TRUE(importTiny(tokenizer)->splitPatterns[0].matchesOnly);
}

TEST(TokenizerPipeline, OtherSplitsAreRefused) {
  const std::string step = "'pre_tokenizer.pretokenizers[0]";
  EXPECT_EQ(
      errorAfter("/pre_tokenizer/pretokenizers/0/behavior", "MergedWithNext"),
      step + ".behavior' expects 'Isolated' or 'Removed', got string "
             "'MergedWithNext'");
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/0/behavior", "Removed"),
            step +
                ".invert' expects true where matches are removed, got false");
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/0/behavior", nullptr),
            step + ".behavior' expects a string, got null");
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/0/invert", 0),
            step + ".invert' expects a boolean, got number 0");
}

TEST(TokenizerPipeline, PatternThatPcre2ReadsOtherwise) {
  EXPECT_EQ(
      errorAfter("/pre_tokenizer/pretokenizers/0/pattern",
                 {{"Regex", "a\\wb"}}),
      "'pre_tokenizer.pretokenizers[0].pattern.Regex' has '\\w' at offset "
      "1, which is not supported");
}

TEST(TokenizerPipeline, SplitWithoutPattern) {
  const std::string expected = "'pre_tokenizer.pretokenizers[0].pattern' "
                               "expects a Regex or a String that is not empty";
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/0/pattern", {}), expected);
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/0/pattern/String", ""),
            expected);
}

TEST(TokenizerPipeline, DigitsWithoutTheirOption) {
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/0", {{"type", "Digits"}}),
            "'pre_tokenizer.pretokenizers[0].individual_digits' expects a "
            "boolean, got none");
}

TEST(TokenizerPipeline, UnknownPreTokenizer) {
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/0/type", "Metaspace"),
            "'pre_tokenizer.pretokenizers[0].type' expects 'Split', 'Digits' "
            "or 'ByteLevel', got string 'Metaspace'");
  EXPECT_EQ(errorAfter("/pre_tokenizer", nullptr),
            "'pre_tokenizer.type' expects a string, got none");
}

TEST(TokenizerPipeline, SequenceWithoutSteps) {
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers", 3),
            "'pre_tokenizer.pretokenizers' expects an array, got number 3");
}

TEST(TokenizerPipeline, ByteLevelMustBeThere) {
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers", json::array()),
            "'pre_tokenizer' expects a ByteLevel step, got none");
}

TEST(TokenizerPipeline, ByteLevelMustBeLast) {
  json byteLevel = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
  EXPECT_EQ(errorAfter("/pre_tokenizer/pretokenizers/2", byteLevel),
            "'pre_tokenizer.pretokenizers[2]' expects ByteLevel to be the last "
            "step");
}

TEST(TokenizerPipeline, NormalizersInTheirOrder) {
  json tokenizer = tinyTokenizer();
  tokenizer["normalizer"] = json::parse(R"({"type": "Sequence", "normalizers": [
      {"type": "NFC"}, {"type": "Prepend", "prepend": "_"},
      {"type": "Replace", "pattern": {"String": " "}, "content": "_"}]})");
  auto spec = importTiny(tokenizer);
  ASSERT_TRUE(spec) << spec.status().message();
  ASSERT_EQ(spec->normalizers.size(), 3u);
  EXPECT_EQ(spec->normalizers[0].kind, Kind::Nfc);
  EXPECT_EQ(spec->normalizers[1].kind, Kind::Prepend);
  EXPECT_EQ(spec->normalizers[1].text, "_");
  EXPECT_EQ(spec->normalizers[2].kind, Kind::Replace);
  EXPECT_EQ(spec->normalizers[2].from, " ");
  EXPECT_EQ(spec->normalizers[2].text, "_");
}

TEST(TokenizerPipeline, OtherNormalizersAreRefused) {
  EXPECT_EQ(errorAfter("/normalizer", {{"type", "NFKC"}}),
            "'normalizer.type' expects 'NFC', 'Prepend' or 'Replace', got "
            "string 'NFKC'");
  EXPECT_EQ(
      errorAfter("/normalizer", {{"type", "Sequence"}, {"normalizers", {}}}),
      "'normalizer.normalizers' expects an array, got null");
  EXPECT_EQ(errorAfter("/normalizer",
                       {{"type", "Sequence"}, {"normalizers", json::array()}}),
            "no error");
}

TEST(TokenizerPipeline, NormalizerThatReplacesAPattern) {
  EXPECT_EQ(errorAfter("/normalizer", {{"type", "Replace"},
                                       {"pattern", {{"Regex", "a+"}}},
                                       {"content", ""}}),
            "'normalizer.pattern' expects a String that is not empty");
  EXPECT_EQ(errorAfter("/normalizer", {{"type", "Replace"},
                                       {"pattern", {{"String", ""}}},
                                       {"content", ""}}),
            "'normalizer.pattern' expects a String that is not empty");
  EXPECT_EQ(errorAfter("/normalizer",
                       {{"type", "Replace"}, {"pattern", {{"String", "a"}}}}),
            "'normalizer.content' expects a string, got none");
}

TEST(TokenizerPipeline, PrependWithoutItsText) {
  EXPECT_EQ(errorAfter("/normalizer", {{"type", "Prepend"}}),
            "'normalizer.prepend' expects a string, got none");
}

TEST(TokenizerPipeline, TemplateGivesPrefixAndSuffix) {
  json tokenizer = tinyTokenizer();
  tokenizer["post_processor"]["single"].push_back(
      {{"SpecialToken", {{"id", "<s>"}}}});
  auto spec = importTiny(tokenizer);
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->prefixIds, Ids{258});
  EXPECT_EQ(spec->suffixIds, Ids{258});
}

TEST(TokenizerPipeline, TemplateMayStandBesideByteLevel) {
  json tokenizer = tinyTokenizer();
  json own = tokenizer["post_processor"];
  tokenizer["post_processor"] = {
      {"type", "Sequence"},
      {"processors", json::array({{{"type", "ByteLevel"}}, own})}};
  auto spec = importTiny(tokenizer);
  ASSERT_TRUE(spec) << spec.status().message();
  EXPECT_EQ(spec->prefixIds, Ids{258});
}

TEST(TokenizerPipeline, OtherPostProcessorsAreRefused) {
  EXPECT_EQ(errorAfter("/post_processor/type", "RobertaProcessing"),
            "'post_processor.type' expects 'TemplateProcessing' or "
            "'ByteLevel', got string 'RobertaProcessing'");
  json own = tinyTokenizer()["post_processor"];
  EXPECT_EQ(
      errorAfter("/post_processor", {{"type", "Sequence"},
                                     {"processors", json::array({own, own})}}),
      "'post_processor.processors[1]' is a second TemplateProcessing");
}

TEST(TokenizerPipeline, TemplateWithoutTheText) {
  EXPECT_EQ(errorAfter("/post_processor/single", json::array()),
            "'post_processor.single' expects a Sequence, got none");
  EXPECT_EQ(errorAfter("/post_processor/single", 1),
            "'post_processor.single' expects an array, got number 1");
}

TEST(TokenizerPipeline, TemplateWithTheTextTwice) {
  EXPECT_EQ(errorAfter("/post_processor/single/0", {{"Sequence", {1}}}),
            "'post_processor.single[1]' repeats the text");
}

TEST(TokenizerPipeline, TemplateWithAnUnknownItem) {
  EXPECT_EQ(errorAfter("/post_processor/single/0", 3),
            "'post_processor.single[0]' expects a Sequence or a SpecialToken, "
            "got number 3");
}

TEST(TokenizerPipeline, TemplateWithUnknownIds) {
  EXPECT_EQ(errorAfter("/post_processor/special_tokens/<s>/ids/0", 259),
            "'post_processor.special_tokens.<s>.ids[0]' expects an integer "
            "from 0 to 258, got number 259");
  EXPECT_EQ(errorAfter("/post_processor/special_tokens", nullptr),
            "'post_processor.special_tokens.<s>.ids' expects an array, got "
            "none");
}

TEST(TokenizerPipeline, OtherDecodersAreRefused) {
  EXPECT_EQ(errorAfter("/decoder/type", "Metaspace"),
            "'decoder.type' expects 'ByteLevel', got string 'Metaspace'");
  EXPECT_EQ(errorAfter("/decoder", nullptr),
            "'decoder.type' expects a string, got none");
  EXPECT_EQ(errorAfter("/decoder",
                       {{"type", "Sequence"}, {"decoders", json::array()}}),
            "'decoder' expects one ByteLevel step, got 0");
}
