//===- Generation.h - one answer in the making ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to the generator: what one sequence of a batch wants to run next, and
// what becomes of the logits. It never steps the session itself, since a step
// serves all sequences at once.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_GENERATION_H
#define INGOT_EXEC_GENERATION_H

#include "runtime/device/Stopwatch.h"
#include "runtime/exec/Generator.h"
#include "runtime/exec/StopFilter.h"
#include "runtime/text/StreamDecoder.h"

#include <optional>
#include <string>

namespace ingot {

/// The answer's text as it grows.
class AnswerText {
public:
  AnswerText(const text::Tokenizer &tokenizer, std::vector<std::string> stops,
             TextObserver onText);

  Status push(int32_t id);
  bool stopped() const { return filter.stopped(); }
  /// All of it; the answer is over.
  std::string finish();

private:
  void show(const std::string &piece);

  const text::Tokenizer &tokenizer;
  text::StreamDecoder decoder;
  StopFilter filter;
  TextObserver onText;
  std::string text;
};

/// Borrows the session, the prompt, the options and the watch, which runs since
/// the generator was called. Not movable: it runs where it was made.
class Generation {
public:
  Generation(const Session &session, int sequence,
             std::span<const int32_t> prompt, const GenerateOptions &options,
             uint64_t drawSequence, TextObserver onText,
             const Stopwatch &watch);
  Generation(const Generation &) = delete;

  int sequence() const { return id; }
  /// Whether the prompt has run.
  bool decodes() const { return prompt.empty(); }
  bool done() const { return ended; }

  /// What to run next: the token drawn last, or at most `most` (1 or more) of
  /// the prompt. Valid until `take`.
  Rows next(int64_t most);
  /// To be called when a step has run `rows`; `token` is what was drawn, if
  /// they came with a draw.
  Status take(const Rows &rows, std::optional<int32_t> token);
  /// The answer, once it is done; to be called once.
  GenerateResult finish();

private:
  /// With the draw of the token that follows them.
  Rows withDraw(std::span<const int32_t> tokens);
  std::optional<FinishReason> findEnd() const;

  const Session &session;
  int id;
  /// What has not run yet.
  std::span<const int32_t> prompt;
  const GenerateOptions &options;
  uint64_t drawSequence;
  const Stopwatch &watch;
  double begin;
  AnswerText answer;
  /// The token drawn last, and how the next one is drawn.
  int32_t drawn = 0;
  TokenDraw draw;
  bool ended = false;
  GenerateResult result;
};

} // namespace ingot

#endif // INGOT_EXEC_GENERATION_H
