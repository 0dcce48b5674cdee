//===- FuzzCorpusTest.cpp - what FuzzPlan starts from is a plan -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mutations of an artifact that is refused at its first bytes reach nothing
// else: where the schema changes, the corpus must follow.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Container.h"
#include "test/runtime/plan/SamplePlan.h"
#include "test/runtime/storage/TempFolder.h"

#include <cstring>

using namespace ingot;
using namespace ingot::test;

namespace {

/// Compares header and plan with an input of the corpus. Blobs are left out,
/// which FuzzPlan replaces by zeros, and the hash, which it computes.
void expectInCorpus(const std::string &name, fb::PlanT plan) {
  storage::test::TempFolder folder;
  writeSampleArtifact(folder.path(), std::move(plan), std::string(12, '\0'));
  std::string wanted = folder.read("model.ingot");
  ContainerHeader header;
  std::memcpy(&header, wanted.data(), sizeof(header));
  wanted.resize(header.planOffset + header.planSize);
  header.hash = 0;
  std::memcpy(wanted.data(), &header, sizeof(header));

  const std::string path = INGOT_TEST_CORPUS "/FuzzPlan/" + name;
  std::ifstream file(path, std::ios::binary);
  if (std::string(std::istreambuf_iterator<char>(file), {}) == wanted)
    return;
  std::ofstream(name, std::ios::binary) << wanted;
  ADD_FAILURE() << "plans have changed: copy "
                << std::filesystem::absolute(name) << " to " << path;
}

TEST(FuzzCorpus, HasThePlanOfToday) {
  expectInCorpus("sample", makeSamplePlan());
}

TEST(FuzzCorpus, HasThePlanOfTodayWithPackedWeights) {
  fb::PlanT plan = makeSamplePlan();
  packSampleWeights(plan);
  expectInCorpus("packed", std::move(plan));
}

/// Gives the sample's tokenizer one of each that it does without.
void rewriteText(fb::TokenizerT &tokenizer) {
  auto rewrite = [](fb::RewriteKind kind, const char *from, const char *text) {
    auto table = std::make_unique<fb::RewriteT>();
    table->kind = kind;
    table->from = from;
    table->text = text;
    return table;
  };
  using Kind = fb::RewriteKind;
  tokenizer.normalizers.push_back(rewrite(Kind::Nfc, "", ""));
  tokenizer.normalizers.push_back(rewrite(Kind::Replace, " ", "a"));
  tokenizer.preparations.push_back(rewrite(Kind::Prepend, "", "b"));
  tokenizer.decodings.push_back(rewrite(Kind::Replace, "b", " "));
  tokenizer.stripped_spaces = 1;
  auto split = std::make_unique<fb::SplitPatternT>();
  split->source = "[a-h]+";
  split->matches_only = true;
  tokenizer.split_patterns.push_back(std::move(split));
  auto token = std::make_unique<fb::AddedTokenT>();
  token->id = 0;
  token->content = "a";
  token->normalized = token->single_word = true;
  token->strip_left = token->strip_right = true;
  tokenizer.added_tokens.push_back(std::move(token));
}

TEST(FuzzCorpus, HasThePlanOfTodayWithRewrittenText) {
  fb::PlanT plan = makeSamplePlan();
  rewriteText(*plan.tokenizer);
  expectInCorpus("rewritten", std::move(plan));
}

TEST(FuzzCorpus, HasThePlanOfTodayForAGpu) {
  fb::PlanT plan = makeSamplePlan();
  chooseInSample(plan);
  moveToGpu(plan);
  expectInCorpus("gpu", std::move(plan));
}

} // namespace
