//===- TokenizerFormsTest.cpp - every published form, against goldens -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tokenizers of test/tokenizers, one for each form in which families
// publish theirs, against what the tokenizers library gave for awkward texts.
// Each is imported, carried through a plan's table and back, and run: what a
// compiled plan would do.
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerImport.h"
#include "compiler/emit/TokenizerTable.h"
#include "runtime/exec/PlanText.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/Json.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/StreamDecoder.h"
#include "runtime/text/Tokenizer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace ingot;
using Ids = std::vector<int32_t>;

namespace {

/// `spec` as a loaded plan has it.
text::TokenizerSpec throughPlan(const text::TokenizerSpec &spec) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(
      fb::Tokenizer::Pack(builder, compiler::translateTokenizer(spec).get()));
  return readTokenizerSpec(
      *flatbuffers::GetRoot<fb::Tokenizer>(builder.GetBufferPointer()));
}

class TokenizerForms : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    std::string folder = std::string(INGOT_TEST_TOKENIZERS) + "/" + GetParam();
    Result<text::TokenizerSpec> spec = compiler::importTokenizer(folder);
    ASSERT_TRUE(spec) << spec.status().message();
    Result<text::Tokenizer> created =
        text::Tokenizer::create(throughPlan(*spec));
    ASSERT_TRUE(created) << created.status().message();
    tokenizer.emplace(*std::move(created));
    Result<nlohmann::json> read = storage::readJson(folder + "/golden.json");
    ASSERT_TRUE(read) << read.status().message();
    golden = *read;
    for (const char *part : {"cases", "cut", "long"})
      ASSERT_FALSE(golden[part].empty());
  }

  Ids encode(const std::string &text, bool addSpecial) {
    Result<Ids> ids = tokenizer->encode(text, addSpecial);
    EXPECT_TRUE(ids) << ids.status().message();
    return ids ? *ids : Ids();
  }

  std::string stream(const Ids &ids, bool skipSpecial) {
    text::StreamDecoder decoder(*tokenizer, skipSpecial);
    std::string text;
    for (int32_t id : ids)
      text += *decoder.push(id);
    return text + decoder.finish();
  }

  std::optional<text::Tokenizer> tokenizer;
  nlohmann::json golden;
};

TEST_P(TokenizerForms, EncodesAsTheReference) {
  for (const nlohmann::json &entry : golden["cases"]) {
    std::string text = entry["text"];
    SCOPED_TRACE(storage::quote(text));
    Ids plain = entry["ids"];
    EXPECT_EQ(encode(text, false), plain);
    Ids special = entry.value("ids_special", plain);
    EXPECT_EQ(encode(text, true), special);
  }
}

TEST_P(TokenizerForms, DecodesAsTheReference) {
  for (const nlohmann::json &entry : golden["cases"]) {
    if (!entry.contains("decoded"))
      continue;
    SCOPED_TRACE(storage::quote(entry["text"].get<std::string>()));
    Ids ids = entry.value("ids_special", entry["ids"].get<Ids>());
    EXPECT_EQ(*tokenizer->decode(ids, /*skipSpecial=*/true),
              entry["decoded"].get<std::string>());
    EXPECT_EQ(*tokenizer->decode(ids, /*skipSpecial=*/false),
              entry["decoded_all"].get<std::string>());
    EXPECT_EQ(stream(ids, /*skipSpecial=*/true),
              entry["decoded"].get<std::string>());
  }
}

TEST_P(TokenizerForms, DecodesCutCharactersAsTheReference) {
  for (const nlohmann::json &entry : golden["cut"])
    EXPECT_EQ(*tokenizer->decode(entry["ids"].get<Ids>(), false),
              entry["decoded"].get<std::string>());
}

/// FNV-1a over the ids, each as four bytes, lowest first.
std::string hash(const Ids &ids) {
  uint64_t state = 0xCBF29CE484222325;
  for (int32_t id : ids)
    for (int shift = 0; shift < 32; shift += 8)
      state = (state ^ (uint32_t(id) >> shift & 0xFF)) * 0x100000001B3;
  return storage::hex(state);
}

TEST_P(TokenizerForms, EncodesLongRunsAsTheReference) {
  for (const nlohmann::json &entry : golden["long"]) {
    std::string text, unit = entry["text"];
    SCOPED_TRACE(storage::quote(unit));
    for (int i = 0; i < entry["times"]; ++i)
      text += unit;
    Ids ids = encode(text, false);
    EXPECT_EQ(ids.size(), entry["count"].get<size_t>());
    EXPECT_EQ(hash(ids), entry["fnv1a"].get<std::string>());
  }
}

INSTANTIATE_TEST_SUITE_P(Published, TokenizerForms,
                         testing::Values("deepseek-v2", "deepseek-v3", "flags",
                                         "flags-prepend", "gpt2", "llama2",
                                         "llama3", "llama4", "metaspace",
                                         "mixtral", "olmo2", "qwen3"),
                         [](const testing::TestParamInfo<const char *> &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace
