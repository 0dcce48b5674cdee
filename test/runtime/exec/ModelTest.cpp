//===- ModelTest.cpp - what loading gives and refuses ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/ChatTemplate.h"
#include "runtime/text/Tokenizer.h"
#include "test/runtime/exec/ReferenceModel.h"

#include <filesystem>

using namespace ingot;
using namespace ingot::test;

namespace {

class ModelTest : public SampleModel {
protected:
  Status refusal(const std::string &module = readSampleKernels()) {
    path = writeSampleArtifact(folder.path(), plan, module);
    auto model = Model::load(path, {});
    EXPECT_FALSE(model);
    return model.status();
  }

  std::string path;
};

TEST_F(ModelTest, InfoIsThePlans) {
  auto model = load();
  ASSERT_TRUE(model);
  EXPECT_EQ(model->info().vocabSize, kVocab);
  EXPECT_EQ(model->info().hiddenSize, kHidden);
  EXPECT_EQ(model->info().maxContext, kMaxContext);
  EXPECT_EQ(model->info().maxBatch, kMaxSequences);
  EXPECT_EQ(model->info().maxStepTokens, kMaxTokens);
  EXPECT_EQ(model->info().maxScoredTokens, kMaxTokens);
  EXPECT_TRUE(model->info().hasDraft);
}

TEST_F(ModelTest, LimitBelowWhatIsNeeded) {
  path = writeSampleArtifact(folder.path(), plan, readSampleKernels());
  LoadOptions options;
  options.memoryLimit = 1 << 20;
  // Nothing was looked for, let alone touched.
  std::filesystem::remove(folder.path() + "/model.safetensors");
  auto model = Model::load(path, options);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().code(), StatusCode::OutOfMemory);
  EXPECT_NE(model.status().message().find("of memory, the limit is 1.0 MiB\n"),
            std::string::npos)
      << model.status().message();
}

TEST_F(ModelTest, ArenaLargerThanTheMachinesMemory) {
  plan.arenas[2]->bytes = uint64_t(1) << 62;
  Status status = refusal();
  EXPECT_EQ(status.code(), StatusCode::OutOfMemory);
  EXPECT_NE(status.message().find("kv cache: 4398046511104.0 MiB needed, "),
            std::string::npos)
      << status.message();
}

TEST_F(ModelTest, TextPartsAreThePlans) {
  plan.tokenizer->bos_token = "a";
  plan.tokenizer->eos_token = "h";
  plan.tokenizer->merges = {};
  plan.tokenizer->prefix_ids = {0};
  plan.generation->do_sample = true;
  plan.generation->top_k = 5;
  auto model = load();
  ASSERT_TRUE(model);
  EXPECT_EQ(*model->tokenizer().encode("ceh", true),
            (std::vector<int32_t>{0, 2, 4, 7}));
  EXPECT_EQ(model->bosToken(), "a");
  EXPECT_EQ(model->eosToken(), "h");
  EXPECT_EQ(model->chatTemplate(), nullptr);
  EXPECT_TRUE(model->generationDefaults().doSample);
  EXPECT_EQ(model->generationDefaults().topK, 5);
  EXPECT_EQ(model->generationDefaults().stopIds, std::vector<int32_t>{7});
}

TEST_F(ModelTest, ChatTemplateIsRead) {
  plan.tokenizer->chat_template =
      "{% for m in messages %}{{ m['content'] }}{% endfor %}";
  auto model = load();
  ASSERT_TRUE(model);
  ASSERT_NE(model->chatTemplate(), nullptr);
  EXPECT_EQ(*model->chatTemplate()->render({{"user", "abc"}}, true, "", ""),
            "abc");
}

TEST_F(ModelTest, TokenizerAtFaultIsNamedWithTheArtifact) {
  plan.tokenizer->prefix_ids = {99};
  Status status = refusal();
  EXPECT_EQ(status.code(), StatusCode::InvalidPlan);
  EXPECT_TRUE(status.message().starts_with(path + ": ")) << status.message();
}

TEST_F(ModelTest, TemplateAtFaultIsNamedWithTheArtifact) {
  plan.tokenizer->chat_template = "{% if %}";
  Status status = refusal();
  EXPECT_EQ(status.code(), StatusCode::InvalidPlan);
  EXPECT_TRUE(status.message().starts_with(path + ": ")) << status.message();
}

TEST_F(ModelTest, PlanForAnotherMachine) {
  plan.target->features = {"no_such_feature"};
  Status status = refusal();
  EXPECT_EQ(status.code(), StatusCode::Incompatible);
  EXPECT_EQ(status.message(), path +
                                  ": compiled for 'x86-64', this machine lacks "
                                  "'no_such_feature'");
}

TEST_F(ModelTest, ModuleThatIsNoSharedObject) {
  Status status = refusal("not a shared object");
  EXPECT_EQ(status.code(), StatusCode::InvalidPlan);
  EXPECT_TRUE(status.message().starts_with(
      path + ": module 0: expects a shared object for this machine, got: "))
      << status.message();
}

TEST_F(ModelTest, KernelThatItsModuleLacks) {
  plan.kernels[0]->symbol = "absent";
  Status status = refusal();
  EXPECT_EQ(status.message(),
            path + ": module 0: expects function 'absent', got none");
}

TEST_F(ModelTest, MissingArtifact) {
  auto model = Model::load(folder.path("none.ingot"), {});
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().code(), StatusCode::NotFound);
}

} // namespace
