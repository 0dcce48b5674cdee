//===- ModelFlags.cpp - flags of commands that load a model ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/ModelFlags.h"
#include "runtime/storage/MappedFile.h"
#include "runtime/text/Tokenizer.h"

#include <CLI/CLI.hpp>
#include <charconv>
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
                  "then the artifact's], or random:SEED to draw them")
      ->type_name("DIR");
  command
      .add_option("--threads", flags.threads,
                  "Threads that compute [one for each processor]")
      ->check(CLI::Range(0, 1024));
}

/// "random:7" asks for drawn weights, anything else names a folder.
static Result<LoadOptions> loadOptions(const ModelFlags &flags) {
  LoadOptions options;
  options.threads = flags.threads;
  constexpr std::string_view kRandom = "random:";
  if (!flags.weights.starts_with(kRandom)) {
    options.weightsDirectory = flags.weights;
    return options;
  }
  std::string_view text =
      std::string_view(flags.weights).substr(kRandom.size());
  uint64_t seed = 0;
  auto [end, error] = std::from_chars(text.begin(), text.end(), seed);
  if (error != std::errc() || end != text.end())
    return invalidInput("expects --weights random:SEED with a whole number, "
                        "got '" +
                        std::string(text) + "'");
  options.randomSeed = seed;
  return options;
}

Status requireTokenizer(const Model &model) {
  if (model.tokenizer().vocabSize() > 0)
    return {};
  return incompatible("the artifact has no tokenizer; use --ids");
}

Result<LoadedSession> load(const ModelFlags &flags) {
  auto begin = std::chrono::steady_clock::now();
  auto options = loadOptions(flags);
  if (!options)
    return options.status();
  auto model = Model::load(flags.artifact, *options);
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
