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
#include <cmath>
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
  command
      .add_option("--memory-limit", flags.memoryLimit,
                  "Refuse to load what needs more, mapped weights included: "
                  "512M, 1.5G; of a GPU's memory for a plan that runs on one")
      ->type_name("SIZE");
  command
      .add_option("--device", flags.device,
                  "GPU to run on, if the plan is for one")
      ->check(CLI::Range(0, 1023))
      ->capture_default_str();
  command
      .add_option("--cuda-driver", flags.cudaDriver,
                  "Its driver, as the dynamic linker finds it")
      ->type_name("LIBRARY")
      ->capture_default_str();
  command.add_flag("--check-launches", flags.checkLaunches,
                   "Wait for each launch on a GPU, so that a failure names it");
}

/// "1.5G" as bytes; K, M, G and T are powers of 1024.
static Result<uint64_t> parseSize(const std::string &text) {
  constexpr std::string_view kUnits = "KMGT";
  double number = 0;
  auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view unit(end, size_t(text.data() + text.size() - end));
  size_t power = unit.size() == 1 ? kUnits.find(unit[0]) + 1 : 0;
  const double bytes = std::ldexp(number, int(10 * power));
  if (error != std::errc() || (power == 0 && !unit.empty()) ||
      !(bytes >= 0 && bytes < 0x1p63))
    return invalidInput("expects --memory-limit like 512M or 1.5G, got '" +
                        text + "'");
  return uint64_t(bytes);
}

static constexpr std::string_view kRandom = "random:";

bool drawsWeights(const ModelFlags &flags) {
  return flags.weights.starts_with(kRandom);
}

Result<std::optional<uint64_t>> parseSeed(const std::string &weights) {
  std::optional<uint64_t> none;
  if (!weights.starts_with(kRandom))
    return none;
  std::string_view text = std::string_view(weights).substr(kRandom.size());
  uint64_t seed = 0;
  auto [end, error] = std::from_chars(text.begin(), text.end(), seed);
  if (error != std::errc() || end != text.end())
    return invalidInput("expects --weights random:SEED with a whole number, "
                        "got '" +
                        std::string(text) + "'");
  return std::optional(seed);
}

/// "random:7" asks for drawn weights, anything else names a folder.
static Result<LoadOptions> loadOptions(const ModelFlags &flags) {
  LoadOptions options;
  options.threads = flags.threads;
  options.device = flags.device;
  options.cudaDriver = flags.cudaDriver;
  if (!flags.memoryLimit.empty()) {
    auto limit = parseSize(flags.memoryLimit);
    if (!limit)
      return limit.status();
    options.memoryLimit = *limit;
  }
  auto seed = parseSeed(flags.weights);
  if (!seed)
    return seed.status();
  options.randomSeed = *seed;
  if (!*seed)
    options.weightsDirectory = flags.weights;
  return options;
}

Status requireTokenizer(const Model &model) {
  if (model.tokenizer().vocabSize() > 0)
    return {};
  return incompatible("the artifact has no tokenizer; use --ids");
}

Result<LoadedSession> load(const ModelFlags &flags, bool hiddenRows) {
  const Stopwatch watch;
  auto options = loadOptions(flags);
  if (!options)
    return options.status();
  auto model = Model::load(flags.artifact, *options);
  if (!model)
    return model.status();
  auto session =
      Session::create(*model, {flags.threads, flags.checkLaunches, hiddenRows});
  if (!session)
    return session.status();
  return LoadedSession{*std::move(session), watch.seconds(), watch};
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
