//===- Verify.cpp - ingot verify ------------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/integrity/Integrity.h"
#include "tools/ingot/Commands.h"
#include "tools/ingot/ModelFlags.h"

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <memory>

namespace ingot::tool {
namespace {

struct Flags {
  ModelFlags model;
  bool full = false;
};

Status verifyGolden(const Flags &flags) {
  auto loaded = load(flags.model);
  if (!loaded)
    return loaded.status();
  auto outcome = checkGolden(loaded->session);
  if (!outcome)
    return outcome.status();
  if (!*outcome) {
    std::puts("golden check: none stored (ingotc --golden-check stores one)");
    return {};
  }
  const eval::LogitAgreement &agreement = (*outcome)->agreement;
  std::printf("golden check: %" PRId64
              " prompts, mean KL %.3g (at most %.3g), best token equal in "
              "%.0f %%\n",
              agreement.positions, agreement.meanKl, (*outcome)->maxKl,
              100 * agreement.top1Agreement);
  if ((*outcome)->passed())
    return {};
  return incompatible(flags.model.artifact +
                      ": computes something else than what was compiled: the "
                      "golden check expects a smaller mean KL");
}

Status verify(const Flags &flags) {
  auto file = PlanFile::open(flags.model.artifact);
  if (!file)
    return file.status();
  std::printf("%s: %" PRIu64 " bytes, plan and machine code as compiled\n",
              flags.model.artifact.c_str(), file->size());
  if (!drawsWeights(flags.model)) {
    auto weights = checkWeights(*file, flags.model.weights, flags.full);
    if (!weights)
      return weights.status();
    for (const CheckedWeights &checked : *weights)
      std::printf("%s: %" PRIu64 " bytes, %s as compiled\n",
                  checked.name.c_str(), checked.bytes,
                  flags.full ? "all" : "size, header and sample");
  }
  return verifyGolden(flags);
}

} // namespace

void addVerify(CLI::App &app, Status &outcome) {
  auto flags = std::make_shared<Flags>();
  CLI::App *command = app.add_subcommand(
      "verify", "Checks that an artifact and its weights are what was compiled "
                "and compute the golden outputs that it stores.");
  addModelFlags(*command, flags->model);
  command->add_flag("--full", flags->full,
                    "Hash every byte of the weights, not a sample (needs "
                    "ingotc --hash-weights)");
  command->callback([flags, &outcome] { outcome = verify(*flags); });
}

} // namespace ingot::tool
