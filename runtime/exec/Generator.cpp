//===- Generator.cpp - continues a text -----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Generator.h"
#include "runtime/exec/StopFilter.h"
#include "runtime/text/StreamDecoder.h"

#include <algorithm>
#include <chrono>

namespace ingot {

namespace {

class Stopwatch {
public:
  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin = Clock::now();
};

double rate(int64_t count, double seconds) {
  return seconds > 0 ? double(count) / seconds : 0;
}

/// The answer's text as it grows.
class Answer {
public:
  Answer(const text::Tokenizer &tokenizer, std::vector<std::string> stops,
         const TextObserver &onText)
      : tokenizer(tokenizer), decoder(tokenizer, /*skipSpecial=*/true),
        filter(std::move(stops)), onText(onText) {}

  Status push(int32_t id) {
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

  bool stopped() const { return filter.stopped(); }

  std::string finish() {
    show(filter.push(decoder.finish()));
    show(filter.finish());
    return std::move(text);
  }

private:
  void show(const std::string &piece) {
    if (onText && !piece.empty())
      onText(piece);
    text += piece;
  }

  const text::Tokenizer &tokenizer;
  text::StreamDecoder decoder;
  StopFilter filter;
  const TextObserver &onText;
  std::string text;
};

/// Runs the prompt; the logits are those after its last token.
Result<StepOutput> prefill(Session &session, int sequence,
                           std::span<const int32_t> prompt) {
  const size_t most = size_t(session.model().info().maxStepTokens);
  while (prompt.size() > most) {
    Rows rows{sequence, prompt.first(most), LogitRows::None};
    if (Result<StepOutput> out = session.step({&rows, 1}); !out)
      return out.status();
    prompt = prompt.subspan(most);
  }
  Rows rows{sequence, prompt, LogitRows::Last};
  return session.step({&rows, 1});
}

Status checkOptions(const Session &session, int sequence,
                    std::span<const int32_t> prompt,
                    const GenerateOptions &options) {
  if (prompt.empty())
    return invalidInput("prompt expects at least 1 token, got 0");
  if (options.maxTokens < 1)
    return invalidInput("generation expects at least 1 new token, got " +
                        std::to_string(options.maxTokens));
  // Before the first chunk rather than in the middle.
  int64_t most = session.model().info().maxContext - session.length(sequence);
  if (int64_t(prompt.size()) > most)
    return outOfMemory("prompt expects at most " + std::to_string(most) +
                       " tokens, got " + std::to_string(prompt.size()));
  return {};
}

/// Why the answer ends with the token just drawn, if it does.
std::optional<FinishReason> findEnd(const Session &session, int sequence,
                                    const GenerateOptions &options,
                                    const Answer &answer, size_t drawn) {
  if (answer.stopped())
    return FinishReason::StopString;
  if (int64_t(drawn) >= options.maxTokens)
    return FinishReason::MaxTokens;
  if (session.length(sequence) >= session.model().info().maxContext)
    return FinishReason::MaxContext;
  return std::nullopt;
}

/// Draws tokens, beginning with the one that `out` scores.
Status decode(Session &session, int sequence, const GenerateOptions &options,
              const Stopwatch &watch, StepOutput out, Answer &answer,
              GenerateResult &result) {
  for (;;) {
    Result<int32_t> id =
        sample(out.logits, options.sampling, options.drawSequence,
               uint64_t(session.length(sequence)));
    if (!id)
      return id.status();
    if (result.timings.newTokens++ == 0)
      result.timings.firstTokenSeconds = watch.seconds();
    result.reason = FinishReason::StopId;
    if (std::find(options.stopIds.begin(), options.stopIds.end(), *id) !=
        options.stopIds.end())
      return {};
    result.ids.push_back(*id);
    if (Status status = answer.push(*id); !status.ok())
      return status;
    if (std::optional<FinishReason> reason =
            findEnd(session, sequence, options, answer, result.ids.size())) {
      result.reason = *reason;
      return {};
    }
    Rows rows{sequence, {&*id, 1}, LogitRows::Last};
    Result<StepOutput> next = session.step({&rows, 1});
    if (!next)
      return next.status();
    out = *next;
  }
}

} // namespace

std::string_view name(FinishReason reason) {
  switch (reason) {
  case FinishReason::StopId:
    return "stop";
  case FinishReason::StopString:
    return "stop_string";
  case FinishReason::MaxTokens:
    return "length";
  case FinishReason::MaxContext:
    return "context";
  }
  return "";
}

double GenerateTimings::prefillTokensPerSecond() const {
  return rate(promptTokens, prefillSeconds);
}

double GenerateTimings::decodeTokensPerSecond() const {
  return rate(newTokens - 1, decodeSeconds);
}

Result<GenerateResult> generate(Session &session, int sequence,
                                std::span<const int32_t> prompt,
                                const GenerateOptions &options,
                                const TextObserver &onText) {
  if (Status status = checkOptions(session, sequence, prompt, options);
      !status.ok())
    return status;
  GenerateResult result;
  Stopwatch watch;
  Result<StepOutput> out = prefill(session, sequence, prompt);
  if (!out)
    return out.status();
  result.timings.promptTokens = int64_t(prompt.size());
  result.timings.prefillSeconds = watch.seconds();

  Answer answer(session.model().tokenizer(), options.stopStrings, onText);
  if (Status status =
          decode(session, sequence, options, watch, *out, answer, result);
      !status.ok())
    return status;
  result.timings.decodeSeconds =
      watch.seconds() - result.timings.firstTokenSeconds;
  result.text = answer.finish();
  return result;
}

} // namespace ingot
