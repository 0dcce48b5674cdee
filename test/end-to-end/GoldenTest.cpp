//===- GoldenTest.cpp - compiled models against another library -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The limits are those of test/models/README.md for float32 activations and a
// float32 KV cache: an independent float64 evaluation is within 3e-5 of the
// goldens in every logit, so 1e-3 leaves room for the order of sums alone.
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Golden.h"
#include "runtime/eval/SessionEvaluated.h"
#include "runtime/eval/Text.h"
#include "runtime/text/Tokenizer.h"
#include "test/end-to-end/CompiledModel.h"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace ingot;

namespace {

constexpr double kMaxKl = 1e-8, kMaxLogitDiff = 1e-3, kMaxNllDiff = 1e-3;

std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// One test for each bundled checkpoint whose family is supported.
class CompiledGolden : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    std::shared_ptr<const Model> model = test::load(test::artifact(GetParam()));
    ASSERT_TRUE(model);
    auto created = Session::create(model, {.threads = 2});
    ASSERT_TRUE(created) << created.status().message();
    session.emplace(std::move(*created));
  }

  std::string file(const std::string &name) const {
    return test::checkpointFolder(GetParam()) + "/" + name;
  }

  std::optional<Session> session;
};

void expectAgreement(const eval::LogitAgreement &agreement) {
  EXPECT_LT(agreement.meanKl, kMaxKl);
  EXPECT_LT(agreement.maxAbsDiff, kMaxLogitDiff);
}

} // namespace

TEST_P(CompiledGolden, LogitsHiddenStatesAndGreedyTokensAgree) {
  auto golden = storage::SafeTensors::open(file("golden.safetensors"));
  ASSERT_TRUE(golden) << golden.status().message();
  eval::SessionEvaluated evaluated(*session);
  eval::GoldenOptions options;
  options.hidden = true;
  auto report = eval::compareWithGolden(evaluated, *golden, options, nullptr);
  ASSERT_TRUE(report) << report.status().message();

  expectAgreement(report->prompt);
  expectAgreement(report->longContext);
  EXPECT_EQ(report->greedy.mismatchesBeyondMargin, 0);
  ASSERT_TRUE(report->hidden);
  EXPECT_EQ(report->hidden->firstDifference(), nullptr);
  // A model with a draft has draft goldens, and the other way round.
  EXPECT_EQ(report->draft.has_value(), evaluated.hasDraft());
  if (report->draft)
    expectAgreement(*report->draft);
}

TEST_P(CompiledGolden, HeldOutTextHasTheGoldenLikelihood) {
  auto golden = nlohmann::json::parse(readFile(file("golden.json")));
  const text::Tokenizer &tokenizer = session->model().tokenizer();
  auto ids = tokenizer.encode(
      readFile(std::string(INGOT_TEST_MODELS) + "/heldout.txt"),
      /*addSpecial=*/false);
  ASSERT_TRUE(ids) << ids.status().message();
  auto bos = tokenizer.idOf(session->model().bosToken());
  ASSERT_TRUE(bos);

  eval::SessionEvaluated evaluated(*session);
  auto report = eval::scoreText(evaluated, *ids, *bos, {}, nullptr);
  ASSERT_TRUE(report) << report.status().message();
  EXPECT_EQ(report->tokens, golden["heldout"]["tokens"].get<int64_t>());
  EXPECT_NEAR(report->nllPerToken,
              golden["heldout"]["nll_per_token"].get<double>(), kMaxNllDiff);
}

INSTANTIATE_TEST_SUITE_P(Bundled, CompiledGolden,
                         testing::Values("deepseek-v2-tiny",
                                         "deepseek-v2-lite-tiny",
                                         "deepseek-v3-tiny", "llama3-tiny",
                                         "llama4-tiny", "mixtral-tiny",
                                         "olmo2-tiny", "qwen3-moe-tiny"),
                         [](const auto &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });
