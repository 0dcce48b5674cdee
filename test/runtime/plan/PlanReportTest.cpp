//===- PlanReportTest.cpp - reports on the sample plan, by hand -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/PlanReport.h"
#include "test/runtime/plan/SamplePlan.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace ingot;
using namespace ingot::test;

namespace {

class Reports : public testing::Test {
protected:
  PlanReport report() {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(fb::CreatePlan(builder, &plan));
    return reportOn(*fb::GetPlan(builder.GetBufferPointer()));
  }

  fb::PlanT plan = makeSamplePlan();
};

TEST_F(Reports, CacheOfMainLayersAndOfTheDraftsOwn) {
  // One layer each, 4 floats a token.
  EXPECT_EQ(report().kvBytesPerToken, 16u);
  EXPECT_EQ(report().mtpKvBytesPerToken, 16u);
  EXPECT_EQ(report().kvTokens, (kPages - 1) * kPageSize);
}

TEST_F(Reports, ChunksOfPromptsAndSingleTokens) {
  PlanReport facts = report();
  ASSERT_EQ(facts.entries.size(), 4u); // prefill, decode, score, draft
  EXPECT_EQ(facts.entries[0].launches, 5);
  EXPECT_EQ(facts.entries[0].steps[0].tokens, kMaxTokens);
  EXPECT_EQ(facts.entries[0].steps[0].logitRows, 1);
  EXPECT_EQ(facts.entries[0].steps[1].past, kMaxContext - kMaxTokens);
  EXPECT_EQ(facts.entries[1].steps[0].tokens, 1);
  EXPECT_EQ(facts.entries[2].steps[0].logitRows, kMaxRows);
  EXPECT_EQ(facts.entries[3].steps[0].tokens, 1);
  // Ten more rows of the cache.
  EXPECT_EQ(facts.entries[1].steps[1].cost.cacheBytes,
            facts.entries[1].steps[0].cost.cacheBytes +
                (kMaxContext - 1) * 16u);
}

TEST_F(Reports, TextIsExactAndReadable) {
  plan.model->parameters = 671026419200;
  plan.model->active_parameters = 36624596992;
  std::string text = asText(report());
  for (const char *line :
       {"parameters: 671026419200 (671.03 B)\n",
        "active_parameters: 36624596992 (36.62 B)\n",
        "mtp_parameters: 0 (0.00)\n", "weight_bytes: 272 (272.00 B)\n",
        "entry decode: 5 launches\n", "  for 1 x 1 tokens after 10:\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
}

TEST_F(Reports, JsonHasTheFirstStepBesideTheList) {
  auto json = nlohmann::json::parse(asJson(report()));
  EXPECT_EQ(json["weight_bytes"], 272);
  EXPECT_EQ(json["entries"][0]["step_bytes"],
            json["entries"][0]["steps"][0]["step_bytes"]);
  EXPECT_EQ(json["entries"][1]["steps"][1]["weight_bytes"], 16 + 16 + 128);
  EXPECT_EQ(json["entries"][0]["exchanges_per_layer"], 0);
}

TEST_F(Reports, FormsOfLatentAttentionWhereThereIsOne) {
  plan.entries[1]->absorption = std::make_unique<fb::Absorption>(
      fb::AttentionForm::Reassociated, fb::FormCost(2048, 5000, 1),
      fb::FormCost(3072, 400, 3));
  EXPECT_NE(asText(report()).find(
                "  latent_attention: reassociated (all layers, 5 tokens at the "
                "end of the context)\n"
                "    expanded_bytes: 2048 (2.00 KiB)\n"
                "    expanded_flops: 5000 (5.00 K)\n"
                "    expanded_exchanges: 1\n"
                "    reassociated_bytes: 3072 (3.00 KiB)\n"
                "    reassociated_flops: 400 (400.00)\n"
                "    reassociated_exchanges: 3\n"),
            std::string::npos);
  auto entries = nlohmann::json::parse(asJson(report()))["entries"];
  EXPECT_FALSE(entries[0].contains("latent_attention"));
  EXPECT_EQ(entries[1]["latent_attention"], nlohmann::json::parse(R"({
    "form": "reassociated", "tokens": 5,
    "expanded": {"bytes": 2048, "flops": 5000, "exchanges": 1},
    "reassociated": {"bytes": 3072, "flops": 400, "exchanges": 3}})"));
}

TEST_F(Reports, NoWordOfLatentAttentionWhereThereIsNone) {
  EXPECT_EQ(asText(report()).find("latent_attention"), std::string::npos);
}

} // namespace
