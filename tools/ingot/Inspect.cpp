//===- Inspect.cpp - ingot inspect ----------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Inspect.h"
#include "tools/ingot/Commands.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace ingot::tool {
namespace {

struct Flags {
  std::string artifact;
  InspectOptions options;
  bool json = false;
};

Status inspect(const Flags &flags) {
  auto file = PlanFile::open(flags.artifact);
  if (!file)
    return file.status();
  std::string text = flags.json ? inspectJson(*file, flags.options) + "\n"
                                : inspectText(*file, flags.options);
  std::fputs(text.c_str(), stdout);
  return {};
}

} // namespace

void addInspect(CLI::App &app, Status &outcome) {
  auto flags = std::make_shared<Flags>();
  CLI::App *command = app.add_subcommand(
      "inspect", "Prints what an artifact contains; needs no weights.");
  command->add_option("ARTIFACT", flags->artifact, "The compiled model")
      ->required();
  command->add_flag("--steps", flags->options.steps,
                    "List the kernel launches of each entry");
  command->add_flag("--json", flags->json, "Print JSON");
  command->callback([flags, &outcome] { outcome = inspect(*flags); });
}

} // namespace ingot::tool
