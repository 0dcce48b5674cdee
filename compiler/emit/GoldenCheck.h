//===- GoldenCheck.h - golden outputs in an artifact ---------- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_EMIT_GOLDENCHECK_H
#define INGOT_COMPILER_EMIT_GOLDENCHECK_H

#include "ingot/Status.h"
#include "runtime/plan/plan_generated.h"

#include <memory>
#include <string>

namespace ingot::compiler {

/// What a plan is checked by.
struct GoldenSource {
  /// A file as runtime/eval/Golden.h describes it; empty: there is no check.
  std::string path;
  /// How far off the formats of the plan may be: GoldenCheck.max_kl.
  double maxKl = 0;
};

/// The first tokens of the first prompts of the file, a few of each, and the
/// logits behind them. InvalidInput or NotFound, naming the tensor, for a file
/// that is not of `model`.
Result<std::unique_ptr<fb::GoldenCheckT>>
readGoldenCheck(const GoldenSource &source, const fb::ModelT &model);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_EMIT_GOLDENCHECK_H
