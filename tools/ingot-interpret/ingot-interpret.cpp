//===- ingot-interpret.cpp - Run a function of an MLIR file naively -------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/InterpretFile.h"
#include "llvm/Support/raw_ostream.h"

#include <CLI/CLI.hpp>

int main(int argc, char **argv) {
  ingot::compiler::InterpretOptions options;
  std::string precision = "f32";
  CLI::App app("Evaluates a function of the ingot dialect, as simply as can be",
               "ingot-interpret");
  app.add_option("file", options.file, "MLIR file, - for the standard input")
      ->required();
  app.add_option("--entry", options.entry, "Function to run [all public ones]");
  app.add_option("--checkpoint", options.checkpoint,
                 "Folder of the checkpoint that weights name tensors of");
  app.add_option("--golden", options.golden,
                 "Judge the whole model by this golden file instead");
  app.add_option("--precision", precision, "What to compute in")
      ->check(CLI::IsMember({"f32", "f64"}))
      ->capture_default_str();
  app.add_flag("--taps", options.taps, "Print ops with ingot.tap, too");
  app.add_option("--tokens", options.tokens, "Tokens of the batch")
      ->delimiter(',');
  app.add_option("--positions", options.positions,
                 "Positions of the tokens [0, 1, ...]")
      ->delimiter(',');
  app.add_option("--sequences", options.sequences,
                 "Sequences of the tokens [all 0]")
      ->delimiter(',');
  app.add_option("--logit-rows", options.logitRows,
                 "Rows whose logits are wanted [all]")
      ->delimiter(',');
  CLI11_PARSE(app, argc, argv);
  options.doublePrecision = precision == "f64";
  return ingot::compiler::interpretFile(options, llvm::outs(), llvm::errs())
             ? 0
             : 1;
}
