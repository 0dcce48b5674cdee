//===- Generator.h - continues texts ----------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   GenerateOptions options;
//   options.maxTokens = 100;
//   options.stopIds = model.generationDefaults().stopIds;
//   auto result = generate(session, sequence, promptIds, options,
//                          [](std::string_view text) { std::cout << text; });
//
// Several prompts run together: each round is a step with the newest token of
// every answer in progress and one with chunks of prompts. A prompt that waits
// takes the place of the first answer that is done.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_GENERATOR_H
#define INGOT_EXEC_GENERATOR_H

#include "ingot/Runtime.h"
#include "runtime/exec/Sampler.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ingot {

struct GenerateOptions {
  /// Most tokens to draw; at least 1.
  int64_t maxTokens = 128;
  SamplingOptions sampling;
  /// Names the draw beside its position (see Sampler.h); the session's own ids
  /// would make it depend on what else runs.
  uint64_t drawSequence = 0;
  /// Ids and texts that end the answer and are not part of it.
  std::vector<int32_t> stopIds;
  std::vector<std::string> stopStrings;
};

/// Why a generation ended.
enum class FinishReason {
  StopId,
  StopString,
  /// maxTokens were drawn.
  MaxTokens,
  /// The sequence is as long as the plan allows.
  MaxContext
};

/// "stop", "stop_string", "length" or "context".
std::string_view name(FinishReason reason);

struct GenerateTimings {
  int64_t promptTokens = 0, newTokens = 0;
  /// Of all prompt chunks, and of all steps after them; in seconds.
  double prefillSeconds = 0, decodeSeconds = 0;
  /// From the call to the first token.
  double firstTokenSeconds = 0;

  double prefillTokensPerSecond() const;
  /// Of the tokens after the first.
  double decodeTokensPerSecond() const;
};

struct GenerateResult {
  /// Tokens drawn, without the stop id.
  std::vector<int32_t> ids;
  /// Their text, special tokens and stop string left out.
  std::string text;
  FinishReason reason = FinishReason::MaxTokens;
  GenerateTimings timings;
};

/// Receives text as soon as it is certain to be part of the answer.
using TextObserver = std::function<void(std::string_view text)>;

/// Appends `prompt` (at least one token) to what `sequence` holds, in chunks of
/// at most maxStepTokens, then draws tokens until something ends it. The last
/// token drawn is not in the sequence yet: Session::length says how far it got.
/// A session that fails leaves what it did so far in the sequence. `onText` may
/// be null. InvalidInput for an empty prompt or wrong options; the errors of
/// Session::prefill, Session::decode and `sample`.
Result<GenerateResult> generate(Session &session, int sequence,
                                std::span<const int32_t> prompt,
                                const GenerateOptions &options,
                                const TextObserver &onText);

/// Receives the answer to a prompt once it and all before it are done.
using AnswerObserver =
    std::function<void(size_t prompt, const GenerateResult &answer)>;

/// Continues all prompts, each in a sequence of its own that is gone at the
/// end, and returns the answers in the order of the prompts. Prompts that find
/// no free sequence wait. What prompt i gets depends on nothing but itself, i
/// and the options: the draws are those of `generate` with drawSequence + i.
/// `onAnswer` may be null. Refuses wrong prompts and options before any step;
/// else the first error ends all.
Result<std::vector<GenerateResult>>
generateBatch(Session &session, std::span<const std::vector<int32_t>> prompts,
              const GenerateOptions &options, const AnswerObserver &onAnswer);

} // namespace ingot

#endif // INGOT_EXEC_GENERATOR_H
