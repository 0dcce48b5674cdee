//===- main.cpp - runs, judges and shows compiled models ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/Commands.h"
#include "tools/process/EmptyWords.h"
#include "tools/process/Faults.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <cstdio>

static constexpr const char *kExamples =
    R"(Examples:
  ingot run model.ingot --prompt "Once upon a time" --max-tokens 64
  ingot run model.ingot --chat
  ingot eval model.ingot --golden golden.safetensors
  ingot diff model.ingot other.ingot --prompt "Once upon a time"
  ingot bench model.ingot --batch 4
  ingot verify model.ingot
  ingot inspect model.ingot --steps

ingotc makes a model.ingot from a checkpoint; `ingot COMMAND --help` lists the
flags of a command.)";

static int fail(const std::string &message) {
  std::fflush(stdout); // what was found out before comes first
  std::fprintf(stderr, "ingot: error: %s\n", message.c_str());
  return 1;
}

/// CLI11's messages, in the form of ours.
static std::string usageMessage(const CLI::App &app,
                                const CLI::ParseError &error) {
  // CLI11 does not name what stood where a command should.
  if (app.get_subcommands().empty() && !app.remaining().empty())
    return "no command '" + app.remaining().front() + "'; see ingot --help";
  std::string message = error.what();
  bool word = message.size() > 1 && !std::isupper(message[1]);
  if (word) // and not ARTIFACT or --flag
    message[0] = char(std::tolower(message[0]));
  return message + "; see --help";
}

/// Whether a command has an empty word where none may stand.
static bool hasStrayEmptyWord(const CLI::App &app, int argc, char **argv) {
  auto isNamed = [&](const CLI::App *command) {
    return argc > 1 && command->get_name() == argv[1];
  };
  for (const CLI::App *command : app.get_subcommands(isNamed))
    return ingot::tool::hasStrayEmptyWord(*command, {argv + 2, argv + argc});
  return false;
}

int main(int argc, char **argv) {
  ingot::tool::handleFaults("ingot");
  ingot::Status outcome;
  CLI::App app(
      "Runs, judges, measures and shows models that ingotc has compiled.",
      "ingot");
  app.footer(kExamples);
  app.set_version_flag("--version", "ingot " INGOT_VERSION);
  app.require_subcommand(1);
  ingot::tool::addRun(app, outcome);
  ingot::tool::addEval(app, outcome);
  ingot::tool::addDiff(app, outcome);
  ingot::tool::addBench(app, outcome);
  ingot::tool::addVerify(app, outcome);
  ingot::tool::addInspect(app, outcome);
  ingot::tool::addPack(app, outcome);
  if (hasStrayEmptyWord(app, argc, argv))
    return fail("an argument is empty; see --help");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    // Requests for help and the version travel as errors too.
    if (error.get_exit_code() == 0)
      return app.exit(error);
    return fail(usageMessage(app, error));
  }
  return outcome.ok() ? 0 : fail(outcome.message());
}
