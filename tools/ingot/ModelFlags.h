//===- ModelFlags.h - flags of commands that load a model -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flags that `run` and `eval` share, and what they lead to.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_INGOT_MODELFLAGS_H
#define INGOT_TOOLS_INGOT_MODELFLAGS_H

#include "ingot/Runtime.h"
#include "runtime/device/Stopwatch.h"

#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace ingot::tool {

struct ModelFlags {
  std::string artifact;
  std::string weights;
  int threads = 0;
  /// As given; empty: none.
  std::string memoryLimit;
  /// For plans that run on a GPU.
  int device = 0;
  std::string cudaDriver = "libcuda.so.1";
  bool checkLaunches = false;
};

/// Adds ARTIFACT, --weights, --threads, --memory-limit and the flags of GPUs;
/// `flags` must outlive the parsing.
void addModelFlags(CLI::App &command, ModelFlags &flags);

/// A session on its model, ready to run.
struct LoadedSession {
  Session session;
  /// For loading the model and creating the session.
  double seconds = 0;
  /// Since before that.
  Stopwatch watch;
};

/// Whether --weights says random:SEED.
bool drawsWeights(const ModelFlags &flags);

/// 7 of "random:7"; none if the text begins with something else. InvalidInput
/// if there is no whole number.
Result<std::optional<uint64_t>> parseSeed(const std::string &weights);

/// Without `hiddenRows` steps give logits alone.
Result<LoadedSession> load(const ModelFlags &flags, bool hiddenRows = true);

/// Incompatible unless the model can turn text into tokens.
Status requireTokenizer(const Model &model);

/// All of a file, or of the standard input for "-".
Result<std::string> readText(const std::string &path);

} // namespace ingot::tool

#endif // INGOT_TOOLS_INGOT_MODELFLAGS_H
