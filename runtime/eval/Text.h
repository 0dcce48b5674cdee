//===- Text.h - how well a model predicts a text ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Negative log-likelihood over windows of a text, in nats for each token. The
// text, encoded without special tokens, is cut in windows of window - 1 tokens;
// each is fed after the beginning-of-sequence token, and every token of it is
// predicted once. A last partial window is left out.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_TEXT_H
#define INGOT_EVAL_TEXT_H

#include "ingot/Status.h"
#include "runtime/eval/Evaluated.h"

#include <cstdint>
#include <optional>
#include <span>

namespace ingot::eval {

struct TextOptions {
  /// Tokens of a window, the beginning-of-sequence token included; >= 2.
  int64_t window = 512;
  /// At most this many windows, from the start; >= 1.
  int64_t windows = 24;
  /// Measure the draft too, where the model has one.
  bool draft = true;
};

struct TextReport {
  int64_t windows = 0;
  /// Predictions that were scored.
  int64_t tokens = 0;
  double nllPerToken = 0;
  /// exp(nllPerToken).
  double perplexity = 0;
  /// Share of positions whose best draft is the main model's best next token.
  std::optional<double> draftAgreement;
};

/// Scores `tokens`; `bos` is the beginning-of-sequence token. InvalidInput if
/// the tokens do not fill one window; else the model's own failures.
Result<TextReport> scoreText(Evaluated &model, std::span<const int32_t> tokens,
                             int32_t bos, const TextOptions &options,
                             const Progress &progress);

} // namespace ingot::eval

#endif // INGOT_EVAL_TEXT_H
