//===- Answers.h - prints what prompts lead to ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers go to the standard output, stats to stderr. One answer streams;
// several grow at the same time, so each is printed whole.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_INGOT_ANSWERS_H
#define INGOT_TOOLS_INGOT_ANSWERS_H

#include "runtime/device/Stopwatch.h"
#include "tools/ingot/Stats.h"

#include <optional>
#include <string>
#include <vector>

namespace ingot::tool {

struct AnswerFormat {
  /// JSON at the end instead of text as it comes: an object for one prompt, an
  /// array for several.
  bool json = false;
  /// Also print stats of each answer.
  bool stats = false;
  /// For the stats: what loading the model took, and the time since before it.
  double loadSeconds = 0;
  Stopwatch watch;
};

/// Borrows the session.
class Answers {
public:
  Answers(Session &session, const AnswerFormat &format)
      : session(session), format(format) {}

  Status stream(const std::vector<int32_t> &prompt,
                const GenerateOptions &options);
  /// In the order of the prompts, each headed "== prompt 1" and so on.
  Status printAll(const std::vector<std::vector<int32_t>> &prompts,
                  const GenerateOptions &options);
  /// If the format asks for it.
  void printStats(const GenerateResult &result,
                  const std::string &header = "") const;

private:
  Stats statsOf(const GenerateResult &result) const;
  std::string toJson(const GenerateResult &result) const;

  Session &session;
  AnswerFormat format;
  /// When the first tokens of the prompts were asked for.
  std::optional<double> asked;
};

} // namespace ingot::tool

#endif // INGOT_TOOLS_INGOT_ANSWERS_H
