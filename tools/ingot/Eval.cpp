//===- Eval.cpp - ingot eval ----------------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Repeat.h"
#include "runtime/eval/Report.h"
#include "runtime/eval/SessionEvaluated.h"
#include "runtime/text/Tokenizer.h"
#include "tools/ingot/Commands.h"
#include "tools/ingot/ModelFlags.h"
#include "tools/ingot/ProgressBar.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

namespace ingot::tool {
namespace {

struct Flags {
  ModelFlags model;
  std::string golden, text;
  eval::GoldenOptions goldenOptions;
  eval::TextOptions textOptions;
  eval::RepeatOptions repeatOptions;
  bool repeat = false;
  bool json = false;
};

template <typename Report>
Status print(const Result<Report> &report, bool json) {
  if (!report)
    return report.status();
  std::string text =
      json ? eval::asJson(*report) + "\n" : eval::asText(*report);
  std::fputs(text.c_str(), stdout);
  return {};
}

Result<eval::GoldenReport> evalGolden(eval::Evaluated &model,
                                      const Flags &flags) {
  auto golden = storage::SafeTensors::open(flags.golden);
  if (!golden)
    return golden.status();
  ProgressBar bar;
  return eval::compareWithGolden(
      model, *golden, flags.goldenOptions,
      [&](int64_t done, int64_t total) { bar.update(done, total); });
}

/// The text goes in without special tokens: scoreText puts the beginning of a
/// sequence before each window itself.
Result<eval::TextReport> evalText(eval::Evaluated &evaluated,
                                  const Model &model, const Flags &flags) {
  if (Status status = requireTokenizer(model); !status.ok())
    return status;
  auto text = readText(flags.text);
  if (!text)
    return text.status();
  auto tokens = model.tokenizer().encode(*text, /*addSpecial=*/false);
  if (!tokens)
    return tokens.status();
  auto bos = model.tokenizer().idOf(model.bosToken());
  if (!bos)
    return incompatible("a text is scored after the beginning-of-sequence "
                        "token, but the model's tokenizer names none");
  ProgressBar bar;
  return eval::scoreText(
      evaluated, *tokens, *bos, flags.textOptions,
      [&](int64_t done, int64_t total) { bar.update(done, total); });
}

Status repeat(Session &session, const Flags &flags) {
  auto report = eval::checkRepeats(session, flags.repeatOptions);
  if (Status status = print(report, flags.json); !status.ok())
    return status;
  return report->passed()
             ? Status()
             : incompatible(flags.model.artifact +
                            ": does not compute the same bits every time");
}

Status evaluate(const Flags &flags) {
  auto loaded = load(flags.model);
  if (!loaded)
    return loaded.status();
  if (flags.repeat)
    return repeat(loaded->session, flags);
  eval::SessionEvaluated model(loaded->session);
  if (!flags.golden.empty())
    return print(evalGolden(model, flags), flags.json);
  return print(evalText(model, loaded->session.model(), flags), flags.json);
}

} // namespace

void addEval(CLI::App &app, Status &outcome) {
  auto flags = std::make_shared<Flags>();
  CLI::App *command = app.add_subcommand(
      "eval", "Compares a model with golden outputs, scores a text, or tries "
              "whether the bits are the same every time.");
  addModelFlags(*command, flags->model);
  CLI::Option_group *what = command->add_option_group("What to judge by");
  what->add_option("--golden", flags->golden,
                   "Safetensors file of golden outputs")
      ->type_name("FILE");
  what->add_option("--text", flags->text,
                   "Text file to score; - is the standard input")
      ->type_name("FILE");
  what->add_flag("--repeat", flags->repeat,
                 "Made-up prompts, again and again, alone and in a batch");
  what->require_option(1);
  command
      ->add_option("--margin", flags->goldenOptions.margin,
                   "Golden: gap of logits up to which a greedy mismatch is "
                   "excused")
      ->capture_default_str();
  command->add_flag("--hidden", flags->goldenOptions.hidden,
                    "Golden: compare the hidden states of each layer");
  command->add_option("--runs", flags->repeatOptions.runs, "Repeat: how often")
      ->capture_default_str();
  command
      ->add_option("--batch", flags->repeatOptions.batch,
                   "Repeat: sequences of the batch, if the model takes as many")
      ->capture_default_str();
  command
      ->add_option("--window", flags->textOptions.window,
                   "Text: tokens of a window")
      ->capture_default_str();
  command
      ->add_option("--windows", flags->textOptions.windows,
                   "Text: most windows to score")
      ->capture_default_str();
  command->add_flag("--json", flags->json, "Print JSON");
  command->callback([flags, &outcome] { outcome = evaluate(*flags); });
}

} // namespace ingot::tool
