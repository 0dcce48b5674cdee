//===- ModelFlags.cpp - flags of commands that load a model ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/ModelFlags.h"
#include "runtime/storage/MappedFile.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <iterator>

namespace ingot::tool {

void addModelFlags(CLI::App &command, ModelFlags &flags) {
  command.add_option("ARTIFACT", flags.artifact, "The compiled model")
      ->required();
  command
      .add_option("--weights", flags.weights,
                  "Folder of the checkpoint [the one it was compiled from, "
                  "then the artifact's]")
      ->type_name("DIR");
  command
      .add_option("--threads", flags.threads,
                  "Threads that compute [one for each processor]")
      ->check(CLI::Range(0, 1024));
}

Result<LoadedSession> load(const ModelFlags &flags) {
  auto begin = std::chrono::steady_clock::now();
  auto model = Model::load(flags.artifact, {flags.weights});
  if (!model)
    return model.status();
  auto session = Session::create(*model, {flags.threads});
  if (!session)
    return session.status();
  std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begin;
  return LoadedSession{*std::move(session), taken.count()};
}

Result<std::string> readText(const std::string &path) {
  if (path == "-")
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  auto file = storage::MappedFile::open(path);
  if (!file)
    return file.status();
  return std::string(file->text());
}

} // namespace ingot::tool
