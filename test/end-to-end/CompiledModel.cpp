//===- CompiledModel.cpp - a bundled checkpoint, compiled for a test ------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/end-to-end/CompiledModel.h"

#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

namespace ingot::test {

std::string checkpointFolder(const std::string &name) {
  return std::string(INGOT_TEST_MODELS) + "/" + name;
}

std::filesystem::path scratchFolder() {
  struct Folder {
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("ingot-e2e-" + std::to_string(getpid()));
  };
  static Folder folder;
  return folder.path;
}

Status compileQuietly(const compiler::CompileOptions &options) {
  auto onHop = [](llvm::StringRef) {};
  auto onWarning = [](const std::string &) {};
  return compiler::compile(options, {onHop, onWarning, llvm::nulls()});
}

const std::string &artifact(const std::string &name) {
  static std::map<std::string, std::string> compiled;
  std::string &path = compiled[name];
  if (!path.empty())
    return path;
  path = scratchFolder() / (name + ".ingot");
  compiler::CompileOptions options;
  options.checkpoint = checkpointFolder(name);
  options.output = path;
  Status status = compileQuietly(options);
  EXPECT_TRUE(status.ok()) << status.message();
  return path;
}

std::shared_ptr<const Model> load(const std::string &path,
                                  const LoadOptions &options) {
  auto model = Model::load(path, options);
  if (!model) {
    ADD_FAILURE() << model.status().message();
    return nullptr;
  }
  return *model;
}

} // namespace ingot::test
