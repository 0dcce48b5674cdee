//===- Repeat.h - whether bits are the same every time ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_REPEAT_H
#define INGOT_EVAL_REPEAT_H

#include "ingot/Runtime.h"

#include <cstdint>
#include <string>

namespace ingot::eval {

struct RepeatOptions {
  /// Runs of one prompt that are compared with the first; at least 1.
  int64_t runs = 100;
  /// Sequences that are decoded together and alone; as many as the model takes,
  /// if that is fewer.
  int64_t batch = 16;
  /// Tokens of the longest prompt, and steps of decoding after it.
  int64_t promptTokens = 24, steps = 8;
};

/// Logits are compared bit by bit.
struct RepeatReport {
  int64_t runs = 0, differingRuns = 0;
  int64_t batch = 0;
  /// Of sequences in a batch: rows of logits, and those that differ from the
  /// sequence's own when it ran alone.
  int64_t rows = 0, differingRows = 0;

  bool passed() const { return differingRuns == 0 && differingRows == 0; }
};

/// Runs prompts of made-up tokens with sequences of its own. InvalidInput for
/// options out of range or longer than the context; else the errors of Session.
Result<RepeatReport> checkRepeats(Session &session,
                                  const RepeatOptions &options);

/// Lines "repeat.runs: 100" and so on.
std::string asText(const RepeatReport &report);
std::string asJson(const RepeatReport &report);

} // namespace ingot::eval

#endif // INGOT_EVAL_REPEAT_H
