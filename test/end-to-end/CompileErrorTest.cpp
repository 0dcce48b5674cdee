//===- CompileErrorTest.cpp - what the compiler refuses -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/end-to-end/CompiledModel.h"

#include <fstream>
#include <gtest/gtest.h>

using namespace ingot;

namespace {

compiler::CompileOptions defaults() {
  compiler::CompileOptions options;
  options.checkpoint = test::checkpointFolder("deepseek-v3-tiny");
  options.output = test::scratchFolder() / "refused.ingot";
  return options;
}

/// Expects a failure with this message, and no file.
void expectRefused(const compiler::CompileOptions &options,
                   const std::string &message) {
  Status status = test::compileQuietly(options);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message().find(message), std::string::npos)
      << status.message();
  EXPECT_FALSE(std::filesystem::exists(options.output));
}

} // namespace

TEST(CompileError, UnknownTarget) {
  compiler::CompileOptions options = defaults();
  options.target = "abacus";
  expectRefused(options, "expects --target cpu, got 'abacus'");
}

TEST(CompileError, ContextBeyondTheModel) {
  compiler::CompileOptions options = defaults();
  options.maxContext = 2048;
  expectRefused(options, "expects --max-context of at most the model's 1024 "
                         "positions, got 2048");
}

TEST(CompileError, NoCheckpointInTheFolder) {
  compiler::CompileOptions options = defaults();
  options.checkpoint = test::scratchFolder();
  expectRefused(options, options.checkpoint);
}

TEST(CompileError, FamilyWithoutARow) {
  std::filesystem::path folder = test::scratchFolder() / "no-family";
  std::filesystem::copy(test::checkpointFolder("deepseek-v3-tiny"), folder);
  std::ofstream(folder / "config.json")
      << R"({"architectures": ["GptForCausalLM"]})";
  compiler::CompileOptions options = defaults();
  options.checkpoint = folder;
  expectRefused(options, "got 'GptForCausalLM'");
}

TEST(CompileError, OutputFolderMissing) {
  compiler::CompileOptions options = defaults();
  options.output = test::scratchFolder() / "nowhere" / "model.ingot";
  expectRefused(options, "nowhere");
}

TEST(CompileError, ChatTemplateThatCannotBeRenderedIsLeftOutWithAWarning) {
  std::filesystem::path folder = test::scratchFolder() / "odd-template";
  std::filesystem::copy(test::checkpointFolder("deepseek-v3-tiny"), folder);
  std::ofstream(folder / "chat_template.jinja") << "{% include 'other' %}";
  compiler::CompileOptions options = defaults();
  options.checkpoint = folder;
  options.output = test::scratchFolder() / "odd-template.ingot";
  std::string warnings;
  auto onHop = [](llvm::StringRef) {};
  auto onWarning = [&](const std::string &message) { warnings += message; };
  Status status = compiler::compile(options, {onHop, onWarning, llvm::nulls()});
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_NE(warnings.find("chat template left out"), std::string::npos)
      << warnings;
  EXPECT_EQ(test::load(options.output)->chatTemplate(), nullptr);
}
