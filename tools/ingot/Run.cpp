//===- Run.cpp - ingot run ------------------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/LaunchTimes.h"
#include "runtime/text/Tokenizer.h"
#include "tools/ingot/Answers.h"
#include "tools/ingot/Chat.h"
#include "tools/ingot/Commands.h"
#include "tools/ingot/ModelFlags.h"
#include "tools/ingot/PromptFlags.h"

#include <CLI/CLI.hpp>
#include <climits>
#include <cstdio>
#include <memory>
#include <optional>

namespace ingot::tool {
namespace {

struct Flags {
  ModelFlags model;
  PromptFlags prompt;
  bool chat = false;
  int64_t maxTokens = 256;
  std::optional<float> temperature, topP;
  std::optional<int> topK;
  uint64_t seed = 0;
  std::vector<std::string> stops;
  bool stats = false, json = false, trace = false;
};

/// The model's defaults, and over them what the flags say.
GenerateOptions generateOptions(const Flags &flags, const Model &model) {
  const text::GenerationDefaults &defaults = model.generationDefaults();
  GenerateOptions options;
  options.maxTokens = flags.maxTokens;
  options.sampling.temperature = flags.temperature.value_or(
      defaults.doSample ? defaults.temperature : 0.0f);
  options.sampling.topK = flags.topK.value_or(defaults.topK);
  options.sampling.topP = flags.topP.value_or(defaults.topP);
  options.sampling.seed = flags.seed;
  options.stopIds = defaults.stopIds;
  options.stopStrings = flags.stops;
  return options;
}

/// Prints where the time of a session went once it is done.
class Trace {
public:
  Trace(Session &session, bool enabled) {
    if (enabled)
      times.emplace(session);
  }
  ~Trace() {
    if (times)
      std::fputs(asText(times->byKernel()).c_str(), stderr);
  }

private:
  std::optional<LaunchTimes> times;
};

Status run(const Flags &flags) {
  auto loaded = load(flags.model, /*hiddenRows=*/false);
  if (!loaded)
    return loaded.status();
  Session &session = loaded->session;
  Trace trace(session, flags.trace);
  GenerateOptions options = generateOptions(flags, session.model());
  Answers answers(session,
                  {flags.json, flags.stats, loaded->seconds, loaded->watch});
  if (flags.chat)
    return chat(session, options, [&](const GenerateResult &result) {
      answers.printStats(result);
    });
  auto prompts = readPrompts(flags.prompt, session.model());
  if (!prompts)
    return prompts.status();
  if (prompts->size() == 1)
    return answers.stream(prompts->front(), options);
  return answers.printAll(*prompts, options);
}

void addInputFlags(CLI::App &command, Flags &flags) {
  CLI::Option_group *prompt = addPromptFlags(command, flags.prompt);
  auto *chat = prompt->add_flag(
      "--chat", flags.chat, "Talk: each line of the standard input is a turn");
  prompt->require_option(1);
  command.add_flag("--json", flags.json, "Print JSON: one object a prompt")
      ->excludes(chat);
}

void addSamplingFlags(CLI::App &command, Flags &flags) {
  command
      .add_option("--max-tokens", flags.maxTokens, "Most tokens to generate")
      ->check(CLI::Range(1, INT_MAX))
      ->capture_default_str();
  command.add_option("--temperature", flags.temperature,
                     "Randomness; 0 takes the best token [the model's]");
  command.add_option("--top-k", flags.topK,
                     "Choose among this many tokens; 0: all [the model's]");
  command.add_option("--top-p", flags.topP,
                     "Choose among the tokens that reach this probability "
                     "together [the model's]");
  command.add_option("--seed", flags.seed, "Of the random choices [0]");
  addRepeated(command, "--stop", flags.stops, "Text that ends the answer");
}

} // namespace

void addRun(CLI::App &app, Status &outcome) {
  auto flags = std::make_shared<Flags>();
  CLI::App *command =
      app.add_subcommand("run", "Generates text: a continuation or a chat.");
  addModelFlags(*command, flags->model);
  addInputFlags(*command, *flags);
  addSamplingFlags(*command, *flags);
  command->add_flag("--stats", flags->stats,
                    "Print times and memory to stderr");
  command->add_flag("--trace", flags->trace,
                    "Print the time of each kernel to stderr, slowest first");
  command->callback([flags, &outcome] { outcome = run(*flags); });
}

} // namespace ingot::tool
