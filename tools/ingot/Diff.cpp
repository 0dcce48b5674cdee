//===- Diff.cpp - ingot diff ----------------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Report.h"
#include "tools/ingot/Commands.h"
#include "tools/ingot/ModelFlags.h"
#include "tools/ingot/PromptFlags.h"

#include <CLI/CLI.hpp>
#include <climits>
#include <cstdio>
#include <memory>

namespace ingot::tool {
namespace {

struct Flags {
  /// Of A.
  ModelFlags model;
  std::string artifactB;
  PromptFlags prompt;
  diff::DiffOptions options;
};

Status compare(const Flags &flags) {
  auto a = load(flags.model);
  if (!a)
    return a.status();
  ModelFlags modelB = flags.model;
  modelB.artifact = flags.artifactB;
  auto b = load(modelB);
  if (!b)
    return b.status();
  auto prompts = readPrompts(flags.prompt, a->session.model());
  if (!prompts)
    return prompts.status();
  if (prompts->size() != 1)
    return invalidInput("diff expects one prompt, got " +
                        std::to_string(prompts->size()));
  auto report =
      diff::compare(a->session, b->session, prompts->front(), flags.options);
  if (!report)
    return report.status();
  std::fputs(diff::asText(*report, flags.options).c_str(), stdout);
  if (!report->first)
    return {};
  return incompatible("the artifacts differ from '" + report->first->name +
                      "' on");
}

} // namespace

void addDiff(CLI::App &app, Status &outcome) {
  auto flags = std::make_shared<Flags>();
  CLI::App *command = app.add_subcommand(
      "diff", "Finds the first step at which two artifacts of one model "
              "differ; the exit code is then 1.");
  addModelFlags(*command, flags->model);
  command->add_option("OTHER", flags->artifactB, "The artifact to compare with")
      ->required();
  addPromptFlags(*command, flags->prompt)->require_option(1);
  command
      ->add_option("--steps", flags->options.steps,
                   "Tokens to run one by one after the prompt, the best by A")
      ->check(CLI::Range(0, INT_MAX))
      ->capture_default_str();
  command
      ->add_option("--tolerance", flags->options.tolerance,
                   "Share of the rms of A's tensor by which a value may differ")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--stop-after", flags->options.stopAfter,
                   "Stop after this step and print its tensor in both")
      ->type_name("STEP");
  command->add_flag("--all", flags->options.all,
                    "List every step, and go on after a difference");
  command->callback([flags, &outcome] { outcome = compare(*flags); });
}

} // namespace ingot::tool
