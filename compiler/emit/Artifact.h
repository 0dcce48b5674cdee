//===- Artifact.h - what an artifact is made of -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_EMIT_ARTIFACT_H
#define INGOT_COMPILER_EMIT_ARTIFACT_H

#include "compiler/emit/GoldenCheck.h"
#include "ingot/Status.h"
#include "mlir/IR/BuiltinOps.h"
#include "runtime/plan/PlanReport.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/Checkpoint.h"
#include "runtime/text/TokenizerSpec.h"

#include <string>
#include <vector>

namespace ingot::compiler {

/// A blob of code: a row of plan.modules, in the order in which plan.kernel ops
/// count them.
struct CodeModule {
  fb::ModuleKind kind = fb::ModuleKind::HostObject;
  std::string image;
  /// Of code for a GPU: its architecture, and of a cubin the number of the
  /// module with its assembly text, or -1.
  std::string arch = {};
  int32_t source = -1;
};

/// What no pass decides and the plan dialect therefore does not hold.
struct ArtifactParts {
  /// "cpu", its level, and the features that the machine must have; or a GPU's
  /// architecture, and nothing else.
  std::string target, cpu;
  std::vector<std::string> features;
  std::vector<CodeModule> modules;
  /// Null if there are no weights: the plan's views then have no file.
  const storage::Checkpoint *checkpoint = nullptr;
  text::TokenizerSpec tokenizer;
  text::GenerationDefaults generation;
  /// Puts the weights into the artifact instead of referring to the checkpoint.
  bool embedWeights = false;
  /// Reads every byte of the weights, and stores its hash.
  bool hashWeights = false;
  GoldenSource golden;
};

/// Writes the artifact at `path` (it appears whole or not at all), or nowhere
/// if that is empty, and reports on it. `module` is in the plan dialect with
/// memory planned. The same input gives the same bytes. What `module` gets
/// wrong becomes a diagnostic as well.
Result<PlanReport> emitArtifact(mlir::ModuleOp module,
                                const ArtifactParts &parts,
                                const std::string &path);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_EMIT_ARTIFACT_H
