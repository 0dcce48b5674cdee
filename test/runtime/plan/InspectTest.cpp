//===- InspectTest.cpp - plans as text and JSON ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Inspect.h"
#include "runtime/plan/Container.h"
#include "test/runtime/plan/SamplePlan.h"
#include "test/runtime/storage/TempFolder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ingot::test {
namespace {

/// The sample plan, written and opened again.
class Inspect : public testing::Test {
protected:
  PlanFile open() {
    auto file = PlanFile::open(writeSampleArtifact(folder.path(), plan));
    EXPECT_TRUE(file) << file.status().message();
    return *std::move(file);
  }
  void expectLine(const std::string &line, InspectOptions options = {}) {
    std::string text = "\n" + inspectText(open(), options);
    EXPECT_NE(text.find("\n" + line + "\n"), std::string::npos)
        << "expected the line\n"
        << line << "\nin" << text;
  }

  storage::test::TempFolder folder;
  fb::PlanT plan = makeSamplePlan();
};

TEST_F(Inspect, SummarySaysWhatThePlanIsFor) {
  expectLine("producer: test");
  expectLine("target: cpu x86-64");
  expectLine("model: vocabulary 8, hidden size 4, context 11, batch 3");
  expectLine("symbol T: at most 5");
  expectLine("kv cache: 7 pages of 4 tokens, at most 3 for a sequence");
}

TEST_F(Inspect, ControlCharactersStayOffTheTerminal) {
  plan.producer = "a\x1b[2J\nb";
  expectLine("producer: a\\x1b[2J\\x0ab");
}

TEST_F(Inspect, WeightsSayWhereTheirBytesLie) {
  expectLine("weight table: f32 [8, 4] at model.safetensors+3840");
  expectLine("weight unembed.{v}: f32 [8, 4] at model.safetensors+3968, 8 "
             "parts");
  EXPECT_NE(inspectText(open(), {}).find("weight bias: f32 [4] at artifact+"),
            std::string::npos);
}

TEST_F(Inspect, WeightsWithoutAFileSaySo) {
  plan.weights[Table]->views = {fb::View(kNoFile, 0, 128)};
  expectLine("weight table: f32 [8, 4] at no file");
  EXPECT_NE(inspectText(open(), {}).find("weights without a file 128, "),
            std::string::npos);
  auto json = nlohmann::json::parse(inspectJson(open(), {}));
  EXPECT_EQ(json["weights"][Table]["views"][0]["file"], false);
  EXPECT_EQ(json["sizes"]["drawn_weights"], 128);
}

TEST_F(Inspect, PackedWeightsAndTheirLaunchesAreListed) {
  packSampleWeights(plan);
  InspectOptions steps;
  steps.steps = true;
  expectLine("weight unembed.{v}.doubled: f32 [8, 4] at packed, 8 parts");
  expectLine("pack: 2 steps");
  expectLine("  step unembed.{v}.doubled: sample_double grid (4, 1, 1) args "
             "(@unembed.{v}[run], @unembed.{v}.doubled[run]) runs 8",
             steps);
  EXPECT_NE(inspectText(open(), {}).find("packed weights 144, "),
            std::string::npos);
  auto json = nlohmann::json::parse(inspectJson(open(), steps));
  EXPECT_EQ(json["weights"][Unembed2]["packed"], true);
  EXPECT_EQ(json["weights"][Unembed]["packed"], false);
  EXPECT_EQ(json["weights"][Unembed2]["views"][3]["file"], false);
  EXPECT_EQ(json["pack"]["step_count"], 2);
  EXPECT_EQ(json["pack"]["steps"][1]["runs"], 8);
  EXPECT_EQ(json["sizes"]["packed_weights"], 144);
}

TEST_F(Inspect, EntriesNameTheirInputsAndOutputs) {
  expectLine("entry prefill: 5 steps, T at most 5, S at most 3, R at most 5");
  expectLine("  input tokens: io+0 i32 [T]");
  expectLine("  input pages: io+256 i32 [S, 3]");
}

TEST_F(Inspect, FormOfLatentAttentionIsReported) {
  plan.entries[0]->absorption = std::make_unique<fb::Absorption>(
      fb::AttentionForm::Expanded, fb::FormCost(16, 32, 1),
      fb::FormCost(20, 64, 3));
  expectLine("  latent_attention: expanded (all layers, 5 tokens at the end of "
             "the context)");
  auto json = nlohmann::json::parse(inspectJson(open(), {}));
  EXPECT_EQ(json["report"]["entries"][0]["latent_attention"]["form"],
            "expanded");
}

TEST_F(Inspect, StepsAreListedOnRequestOnly) {
  InspectOptions steps;
  steps.steps = true;
  expectLine("  step add: sample_add grid (ceil((T * 4) / 3), 1, 1) args "
             "(io+704 f32 [T, 4], workspace+0 f32 [T, 4], workspace+128 f32 "
             "[T, 4], @bias, T) cost (rows T, weight_bytes 16, row_bytes 48, "
             "row_flops 8)",
             steps);
  EXPECT_EQ(inspectText(open(), {}).find("  step "), std::string::npos);
}

TEST_F(Inspect, StepsShowTapsAndWeightTables) {
  InspectOptions steps;
  steps.steps = true;
  std::string text = inspectText(open(), steps);
  EXPECT_NE(text.find(" tap hidden.0 cost (rows T, parts 8, part_bytes 16, "
                      "row_parts 1, row_bytes 16)\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("@unembed.{v}[*]) cost (rows R, product, "),
            std::string::npos)
      << text;
}

TEST_F(Inspect, GpuCodeSaysWhatItTakes) {
  moveToGpu(plan);
  *plan.kernels[0]->resources = fb::Resources(32, 64, 16, 24, 0, true);
  expectLine("target: sm_90a");
  expectLine("kernel sample_embed: sample_embed in module 0, block 32, shared "
             "64 + 16, registers 24, local 0, starts early");
  std::string text = inspectText(open(), {});
  EXPECT_NE(text.find("\nmodule: cubin sm_90a at "), std::string::npos) << text;
  EXPECT_NE(text.find(", 12 bytes, of module 1\nmodule: ptx sm_90a at "),
            std::string::npos)
      << text;
  auto json = nlohmann::json::parse(inspectJson(open(), {}));
  EXPECT_EQ(json["modules"][0]["kind"], "cubin");
  EXPECT_EQ(json["modules"][0]["source"], 1);
  EXPECT_EQ(json["modules"][1]["arch"], "sm_90a");
  EXPECT_EQ(json["kernels"][0]["resources"]["shared_bytes"], 64);
  EXPECT_EQ(json["kernels"][0]["resources"]["early_start"], true);
}

TEST_F(Inspect, HostCodeTakesNothingThatAPlanSays) {
  expectLine("kernel sample_embed: sample_embed");
  auto json = nlohmann::json::parse(inspectJson(open(), {}));
  EXPECT_EQ(json["modules"][0]["kind"], "host object");
  EXPECT_FALSE(json["kernels"][0].contains("resources"));
}

TEST_F(Inspect, TokenizerIsSummedUp) {
  expectLine(
      "tokenizer: 8 pieces, 0 merges, 0 added tokens, 0 patterns, from bytes");
  expectLine("stop ids: 7");
}

TEST_F(Inspect, JsonHasTheSameFacts) {
  InspectOptions steps;
  steps.steps = true;
  auto json = nlohmann::json::parse(inspectJson(open(), steps));
  EXPECT_EQ(json["model"]["max_context"], 11);
  EXPECT_EQ(json["symbols"]["T"], 5);
  EXPECT_EQ(json["weights"][1]["views"].size(), 8u);
  EXPECT_EQ(json["weights"][2]["views"][0]["file"], nullptr);
  EXPECT_EQ(json["entries"][0]["steps"][0]["tap"], "hidden.0");
  EXPECT_EQ(json["entries"][0]["steps"][0]["cost"]["part_bytes"], 16);
  EXPECT_EQ(json["entries"][0]["inputs"]["tokens"], "io+0 i32 [T]");
  EXPECT_EQ(json["sizes"]["embedded_weights"], 16);
  EXPECT_EQ(json["sizes"]["mapped_weights"], 256);
}

TEST_F(Inspect, JsonReplacesBytesThatAreNotText) {
  plan.producer = "\xff";
  EXPECT_EQ(nlohmann::json::parse(inspectJson(open(), {}))["producer"],
            "\xEF\xBF\xBD");
}

} // namespace
} // namespace ingot::test
