//===- Commands.h - the subcommands of ingot --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function adds one subcommand to `app`. It runs while the command line is
// parsed, and leaves its outcome in `outcome`, which must outlive the parsing.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_INGOT_COMMANDS_H
#define INGOT_TOOLS_INGOT_COMMANDS_H

#include "ingot/Status.h"

namespace CLI {
class App;
} // namespace CLI

namespace ingot::tool {

/// Generates text: a continuation or a chat.
void addRun(CLI::App &app, Status &outcome);
/// Compares with golden outputs, or scores a text.
void addEval(CLI::App &app, Status &outcome);
/// Finds the first step at which two models differ.
void addDiff(CLI::App &app, Status &outcome);
/// Measures how fast a model runs.
void addBench(CLI::App &app, Status &outcome);
/// Checks that an artifact and its weights are what was compiled.
void addVerify(CLI::App &app, Status &outcome);
/// Writes a checkpoint of drawn weights.
void addPack(CLI::App &app, Status &outcome);
/// Prints what an artifact contains.
void addInspect(CLI::App &app, Status &outcome);

} // namespace ingot::tool

#endif // INGOT_TOOLS_INGOT_COMMANDS_H
