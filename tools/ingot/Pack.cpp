//===- Pack.cpp - ingot pack ----------------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/pack/RandomCheckpoint.h"
#include "tools/ingot/Commands.h"
#include "tools/ingot/ModelFlags.h"

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace ingot::tool {
namespace {

struct Flags {
  std::string artifact, weights, folder;
  int threads = 0;
};

Status pack(const Flags &flags) {
  auto seed = parseSeed(flags.weights);
  if (!seed)
    return seed.status();
  if (!*seed)
    return invalidInput("expects --weights random:SEED, got '" + flags.weights +
                        "'");
  std::error_code error;
  std::filesystem::create_directories(flags.folder, error);
  if (error)
    return deviceError("cannot create folder '" + flags.folder +
                       "': " + error.message());
  RandomCheckpointOptions options;
  options.seed = **seed;
  options.folder = flags.folder;
  options.threads = flags.threads;
  auto written = writeRandomCheckpoint(flags.artifact, options);
  if (!written)
    return written.status();
  std::printf("%s: %" PRIu64 " tensors, %" PRIu64 " bytes, in %" PRIu64
              " files beside it\n",
              written->artifact.c_str(), written->tensors, written->bytes,
              written->files);
  return {};
}

} // namespace

void addPack(CLI::App &app, Status &outcome) {
  auto flags = std::make_shared<Flags>();
  CLI::App *command = app.add_subcommand(
      "pack", "Writes a checkpoint of drawn weights, and an artifact that "
              "refers to it, for an artifact that has none.");
  command
      ->add_option("ARTIFACT", flags->artifact,
                   "Compiled with ingotc --config-only")
      ->required();
  command->add_option("--weights", flags->weights, "random:SEED")->required();
  command->add_option("-o,--output", flags->folder, "Folder to write to")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("--threads", flags->threads,
                   "Threads that draw [one for each processor]")
      ->check(CLI::Range(0, 1024));
  command->callback([flags, &outcome] { outcome = pack(*flags); });
}

} // namespace ingot::tool
