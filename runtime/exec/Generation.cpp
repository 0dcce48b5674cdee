//===- Generation.cpp - one answer in the making --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Generation.h"

#include <algorithm>

namespace ingot {

AnswerText::AnswerText(const text::Tokenizer &tokenizer,
                       std::vector<std::string> stops, TextObserver onText)
    : tokenizer(tokenizer), decoder(tokenizer, /*skipSpecial=*/true),
      filter(std::move(stops)), onText(std::move(onText)) {}

Status AnswerText::push(int32_t id) {
  // Models have logits for more ids than their tokenizer has pieces; such an
  // id has no text.
  if (id >= tokenizer.vocabSize())
    return {};
  Result<std::string> piece = decoder.push(id);
  if (!piece)
    return piece.status();
  show(filter.push(*piece));
  return {};
}

std::string AnswerText::finish() {
  show(filter.push(decoder.finish()));
  show(filter.finish());
  return std::move(text);
}

void AnswerText::show(const std::string &piece) {
  if (onText && !piece.empty())
    onText(piece);
  text += piece;
}

Generation::Generation(const Session &session, int sequence,
                       std::span<const int32_t> prompt,
                       const GenerateOptions &options, uint64_t drawSequence,
                       TextObserver onText, const Stopwatch &watch)
    : session(session), id(sequence), prompt(prompt), options(options),
      drawSequence(drawSequence), watch(watch), begin(watch.seconds()),
      answer(session.model().tokenizer(), options.stopStrings,
             std::move(onText)) {
  result.timings.promptTokens = int64_t(prompt.size());
}

Rows Generation::next(int64_t most) {
  if (decodes())
    return withDraw({&drawn, 1});
  if (int64_t(prompt.size()) > most)
    return {id, prompt.first(size_t(most)), LogitRows::None};
  return withDraw(prompt);
}

Rows Generation::withDraw(std::span<const int32_t> tokens) {
  draw = *makeDraw(options.sampling, drawSequence,
                   uint64_t(session.length(id)) + tokens.size());
  return {id, tokens, LogitRows::Last, {&draw, 1}};
}

Status Generation::take(const Rows &rows, std::optional<int32_t> token) {
  if (!decodes())
    prompt = prompt.subspan(rows.tokens.size());
  if (!token)
    return {};
  GenerateTimings &timings = result.timings;
  if (timings.newTokens == 0)
    timings.prefillSeconds = watch.seconds() - begin;
  drawn = *token;
  if (timings.newTokens++ == 0)
    timings.firstTokenSeconds = watch.seconds();

  std::optional<FinishReason> reason = FinishReason::StopId;
  if (std::find(options.stopIds.begin(), options.stopIds.end(), drawn) ==
      options.stopIds.end()) {
    result.ids.push_back(drawn);
    if (Status status = answer.push(drawn); !status.ok())
      return status;
    reason = findEnd();
  }
  if (reason) {
    ended = true;
    result.reason = *reason;
    timings.decodeSeconds = watch.seconds() - timings.firstTokenSeconds;
  }
  return {};
}

std::optional<FinishReason> Generation::findEnd() const {
  if (answer.stopped())
    return FinishReason::StopString;
  if (int64_t(result.ids.size()) >= options.maxTokens)
    return FinishReason::MaxTokens;
  if (session.length(id) >= session.model().info().maxContext)
    return FinishReason::MaxContext;
  return std::nullopt;
}

GenerateResult Generation::finish() {
  result.text = answer.finish();
  return std::move(result);
}

} // namespace ingot
