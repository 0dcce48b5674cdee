//===- Compiler.h - compiles a checkpoint into an artifact ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   CompileOptions options;
//   options.checkpoint = "checkpoint/";
//   options.output = "model.ingot";
//   Status status = compile(options, hooks);
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_COMPILER_H
#define INGOT_COMPILER_COMPILER_H

#include "ingot/Status.h"
#include "passes/Pipeline.h"
#include "runtime/plan/PlanReport.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace ingot::compiler {

/// What to compile, for which machine and how large.
struct CompileOptions {
  /// Folder with config.json, tokenizer.json and safetensors files. Empty if
  /// there is only `config`.
  std::string checkpoint;
  /// Path of a config.json to compile without a checkpoint: the artifact then
  /// has no tokenizer, and its weights are drawn when it is loaded.
  std::string config;
  /// With `config`: how many of the main layers to keep; 0: all.
  int64_t layers = 0;
  /// Path of the artifact. Empty: none is written, and what counts is the
  /// report.
  std::string output;
  /// "cpu" or "sm_90a".
  std::string target = "cpu";
  /// Of target "cpu": "native", "x86-64-v3" or "x86-64-v4".
  std::string cpu = "native";
  int64_t maxBatch = 4;
  /// 0: the model's own limit, at most kDefaultMaxContext.
  int64_t maxContext = 0;
  /// Tokens that the KV cache has room for, rounded up to pages: at least a
  /// longest sequence. 0: maxBatch of them.
  int64_t kvTokens = 0;
  /// Most tokens of a step that takes prompts: longer ones go in chunks.
  int64_t maxStepTokens = passes::PlanLimits().maxStepTokens;
  bool embedWeights = false;
  /// Reads every byte of the weights and stores their hash: `ingot verify
  /// --full` compares it.
  bool hashWeights = false;
  /// Path of golden outputs, a few of which are stored for `ingot verify`;
  /// empty: none.
  std::string goldenCheck;
  passes::WeightFormat weights = passes::WeightFormat::Stored;
  passes::CacheFormat kvCache = passes::CacheFormat::F32;
  /// What products round their inputs to.
  passes::ActivationFormat activations = passes::ActivationFormat::F32;
  /// Optional passes to leave out (passes::optionalPassNames).
  std::vector<std::string> without;
  /// Refuses what config.json says beyond what is known, instead of a warning.
  bool strict = false;
  /// Which form latent attention gets.
  passes::Absorb absorb = passes::Absorb::Auto;
  /// Stops after this phase and prints the IR instead of writing an artifact.
  std::optional<passes::Phase> stopAfter;
};

/// Longest context that is compiled for unless more is asked for: at the
/// published 163,840 the KV pool alone would take the memory of most hosts.
constexpr int64_t kDefaultMaxContext = 4096;

/// How a compilation talks back while it runs. All are called on the caller's
/// thread.
struct CompileHooks {
  /// A hop begins: "import", "passes", "kernels", "emit".
  llvm::function_ref<void(llvm::StringRef hop)> onHop;
  /// Something that does not stop the compilation but should be seen.
  llvm::function_ref<void(const std::string &message)> onWarning;
  /// Where the IR of a stopped compilation goes.
  llvm::raw_ostream &ir;
  /// The plan is complete; null: nobody asks. Not called if the compilation
  /// stops after a phase.
  llvm::function_ref<void(const PlanReport &report)> onReport = nullptr;
};

/// Compiles. On failure nothing is written, and the status holds every error
/// that was diagnosed, one a line.
Status compile(const CompileOptions &options, const CompileHooks &hooks);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_COMPILER_H
